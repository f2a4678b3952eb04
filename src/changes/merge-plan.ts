/**
 * Second part of the merge: what differs. Reads users and child rows, writes the session's tables
 * `merge_fields` (scalars of users who exist), `merge_<child table>` (rows to add, edit, remove),
 * `merge_codes` (codes to learn) and `merge_touched` (users who will be written), and nothing else:
 * a dry run stops here and has the same counts as the real one.
 */
import type { PoolClient } from 'pg';
import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import {
  CHILD_TABLES,
  type ChildTable,
  type ChildTableName,
  PROTECTED_SCALARS,
  SCALARS,
  type ScalarField,
  SQL_TYPES,
} from '../users/index.ts';
import type { FeedMerge } from './merge-match.ts';
import { listBit, scalarBit } from './merge-staging.ts';

/**
 * Part of a child table that a record speaks for: rows whose columns have these values (a `types`
 * column: exactly these). A file with a column of barcodes says nothing about other identifiers.
 */
export interface Slot {
  readonly table: ChildTableName;
  readonly where: Readonly<Record<string, string | readonly string[]>>;
}

export interface PlanOptions {
  readonly dryRun: boolean;
  readonly today: string;
  /** Absent: a list that a record carries stands for all rows of its segments. */
  readonly slots?: readonly Slot[];
  readonly feed?: FeedMerge;
}

/** Written only by Muster itself, on every change of a user. */
const OWN = new Set(['created_at', 'created_by', 'modified_at', 'modified_by']);
/** Not in the file, but following from it. */
const DERIVED = new Set(['status_date', 'circulation_on', 'credential_state']);

export interface NextValue {
  readonly name: string;
  /** Over `merge_records r` and `staged_users s`; for users who exist also over `users u`. */
  readonly next: Sql;
}

const has = (name: string): Sql => raw(`r.mask & ${scalarBit(name)}::bigint <> 0`);
const NEW_CREDENTIAL = `r.password_hash is not null and r.account = 'INTERNAL'`;
/** A local password ends when its user leaves the internal type, as the change of account type has it. */
const LEAVES_INTERNAL = `r.account <> 'INTERNAL' and r.old_account = 'INTERNAL'`;

/** The fields that stay held: all but those of which the feed now says what the library has. */
const STILL_HELD: Sql = sql`case when u.held_fields = '{}' then u.held_fields else array(
  select h.name from unnest(u.held_fields) with ordinality as h (name, place)
  where not case h.name ${join(
    PROTECTED_SCALARS.map(
      (f) =>
        sql`when ${f.name}::text then r.carried & ${raw(String(scalarBit(f.name)))}::bigint <> 0 and ${raw(`s.${f.name}`)} is not distinct from ${raw(`u.${f.name}`)}`,
    ),
    ' ',
  )} else false end order by h.place) end`;

/** New values of users who exist, for the fields that any record of the file carries. */
export function nextOfExisting(mask: number, options: PlanOptions): readonly NextValue[] {
  const carried = (name: string): boolean => Math.floor(mask / scalarBit(name)) % 2 === 1;
  const values: NextValue[] = [];
  for (const field of SCALARS as readonly ScalarField[]) {
    if (OWN.has(field.name) || DERIVED.has(field.name) || !carried(field.name)) continue;
    // The same id in other letters is no new id.
    const condition = field.name === 'primary_id' ? raw('r.renames') : has(field.name);
    values.push({ name: field.name, next: sql`case when ${condition} then ${raw(`s.${field.name}`)} else ${raw(`u.${field.name}`)} end` });
  }
  if (carried('status')) {
    const given = carried('status_date') ? sql`case when ${has('status_date')} then s.status_date end` : sql`null::date`;
    values.push({
      name: 'status_date',
      next: sql`case when ${has('status')} and s.status is distinct from u.status then coalesce(${given}, ${options.today}::date) else u.status_date end`,
    });
  }
  const counts = ['loans', 'requests', 'fees'].filter(carried);
  if (counts.length > 0) {
    const moved = join(
      counts.map((name) => sql`(${has(name)} and ${raw(`s.${name} is distinct from u.${name}`)})`),
      ' or ',
    );
    values.push({ name: 'circulation_on', next: sql`case when ${moved} then ${options.today}::date else u.circulation_on end` });
  }
  // A feed brings no credentials; whom it names is not absent, and what it says of a held field may let the field go.
  if (options.feed !== undefined)
    return [...values, { name: 'absent_since', next: sql`null::date` }, { name: 'held_fields', next: STILL_HELD }];
  values.push(
    {
      name: 'credential_state',
      next: raw(`case when ${NEW_CREDENTIAL} then 'password' when ${LEAVES_INTERNAL} then 'none' else u.credential_state end`),
    },
    { name: 'credential_id', next: raw('coalesce(r.new_credential, u.credential_id)') },
    { name: 'pin_id', next: raw('coalesce(r.new_pin, u.pin_id)') },
  );
  return values;
}

