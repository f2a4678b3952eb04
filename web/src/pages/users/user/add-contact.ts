/**
 * New e-mails, phones, addresses and identifiers of one user. Changes know none of them, since one value
 * cannot be that of many users; so the whole record goes back with one more row, and only if it is still the same.
 */
import { api, AppProblem, tagged } from '../../../api/index.ts';
import type { UserRecord } from './record.ts';

type Values = Readonly<Record<string, unknown>>;
type Row = Record<string, unknown>;

const coded = (value: unknown): { value: unknown } => ({ value });
const codes = (value: unknown): unknown[] => (Array.isArray(value) ? value.map(coded) : []);

/** Where the rows stand in Alma's notation, and how a row is written there. */
const LISTS: Readonly<Record<string, { readonly list: string; readonly contact: boolean; readonly row: (values: Values) => Row }>> = {
  email: {
    list: 'email',
    contact: true,
    row: (v) => ({ email_address: v['address'], description: v['description'], email_type: codes(v['types']) }),
  },
  phone: {
    list: 'phone',
    contact: true,
    row: (v) => ({ phone_number: v['number'], phone_type: codes(v['types']), preferred_sms: v['preferred_sms'] ?? false }),
  },
  address: {
    list: 'address',
    contact: true,
    row: ({ country, note, types, preferred: _preferred, ...rest }) => ({
      ...rest,
      ...(country === undefined ? {} : { country: coded(country) }),
      ...(note === undefined ? {} : { address_note: note }),
      address_type: codes(types),
    }),
  },
  identifier: {
    list: 'user_identifier',
    contact: false,
    row: (v) => ({ id_type: coded(v['type']), value: v['value'], note: v['note'], status: v['status'] ?? 'ACTIVE' }),
  },
};

export function isAddedByRecord(kind: string): boolean {
  return Object.hasOwn(LISTS, kind);
}

/** Throws `users.changed` when somebody has written meanwhile. */
export async function addToRecord(shown: UserRecord, tag: string, kind: string, values: Values): Promise<void> {
  const at = LISTS[kind];
  if (at === undefined) throw new RangeError(kind);
  const { data, tag: present } = await tagged('users.show', `/api/users/${encodeURIComponent(shown.primary_id)}`);
  if (present !== tag) throw new AppProblem({ code: 'users.changed', status: 412 });
  const contact = (data['contact_info'] ?? {}) as Row; // an object in Alma's notation
  const home: Row = at.contact ? contact : data;
  const rows = (Array.isArray(home[at.list]) ? home[at.list] : []) as Row[]; // rows of that list
  const row: Row = { ...at.row(values), segment_type: 'Internal' };
  const preferred = at.contact && (values['preferred'] === true || rows.length === 0);
  const list = [
    ...rows.map((each) => (preferred && 'preferred' in each ? { ...each, preferred: false } : each)),
    at.contact ? { ...row, preferred } : row,
  ];
  const record = at.contact ? { ...data, contact_info: { ...contact, [at.list]: list } } : { ...data, [at.list]: list };
  await api('user.replace', { user: shown.primary_id, record, match: tag });
}
