/** Users on whom a letter shows what can go wrong: found by SQL, each for a reason. */
import sql, { join, type Sql } from 'sql-template-tag';
import type { Queryable } from '../core/index.ts';
import { isPostalSql, recipientSql } from './recipient.ts';

export const AWKWARD = [
  'longest_name',
  'no_first_name',
  'no_name',
  'right_to_left',
  'special_characters',
  'no_email',
  'no_postal_address',
  'language',
] as const;
export type Awkward = (typeof AWKWARD)[number];

export interface AwkwardUser {
  readonly user: string;
  readonly name: string;
  readonly reasons: readonly { readonly why: Awkward; readonly detail: string | null }[];
}

const first = sql`nullif(btrim(coalesce(u.pref_first_name, u.first_name)), '')`;
const last = sql`nullif(btrim(coalesce(u.pref_last_name, u.last_name)), '')`;
const name = sql`coalesce(nullif(concat_ws(' ', ${first}, ${last}), ''), u.primary_id)`;

/** Hebrew, Arabic, Syriac, Thaana, N’Ko and their forms for presentation. */
const RIGHT_TO_LEFT = '[\\u0590-\\u08ff\\ufb1d-\\ufdff\\ufe70-\\ufefc]';
/** What HTML, Markdown or Liquid would take for their own. */
const SPECIAL = '[&<>*_`{}|#\\[\\]\\\\]';

/**
 * At most one user for each reason, and one for each preferred language; nobody for what there is not.
 * `members`: a query of `user_id`; null: everybody.
 */
export async function findAwkward(db: Queryable, members: Sql | null): Promise<AwkwardUser[]> {
  const from = members === null ? sql`users u` : sql`members m join users u on u.id = m.user_id`;
  const email = recipientSql('u', { credentials: false });
  const oldest = (why: Awkward, condition: Sql): Sql => sql`
    (select ${why}::text as why, null::text as detail, u.id from ${from} where ${condition} order by u.id limit 1)`;
  const queries = [
    sql`(select 'longest_name' as why, length(${name})::text as detail, u.id from ${from} order by length(${name}) desc, u.id limit 1)`,
    oldest('no_first_name', sql`${first} is null and ${last} is not null`),
    oldest('no_name', sql`${first} is null and ${last} is null`),
    oldest('right_to_left', sql`${name} ~ ${RIGHT_TO_LEFT}`),
    oldest('special_characters', sql`${name} ~ ${SPECIAL}`),
    oldest('no_email', sql`not ${email.hasAddress}`),
    oldest('no_postal_address', sql`not exists (select from user_addresses a where a.user_id = u.id and ${isPostalSql('a')})`),
    sql`(select 'language', lower(u.preferred_language), min(u.id) from ${from} where u.preferred_language is not null group by 2 order by 2 limit 50)`,
  ];
  const { rows } = await db.query<{ user: string; name: string; why: Awkward; detail: string | null }>(sql`
    with members as materialized (${members ?? sql`select null::bigint as user_id`}),
    found as (${join(queries, ' union all ')})
    select u.primary_id as user, ${name} as name, f.why, f.detail
    from found f join users u on u.id = f.id
    order by array_position(${[...AWKWARD]}::text[], f.why), f.detail`);
  const users = new Map<string, AwkwardUser>();
  for (const { user, name: called, why, detail } of rows) {
    const known = users.get(user);
    users.set(user, { user, name: called, reasons: [...(known?.reasons ?? []), { why, detail }] });
  }
  return [...users.values()];
}