/** Values of users whom the merge creates: what any record carries, and what nobody is without. */
export function nextOfNew(mask: number, options: PlanOptions): readonly NextValue[] {
  const special: Readonly<Record<string, Sql>> = {
    record_type: sql`coalesce(s.record_type, 'PUBLIC')`,
    account_type: sql`r.account`,
    status: sql`coalesce(s.status, 'ACTIVE')`,
    force_password_change: sql`coalesce(s.force_password_change, false)`,
    circulation_on: sql`case when coalesce(s.loans, s.requests, s.fees) is not null then ${options.today}::date end`,
    credential_state: raw(`case when ${NEW_CREDENTIAL} then 'password' else 'none' end`),
  };
  const values = (SCALARS as readonly ScalarField[])
    .filter((field) => !OWN.has(field.name) && (field.name in special || Math.floor(mask / scalarBit(field.name)) % 2 === 1))
    .map((field) => ({ name: field.name, next: special[field.name] ?? raw(`s.${field.name}`) }));
  return [...values, { name: 'credential_id', next: raw('r.new_credential') }, { name: 'pin_id', next: raw('r.new_pin') }];
}

/** All fields that live records carry, as one mask; and which child tables. */
export async function carriedMasks(tx: PoolClient): Promise<{ readonly fields: number; readonly lists: number }> {
  const { rows } = await tx.query<{ fields: number | null; lists: number | null }>(
    `select bit_or(r.mask) as fields, bit_or(r.lists) as lists from merge_records r where r.state = 'live'`,
  );
  return { fields: rows[0]?.fields ?? 0, lists: rows[0]?.lists ?? 0 };
}

/** Numbers for the new credentials, so that the journal can name them before they are there. */
export async function planCredentials(tx: PoolClient, options: PlanOptions): Promise<void> {
  const number = options.dryRun ? sql`-1` : sql`nextval(pg_get_serial_sequence('credentials', 'id'))`;
  await tx.query('alter table merge_records add column new_credential bigint, add column new_pin bigint');
  await tx.query(sql`update merge_records r set new_credential = case when ${raw(NEW_CREDENTIAL)} then ${number} end,
    new_pin = case when r.pin_hash is not null then ${number} end
    where r.state = 'live' and (r.password_hash is not null or r.pin_hash is not null)`);
}

export async function planFields(tx: PoolClient, values: readonly NextValue[]): Promise<void> {
  const differs = join(
    values.map((v) => sql`x.${raw(`n_${v.name}`)} is distinct from x.${raw(`o_${v.name}`)}`),
    ' or ',
  );
  const pairs = values.map(
    (v) => sql`${v.name}::text,
    case when x.${raw(`n_${v.name}`)} is distinct from x.${raw(`o_${v.name}`)} then jsonb_build_array(x.${raw(`o_${v.name}`)}, x.${raw(`n_${v.name}`)}) end`,
  );
  const columns = values.map((v) => sql`${v.next} as ${raw(`n_${v.name}`)}, ${raw(`u.${v.name}`)} as ${raw(`o_${v.name}`)}`);
  await tx.query(sql`create temp table merge_fields on commit drop as
    select x.no, jsonb_strip_nulls(jsonb_build_object(${join(pairs, ', ')})) as fields
    from (select r.no, ${join(columns, ', ')}
      from merge_records r
      join staged_users s on s.no = r.no
      join users u on u.id = r.user_id
      where r.state = 'live' and not r.is_new) x
    where ${differs}`);
}

/** Columns that say when and by whom a row was made: taken over with a new row, never compared. */
export const MADE: ReadonlySet<string> = new Set(['created_by', 'created_at']);

