/** Of the fields that a letter shows: which are empty for how many of the users it is for. */
import sql, { empty, join, type Sql } from 'sql-template-tag';
import { isRecord } from '../users/index.ts';
import type { Queryable } from '../core/index.ts';
import { readLetterSettings } from './settings.ts';

const blank = (value: Sql): Sql => sql`coalesce(btrim(${value}), '') = ''`;
const none = (rows: Sql): Sql => sql`not exists (select ${rows})`;

/** Field → whether it is empty for the user of row `u`; as `letterData` and `withDetails` fill it. `a` is the user's address. */
const EMPTY: Readonly<Record<string, Sql>> = {
  'user.first_name': blank(sql`coalesce(u.pref_first_name, u.first_name)`),
  'user.last_name': blank(sql`coalesce(u.pref_last_name, u.last_name)`),
  'user.title': blank(sql`u.user_title`),
  'user.expiry_date': sql`u.expiry_date is null`,
  'user.purge_date': sql`u.purge_date is null`,
  'user.group': blank(sql`u.user_group`),
  'user.status': blank(sql`u.status`),
  'user.campus': blank(sql`u.campus_code`),
  'user.language': blank(sql`u.preferred_language`),
  'user.barcode': none(sql`from user_identifiers i where i.user_id = u.id and i.type = 'BARCODE' and i.status = 'ACTIVE'`),
  'user.identifiers': none(sql`from user_identifiers i where i.user_id = u.id and i.status = 'ACTIVE'`),
  'contact.email': none(sql`from user_emails e where e.user_id = u.id`),
  'contact.phone': none(sql`from user_phones p where p.user_id = u.id`),
  'contact.address_lines': blank(sql`concat(a.line1, a.line2, a.line3, a.line4, a.line5)`),
  'contact.postal_code': blank(sql`a.postal_code`),
  'contact.city': blank(sql`a.city`),
  'contact.country': blank(sql`a.country`),
  'circulation.loans': sql`u.loans is null`,
  'circulation.requests': sql`u.requests is null`,
  'circulation.fees': sql`u.fees is null`,
  'circulation.as_of': sql`u.circulation_on is null`,
  'circulation.loan_list': none(sql`from circulation c where c.user_id = u.id and c.kind = 'loan'`),
};

export interface EmptyFields {
  readonly members: number;
  /** Fields that are empty for somebody. */
  readonly fields: readonly { readonly field: string; readonly users: number }[];
}

/** One pass over the members, whatever the number of fields. `members`: a query of `user_id`; null: everybody. */
export async function countEmptyFields(db: Queryable, fields: readonly string[], members: Sql | null): Promise<EmptyFields> {
  // `user.identifiers.size` asks for the list.
  const named = [...new Set(fields.map((field) => field.replace(/\.(?:size|first|last)$/, '')))];
  const counted = named.filter((field) => Object.hasOwn(EMPTY, field));
  const address = counted.some((field) => field.startsWith('contact.'))
    ? sql`left join lateral (
        select a.* from user_addresses a where a.user_id = u.id order by coalesce(a.preferred, false) desc, a.id limit 1) a on true`
    : empty;
  const from = members === null ? sql`(select * from users u where ${isRecord()}) u` : sql`(${members}) m join users u on u.id = m.user_id`;
  const { rows } = await db.query<{ members: number; counts: number[] }>(sql`
    select count(*) as members, array[${join([...counted.map((field) => sql`count(*) filter (where ${EMPTY[field] ?? sql`false`})`), sql`0`], ', ')}]::bigint[] as counts
    from ${from} ${address}`);
  const total = rows[0]?.members ?? 0;
  const counts = counted.map((field, at) => ({ field, users: rows[0]?.counts[at] ?? 0 }));
  const unset = await emptyOfLibrary(db, named);
  return { members: total, fields: [...counts, ...unset.map((field) => ({ field, users: total }))].filter(({ users }) => users > 0) };
}

/** Settings that nobody has set are empty for everybody. */
async function emptyOfLibrary(db: Queryable, fields: readonly string[]): Promise<string[]> {
  const settings = await readLetterSettings(db);
  const values: Readonly<Record<string, string | null>> = { 'library.email': settings.libraryEmail, 'library.web': settings.libraryWeb };
  return fields.filter((field) => Object.hasOwn(values, field) && values[field] === null);
}
