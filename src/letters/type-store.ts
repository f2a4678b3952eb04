/** Writing notification types, and the codes by which users opt out of them (code table LibraryNotices). */
import sql, { join, raw, type Sql } from 'sql-template-tag';
import { AppError, type Queryable } from '../core/index.ts';

/** Fields that staff set; those that are missing stay as they are, or get the table's default. */
export interface TypeFields {
  readonly label_en?: string | undefined;
  readonly label_de?: string | undefined;
  readonly description_en?: string | null | undefined;
  readonly description_de?: string | null | undefined;
  readonly active?: boolean | undefined;
  readonly essential?: boolean | undefined;
  readonly one_per_address?: boolean | undefined;
  readonly not_again_days?: number | null | undefined;
  readonly once_per?: string | null | undefined;
  readonly keep_days?: number | null | undefined;
  readonly sender_name?: string | null | undefined;
  readonly sender_email?: string | null | undefined;
  readonly reply_to?: string | null | undefined;
}

/** Column names are these and no others, whatever an object holds. */
const COLUMNS = [
  'label_en',
  'label_de',
  'description_en',
  'description_de',
  'active',
  'essential',
  'one_per_address',
  'not_again_days',
  'once_per',
  'keep_days',
  'sender_name',
  'sender_email',
  'reply_to',
] as const satisfies readonly (keyof TypeFields)[];

export type TypeUse = 'built_in' | 'default' | 'messages' | 'runs' | 'templates' | 'schedules' | 'preferences';

/** Types are few and seldom written: who writes one waits for the other, so that there is one order and one default. */
async function lockTypes(tx: Queryable): Promise<void> {
  await tx.query(sql`lock table notification_types in share row exclusive mode`);
}

export async function createTypeRow(tx: Queryable, code: string, fields: TypeFields, author: string): Promise<void> {
  await lockTypes(tx);
  const given = COLUMNS.filter((name) => fields[name] !== undefined);
  const { rowCount } = await tx.query(sql`
    insert into notification_types (code, position, modified_by, ${raw(given.join(', '))})
    select ${code}::text, coalesce(max(t.position), 0) + 1, ${author}, ${join(
      given.map((name) => typed(name, fields[name])),
      ', ',
    )}
    from notification_types t
    having not bool_or(t.code = ${code}::text)`);
  if (rowCount !== 1) throw new AppError('letters.type_exists', { type: code });
  await followCode(tx, code);
}

export async function changeType(tx: Queryable, code: string, fields: TypeFields, author: string): Promise<void> {
  await lockTypes(tx);
  const { rows } = await tx.query<{ credentials: boolean; is_default: boolean }>(sql`
    select t.credentials, t.is_default from notification_types t where t.code = ${code}::text`);
  const type = rows[0];
  if (type === undefined) return;
  if (type.credentials && (fields.active === false || fields.essential === false || fields.one_per_address === true)) {
    throw new AppError('letters.type_built_in', { type: code });
  }
  if (type.is_default && fields.active === false) throw new AppError('letters.type_is_default', { type: code });
  const given = COLUMNS.filter((name) => fields[name] !== undefined);
  if (given.length === 0) return;
  await tx.query(sql`
    update notification_types t
    set ${join(
      given.map((name) => sql`${raw(name)} = ${typed(name, fields[name])}`),
      ', ',
    )}, modified_at = now(), modified_by = ${author}
    where t.code = ${code}::text`);
  await followCode(tx, code);
}

/** What keeps a type from being deleted: what was sent, what will be, and what users have said about it. */
export async function usesOfType(db: Queryable, code: string): Promise<TypeUse[]> {
  const plan = (table: string): Sql => sql`exists (select from ${raw(table)} p where p.plan #>> '{notify,type}' = ${code}::text)`;
  const { rows } = await db.query<Record<TypeUse, boolean>>(sql`
    select t.credentials as built_in, t.is_default as default,
      exists (select from outbox o where o.letter = t.code) as messages,
      ${plan('runs')} as runs, ${plan('templates')} as templates, ${plan('schedules')} as schedules,
      exists (select from user_letter_preferences w where w.code = t.code) as preferences
    from notification_types t where t.code = ${code}::text`);
  // The names of the columns are those of the uses.
  return Object.entries(rows[0] ?? {}).flatMap(([use, is]) => (is ? [use as TypeUse] : []));
}