export async function planChildren(tx: PoolClient, table: ChildTable, options: PlanOptions): Promise<void> {
  const compared = table.fields.map((f) => f.name).filter((name) => !MADE.has(name));
  const columns = table.fields.map((f) => f.name);
  const segment = (alias: string) => (table.segmented ? [`${alias}.segment`] : []);
  const content = (alias: string) => raw(`row(${[...segment(alias), ...compared.map((c) => `${alias}.${c}`)].join(', ')})::text`);
  const identity = (alias: string) => raw(`row(${table.identity.map((c) => `${alias}.${c}`).join(', ')})::text`);
  const list = (alias: string) => raw(columns.map((c) => `${alias}.${c}`).join(', '));
  const bit = raw(String(listBit(table.table)));
  const staged = raw(`staged_${table.table}`);
  // Rows of the other segment are not the file's to replace.
  const explicit = table.segmented && (await segmentsGiven(tx, table));
  const carried = explicit
    ? sql`left join (select s.no, bool_or(coalesce(s.segment, r.native) = 'Internal') as internal, bool_or(coalesce(s.segment, r.native) = 'External') as external
        from ${staged} s join merge_records r on r.no = s.no group by s.no) c on c.no = l.no`
    : empty;
  const mine = !table.segmented
    ? sql`true`
    : explicit
      ? sql`(case when c.no is null then h.segment = l.native when h.segment = 'Internal' then c.internal else c.external end)`
      : sql`h.segment = l.native`;
  const number = options.dryRun ? sql`null::bigint` : sql`nextval(pg_get_serial_sequence(${table.table}::text, 'id'))`;
  // A record without roles does not take the roles away.
  const emptyKeeps = table.table === 'user_roles' ? sql` and exists (select from staged_user_roles s where s.no = r.no)` : empty;
  await tx.query(sql`create temp table ${raw(`merge_${table.table}`)} on commit drop as
    with live as (
      select r.no, r.user_id, r.native, r.slots from merge_records r
      where r.state = 'live' and not r.is_new and r.lists & ${bit} <> 0${emptyKeeps}),
    want as (
      select w.*, ${content('w')} as content
      from (select s.no, s.pos, coalesce(s.segment, l.native) as segment, ${list('s')} from ${staged} s join live l on l.no = s.no) w),
    have as (
      select l.no, h.id, ${table.segmented ? raw('h.segment, ') : empty}${list('h')}, ${content('h')} as content
      from live l
      join ${raw(table.table)} h on h.user_id = l.user_id
      ${carried}
      where ${mine} and ${slotSql(table, options.slots)}),
    -- rows that are not the file's to replace; what is among them already is not doubled
    others as (
      select l.no, ${identity('h')} as identity from live l
      join ${raw(table.table)} h on h.user_id = l.user_id
      ${carried}
      where not (${mine} and ${slotSql(table, options.slots)})),
    -- one join for both sides: what is only in the file, and what is only in the library
    differing as (
      select coalesce(w.no, h.no) as no, h.id, w.pos, w.segment, ${list('w')},
        case when w.no is null then ${identity('h')} else ${identity('w')} end as identity, w.no is not null as wanted
      from want w full join have h on h.no = w.no and h.content = w.content
      where w.no is null or h.no is null),
    paired as (
      select d.*, row_number() over (partition by d.no, d.identity, d.wanted order by d.pos, d.id) as nth from differing d),
    missing as (select p.* from paired p where p.wanted),
    extra as (select p.no, p.id, p.identity, p.nth, to_jsonb(h) as whole from paired p join ${raw(table.table)} h on h.id = p.id where not p.wanted),
    known as (
      select coalesce(m.no, e.no) as no,
        case when e.id is null then 'add' when m.no is null then 'remove' else 'edit' end as op,
        coalesce(e.id, ${number}) as id, coalesce(m.pos, 0) as pos, m.segment, ${list('m')}, e.whole
      from missing m
      full join extra e on e.no = m.no and e.identity = m.identity and e.nth = m.nth
      where e.id is not null or not exists (select from others o where o.no = m.no and o.identity = m.identity))
    select k.* from known k
    union all
    select s.no, 'add', ${number}, s.pos, coalesce(s.segment, r.native), ${list('s')}, null::jsonb
    from ${staged} s join merge_records r on r.no = s.no
    where r.state = 'live' and r.is_new`);
}

async function segmentsGiven(tx: PoolClient, table: ChildTable): Promise<boolean> {
  const { rows } = await tx.query<{ given: boolean }>(
    sql`select exists (select from ${raw(`staged_${table.table}`)} s where s.segment is not null) as given`,
  );
  return rows[0]?.given === true;
}

