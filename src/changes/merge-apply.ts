/**
 * Third part of the merge: writes what was planned, in stretches of records, all in the one
 * transaction of the import. Rows that go are removed before rows that come, so that a value can
 * move from one row of a user to another.
 */
import type { PoolClient } from 'pg';
import sql, { join, raw, type Sql } from 'sql-template-tag';
import type { ChildTable } from '../users/index.ts';
import { giveRuleRoles, type RuleRoles } from './apply-role-rules.ts';
import { MADE, type NextValue } from './merge-plan.ts';
import type { SettledRule } from './role-profiles.ts';

/** Records per statement: bounds the lists that the triggers on identifiers build. */
const STRETCH = 20_000;

export interface ApplyOptions {
  readonly runId: number;
  readonly actor: string;
  readonly existing: readonly NextValue[];
  readonly created: readonly NextValue[];
  readonly tables: readonly ChildTable[];
  readonly records: number;
  /** Rules that give new users roles, where the file has none for them; empty: none do. */
  readonly rules: readonly SettledRule[];
  readonly today: string;
  /** Whether the role is not the actor's to give. */
  readonly notGranted: (type: Sql) => Sql;
  readonly onProgress?: (done: number) => void;
}

interface Range {
  readonly first: number;
  readonly last: number;
}

export async function learnCodes(tx: PoolClient): Promise<void> {
  await tx.query(`insert into codes (table_name, code, label_en, label_de, position)
    select m.table_name, m.code, m.label, m.label, 1000 from merge_codes m
    order by m.table_name, m.code on conflict (table_name, code) do nothing`);
}

/** Answers what the role assignment rules gave. */
export async function applyMerge(tx: PoolClient, options: ApplyOptions): Promise<RuleRoles> {
  const ruled = { given: 0, leftOut: 0 };
  if (options.records > STRETCH) {
    for (const table of options.tables) {
      await tx.query(`create index on merge_${table.table} (no)`);
      await tx.query(`analyze merge_${table.table}`);
    }
    await tx.query('create index on staged_users (no)');
    await tx.query('create index on merge_fields (no)');
  }
  await tx.query('select ensure_journal_partitions(current_date)');
  for (let first = 1; first <= options.records; first += STRETCH) {
    const range = { first, last: Math.min(first + STRETCH - 1, options.records) };
    await createUsers(tx, options, range);
    await updateUsers(tx, options, range);
    await addCredentials(tx, range);
    for (const table of options.tables) await removeAndEdit(tx, table, range);
    const roles = options.tables.filter((table) => table.table === 'user_roles');
    // Rules may ask for any other row of the user.
    for (const table of options.tables) if (!roles.includes(table)) await add(tx, table, options, range);
    if (options.rules.length > 0) {
      const more = await giveRuleRoles(tx, options.rules, {
        today: options.today,
        range: within('t', range),
        notGranted: options.notGranted,
      });
      ruled.given += more.given;
      ruled.leftOut += more.leftOut;
    }
    for (const table of roles) await add(tx, table, options, range);
    await journal(tx, options, range);
    await tx.query(sql`select refresh_user_search(array(${touched(range)}))`);
    options.onProgress?.(range.last);
  }
  return ruled;
}

function touched(range: Range): Sql {
  return sql`select t.user_id from merge_touched t where ${within('t', range)}`;
}

function within(alias: string, range: Range): Sql {
  return sql`${raw(`${alias}.no`)} between ${range.first}::integer and ${range.last}::integer`;
}

async function createUsers(tx: PoolClient, options: ApplyOptions, range: Range): Promise<void> {
  await tx.query(sql`insert into users (id, ${raw(options.created.map((v) => v.name).join(', '))}, created_by, modified_by)
    select t.user_id, ${join(
      options.created.map((v) => v.next),
      ', ',
    )}, ${options.actor}::text, ${options.actor}::text
    from merge_touched t
    join merge_records r on r.no = t.no
    join staged_users s on s.no = t.no
    where t.is_new and ${within('t', range)}
    order by t.no`);
}

async function updateUsers(tx: PoolClient, options: ApplyOptions, range: Range): Promise<void> {
  await tx.query(sql`update users u set
      ${join(
        options.existing.map((v) => sql`${raw(v.name)} = n.${raw(v.name)}`),
        ', ',
      )},
      version = u.version + 1, modified_at = now(), modified_by = ${options.actor}::text
    from (
      select t.user_id, ${join(
        options.existing.map((v) => sql`${v.next} as ${raw(v.name)}`),
        ', ',
      )}
      from merge_touched t
      join merge_records r on r.no = t.no
      join staged_users s on s.no = t.no
      join users u on u.id = t.user_id
      where not t.is_new and ${within('t', range)}) n
    where u.id = n.user_id`);
}