export async function deleteTypeRow(tx: Queryable, code: string): Promise<void> {
  await lockTypes(tx);
  const uses = await usesOfType(tx, code);
  if (uses.includes('built_in')) throw new AppError('letters.type_built_in', { type: code });
  if (uses.includes('default')) throw new AppError('letters.type_is_default', { type: code });
  if (uses.length > 0) throw new AppError('letters.type_in_use', { type: code });
  await tx.query(sql`
    delete from letter_publications p using letter_versions v where v.id = p.version and v.kind = 'letter' and v.code = ${code}::text`);
  await tx.query(sql`delete from letter_heads h where h.kind = 'letter' and h.code = ${code}::text`);
  await tx.query(sql`delete from letter_versions v where v.kind = 'letter' and v.code = ${code}::text`);
  await tx.query(sql`delete from notification_types t where t.code = ${code}::text`);
  await tx.query(sql`delete from codes c where c.table_name = 'LibraryNotices' and c.code = ${code}::text`);
}

/** The named ones first, in this order; answers with the order of all. */
export async function reorderTypes(tx: Queryable, codes: readonly string[], author: string): Promise<string[]> {
  await lockTypes(tx);
  const { rows } = await tx.query<{ code: string }>(sql`
    with wanted as (
      select t.code, row_number() over (order by array_position(${codes}::text[], t.code) nulls last, t.position, t.code) as place
      from notification_types t
    ), moved as (
      update notification_types t set position = w.place, modified_at = now(), modified_by = ${author}
      from wanted w where w.code = t.code and t.position <> w.place
    )
    select w.code from wanted w order by w.place`);
  await tx.query(sql`
    update codes c set position = t.position from notification_types t where c.table_name = 'LibraryNotices' and c.code = t.code`);
  return rows.map((row) => row.code);
}

export async function setDefaultType(tx: Queryable, code: string, author: string): Promise<void> {
  await lockTypes(tx);
  const { rows } = await tx.query<{ credentials: boolean; active: boolean }>(sql`
    select t.credentials, t.active from notification_types t where t.code = ${code}::text`);
  if (rows[0]?.credentials === true) throw new AppError('letters.type_built_in', { type: code });
  if (rows[0]?.active === false) throw new AppError('letters.type_inactive', { type: code });
  await tx.query(sql`
    update notification_types t set is_default = t.code = ${code}::text, modified_at = now(), modified_by = ${author}
    where t.is_default <> (t.code = ${code}::text)`);
}

/** A letter preference has the code of a type that one can opt out of. One that ended stays for those who have it, retired. */
async function followCode(tx: Queryable, code: string): Promise<void> {
  await tx.query(sql`
    insert into codes (table_name, code, label_en, label_de, position, enabled)
    select 'LibraryNotices', t.code, t.label_en, t.label_de, t.position, t.active
    from notification_types t
    where t.code = ${code}::text and not t.essential and not t.credentials
    on conflict (table_name, code) do update
    set label_en = excluded.label_en, label_de = excluded.label_de, position = excluded.position, enabled = excluded.enabled`);
  await tx.query(sql`
    update codes c set enabled = false
    from notification_types t
    where c.table_name = 'LibraryNotices' and c.code = t.code and t.code = ${code}::text and (t.essential or t.credentials)`);
}

function typed(name: keyof TypeFields, value: unknown): Sql {
  if (name === 'not_again_days' || name === 'keep_days') return sql`${value}::integer`;
  if (name === 'active' || name === 'essential' || name === 'one_per_address') return sql`${value}::boolean`;
  return sql`${value}::text`;
}