function slotSql(table: ChildTable, slots: readonly Slot[] | undefined): Sql {
  if (slots === undefined) return sql`true`;
  const parts = slots.flatMap((slot, i) => {
    if (slot.table !== table.table) return [];
    const tests = Object.entries(slot.where).map(([column, value]) => {
      const field = table.fields.find((f) => f.name === column);
      if (field === undefined) throw new Error(`${table.table} has no column ${column}.`);
      return sql` and ${raw(`h.${column}`)} = ${value}::${raw(SQL_TYPES[field.type])}`;
    });
    return [
      sql`(l.slots & ${raw(String(2 ** i))} <> 0${join(
        ['', ...tests].map((t) => (t === '' ? empty : t)),
        '',
      )})`,
    ];
  });
  return parts.length === 0 ? sql`true` : sql`(${join(parts, ' or ')})`;
}

/** Whom the merge writes. New users get their numbers here. */
export async function planTouched(tx: PoolClient, tables: readonly ChildTable[], options: PlanOptions): Promise<void> {
  const number = options.dryRun ? sql`null::bigint` : sql`nextval(pg_get_serial_sequence('users', 'id'))`;
  const changed = tables.map((t) => sql` union select p.no from ${raw(`merge_${t.table}`)} p`);
  await tx.query(sql`create temp table merge_touched on commit drop as
    select r.no, case when r.is_new then ${number} else r.user_id end as user_id, r.is_new
    from merge_records r
    where r.state = 'live' and (r.is_new or r.no in (select f.no from merge_fields f${join([empty, ...changed], '')}))
    order by r.no`);
  await tx.query('create unique index on merge_touched (no)');
  await tx.query('analyze merge_touched');
}

/** Tables of the codes in a role's parameters. */
const PARAMETER_TABLES = ['RoleParameterTypes', 'Scopes', 'RoleParameterValues'] as const;

/** Codes of open tables that live records use and the library does not have; only `candidates` can have such. */
export async function planCodes(
  tx: PoolClient,
  candidates: ReadonlySet<string>,
  mask: number,
  tables: readonly ChildTable[],
): Promise<void> {
  const scalars = (SCALARS as readonly ScalarField[]).filter(
    (f) => f.codeTable !== undefined && candidates.has(f.codeTable) && Math.floor(mask / scalarBit(f.name)) % 2 === 1,
  );
  const sources: Sql[] = [sql`select null::text as table_name, null::text as code where false`];
  if (scalars.length > 0) {
    const pairs = scalars.map((f) => sql`(${f.codeTable ?? ''}::text, ${raw(`s.${f.name}`)})`);
    sources.push(sql`select distinct v.table_name, v.code from staged_users s join merge_records r on r.no = s.no and r.state = 'live'
      cross join lateral (values ${join(pairs, ', ')}) v (table_name, code)`);
  }
  for (const table of tables) {
    const staged = raw(`staged_${table.table}`);
    for (const field of table.fields) {
      if (field.codeTable !== undefined && candidates.has(field.codeTable)) {
        const code = field.type === 'codes' ? raw(`unnest(s.${field.name})`) : raw(`s.${field.name}`);
        sources.push(
          sql`select distinct ${field.codeTable}::text, ${code} from ${staged} s join merge_records r on r.no = s.no and r.state = 'live'`,
        );
      }
      if (field.type === 'json' && PARAMETER_TABLES.some((name) => candidates.has(name))) {
        sources.push(sql`select distinct v.table_name, v.code from ${staged} s join merge_records r on r.no = s.no and r.state = 'live'
          cross join lateral jsonb_to_recordset(${raw(`s.${field.name}`)}) as p (type text, scope text, value text)
          cross join lateral (values (${PARAMETER_TABLES[0]}::text, p.type), (${PARAMETER_TABLES[1]}::text, p.scope), (${PARAMETER_TABLES[2]}::text, p.value)) v (table_name, code)`);
      }
    }
  }
  await tx.query(sql`create temp table merge_codes on commit drop as
    select d.table_name, d.code, coalesce(l.label, d.code) as label
    from (select x.table_name, x.code from (${join(sources, ' union ')}) x
      join code_tables t on t.name = x.table_name and not t.closed
      where x.code is not null and not exists (select from codes c where c.table_name = x.table_name and c.code = x.code)) d
    left join staged_labels l on l.table_name = d.table_name and l.code = d.code`);
}

export function tablesOf(lists: number): readonly ChildTable[] {
  return CHILD_TABLES.filter((t) => Math.floor(lists / listBit(t.table)) % 2 === 1);
}