async function addCredentials(tx: PoolClient, range: Range): Promise<void> {
  await tx.query(sql`insert into credentials (id, user_id, kind, hash)
    select v.id, t.user_id, v.kind, v.hash
    from merge_touched t
    join merge_records r on r.no = t.no
    cross join lateral (values (r.new_credential, 'password', r.password_hash), (r.new_pin, 'pin', r.pin_hash)) v (id, kind, hash)
    where ${within('t', range)} and v.id is not null`);
}

function columnsOf(table: ChildTable): readonly string[] {
  return [...(table.segmented ? ['segment'] : []), ...table.fields.map((f) => f.name)];
}

async function removeAndEdit(tx: PoolClient, table: ChildTable, range: Range): Promise<void> {
  const plan = raw(`merge_${table.table}`);
  await tx.query(sql`delete from ${raw(table.table)} h using ${plan} p where h.id = p.id and p.op = 'remove' and ${within('p', range)}`);
  const edited = columnsOf(table).filter((c) => !MADE.has(c));
  await tx.query(sql`update ${raw(table.table)} h set ${raw(edited.map((c) => `${c} = p.${c}`).join(', '))}
    from ${plan} p where h.id = p.id and p.op = 'edit' and ${within('p', range)}`);
}

/** Values of an added row, over its plan row `p`: what the file leaves open is filled in. */
function addedValue(column: string, actor: string): Sql {
  if (column === 'created_at') return sql`coalesce(p.created_at, now())`;
  if (column === 'created_by') return sql`coalesce(p.created_by, ${actor}::text)`;
  return raw(`p.${column}`);
}

async function add(tx: PoolClient, table: ChildTable, options: ApplyOptions, range: Range): Promise<void> {
  const columns = columnsOf(table);
  await tx.query(sql`insert into ${raw(table.table)} (id, user_id, ${raw(columns.join(', '))})
    select p.id, t.user_id, ${join(
      columns.map((c) => addedValue(c, options.actor)),
      ', ',
    )}
    from ${raw(`merge_${table.table}`)} p join merge_touched t on t.no = p.no
    where p.op = 'add' and ${within('p', range)}`);
}

/**
 * One row per user; the shape is told in 0002-runs.sql, with `created` for users that the import made.
 * Put together as json and parsed once at the end: a third faster than as jsonb (60,000 entries, 2026-11).
 */
async function journal(tx: PoolClient, options: ApplyOptions, range: Range): Promise<void> {
  const made = options.created.map(
    (v) => sql`${v.name}::text, case when (${v.next}) is not null then json_build_array(null, ${v.next}) end`,
  );
  const entries = options.tables.map((table, i) => {
    const content = columnsOf(table).flatMap((c) => [sql`${c}::text`, addedValue(c, options.actor)]);
    const edited = columnsOf(table).flatMap((c) => [sql`${c}::text`, MADE.has(c) ? raw(`p.whole -> '${c}'`) : raw(`p.${c}`)]);
    return sql`select p.no, ${raw(String(i))} as place, p.pos, json_build_object('table', ${table.table}::text, 'op', p.op, 'change', 0, 'id', p.id,
        'before', p.whole - 'user_id',
        'after', case p.op when 'add' then json_build_object('id', p.id, ${join(content, ', ')})
          when 'edit' then json_build_object('id', p.id, ${join(edited, ', ')}) end) as entry
      from ${raw(`merge_${table.table}`)} p where ${within('p', range)}`;
  });
  const rows =
    entries.length === 0
      ? sql`select null::integer as no, '[]'::json as rows where false`
      : sql`select e.no, json_agg(e.entry order by e.place, e.pos) as rows from (${join(entries, ' union all ')}) e group by e.no`;
  await tx.query(sql`insert into journal (run_id, user_id, diff)
    select ${options.runId}::bigint, t.user_id, jsonb_strip_nulls(json_build_object(
        'created', case when t.is_new then true end,
        'fields', coalesce(case when t.is_new then json_build_object(${join(made, ', ')}) else f.fields::json end, '{}'::json),
        'rows', coalesce(e.rows, '[]'::json))::jsonb)
    from merge_touched t
    join merge_records r on r.no = t.no
    join staged_users s on s.no = t.no
    left join merge_fields f on f.no = t.no
    left join (${rows}) e on e.no = t.no
    where ${within('t', range)}
    order by t.user_id`);
}
