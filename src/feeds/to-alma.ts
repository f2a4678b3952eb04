/** A record in Alma's user JSON; shapes and order as recorded from Alma (see alma-shape.ts). */
import type { Queryable } from '../core/index.ts';
import { type CodeLabels, codeLabels, type RecordRow, type UserRecord } from '../users/index.ts';
import { ALMA_COUNTS, ALMA_LISTS, ALMA_SCALARS, type AlmaField, type AlmaList, PARAMETER_CODES } from './alma-shape.ts';

export type AlmaUser = Record<string, unknown>;

/** Tables of every code that the notation describes. */
const TABLES = [
  ...new Set([
    ...[...ALMA_SCALARS, ...ALMA_LISTS.flatMap((l) => l.fields)].flatMap(({ field }) => field.codeTable ?? []),
    ...PARAMETER_CODES.map((p) => p.codeTable),
  ]),
];

/** The English labels that `desc` carries, as Alma's own do by default. */
export function almaLabels(db: Queryable): Promise<CodeLabels> {
  return codeLabels(db, TABLES, 'en');
}

export function toAlma(record: UserRecord, labels: CodeLabels): AlmaUser {
  const { fields } = record;
  const user: AlmaUser = {};
  for (const field of ALMA_SCALARS) {
    const closed = record.closed?.includes(field.field.name) === true;
    const value = closed ? undefined : scalarValue(field, fields[field.field.name as keyof typeof fields], labels);
    if (value !== undefined) user[field.alma] = value;
    if (field.alma === 'last_name')
      user['full_name'] = [fields.first_name, fields.middle_name, fields.last_name].filter((n) => n !== null).join(' ');
    // Never given out; clients expect the member.
    if (field.alma === 'external_id') Object.assign(user, { password: '', pin_number: '' });
    if (field.alma === 'last_patron_activity_date') Object.assign(user, countsOf(record), { contact_info: listsOf(record, labels, true) });
    if (field.alma === 'is_researcher' && value !== undefined) user['researcher'] = null;
  }
  return { ...user, link: null, ...listsOf(record, labels, false), proxy_for_user: record.proxyFor };
}

function countsOf({ fields }: UserRecord): AlmaUser {
  return Object.fromEntries(ALMA_COUNTS.map((name) => [name, fields[name] === null ? null : { value: Number(fields[name]), link: null }]));
}

function listsOf(record: UserRecord, labels: CodeLabels, contact: boolean): AlmaUser {
  // A closed list is missing, not empty: who sends the record back does not take anything away.
  const lists = ALMA_LISTS.filter((list) => list.contact === contact && record.closed?.includes(list.table.table) !== true);
  return Object.fromEntries(lists.map((list) => [list.alma, record.rows[list.table.table].map((row) => rowOf(list, row, labels))]));
}

function scalarValue(field: AlmaField, value: unknown, labels: CodeLabels): unknown {
  if (field.field.name === 'force_password_change') return value === true ? 'TRUE' : '';
  return valueOf(field, value, labels);
}

function rowOf(list: AlmaList, row: RecordRow, labels: CodeLabels): AlmaUser {
  const json: AlmaUser = {};
  for (const field of list.fields) {
    const value = valueOf(field, row[field.field.name], labels);
    if (value !== undefined) json[field.alma] = value;
  }
  if (typeof row['segment'] === 'string') json['segment_type'] = row['segment'];
  return json;
}

function valueOf(field: AlmaField, value: unknown, labels: CodeLabels): unknown {
  const table = field.field.codeTable ?? '';
  if (field.kind === 'codes') return (Array.isArray(value) ? value : []).map((code) => coded(table, String(code), labels));
  if (field.kind === 'parameters') return (Array.isArray(value) ? value : []).map((parameter) => parameterOf(parameter, labels));
  if (value === null || value === undefined) return emptyOf(field);
  if (field.kind === 'coded') return coded(table, String(value), labels);
  if (field.field.type === 'date') return `${String(value)}Z`;
  if (field.field.type === 'instant') return new Date(String(value)).toISOString();
  return value;
}

function emptyOf(field: AlmaField): unknown {
  if (field.empty === 'absent') return undefined;
  const empty = field.empty === 'text' ? '' : null;
  return field.kind === 'coded' ? { value: empty, desc: empty } : empty;
}

function coded(table: string, code: string, labels: CodeLabels): AlmaUser {
  return { value: code, desc: labels.label(table, code) };
}

function parameterOf(parameter: unknown, labels: CodeLabels): AlmaUser {
  const given: Readonly<Record<string, unknown>> = typeof parameter === 'object' && parameter !== null ? { ...parameter } : {};
  return Object.fromEntries(
    PARAMETER_CODES.flatMap(({ name, codeTable, described }) => {
      const code = given[name];
      return typeof code === 'string' ? [[name, described ? coded(codeTable, code, labels) : { value: code, desc: null }]] : [];
    }),
  );
}
