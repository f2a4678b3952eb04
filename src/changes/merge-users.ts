/**
 * Writes the merge of two records of one person (merge-users-plan.ts): the kept record gets what the other
 * has, and of that one an empty shell stays, which `users.merged_into` marks and nothing leads to. Both
 * stand in the journal of one run, so that undo can part them again: what was a row of one and is a row of
 * the other goes by a new number, and the entry of the shell says which (`moved`).
 *
 * The caller has locked both users, in the order of their numbers and in a statement of its own, and has
 * read the records after that.
 */
import type { PoolClient } from 'pg';
import sql, { join, raw } from 'sql-template-tag';
import { CHILD_TABLES, type ChildTable, type WholeUser } from '../users/index.ts';
import { columnType } from './compile.ts';
import { holdReplaced } from './held.ts';
import type { MergeUsersPlan } from './merge-users-plan.ts';
import type { RowChange } from './replace-difference.ts';
import { writeRows } from './write-rows.ts';

export interface MergeWrite {
  readonly actor: string;
  readonly today: string;
  /** Name of the run. */
  readonly name: string;
  /** What the run keeps as its plan. */
  readonly plan: Readonly<Record<string, unknown>>;
  /** What beside the record went from one to the other, as the journal keeps it for the undo. */
  readonly holdings: Readonly<Record<string, unknown>>;
}

/** Answers the number of the run. */
export async function writeMerge(
  tx: PoolClient,
  keep: WholeUser,
  giveUp: WholeUser,
  plan: MergeUsersPlan,
  write: MergeWrite,
): Promise<number> {
  const tables = (CHILD_TABLES as readonly ChildTable[]).filter((table) => plan.rows.some((row) => row.table === table));
  // What was the other's goes first: a value can be one user's only.
  const gone = new Map<ChildTable, readonly object[]>();
  for (const table of tables) gone.set(table, (await writeRows(tx, table, giveUp.id, removals(plan, table))).entries);
  await writeColumns(tx, giveUp.id, plan.shell, write.actor);
  await tx.query(sql`delete from user_search s where s.user_id = ${giveUp.id}::bigint`);
  const came: object[] = [];
  const went: object[] = [];
  for (const table of tables) {
    const added = plan.rows.filter((row) => row.table === table && row.outcome === 'added');
    const written = await writeRows(tx, table, keep.id, [
      ...joined(plan, table),
      ...added.map(({ after }): RowChange => ({ op: 'add', after: after ?? {} })),
    ]);
    came.push(...written.entries);
    const newRow = new Map(added.map((row, i) => [row.id, written.added[i]]));
    for (const entry of gone.get(table) ?? []) {
      const moved = newRow.get((entry as { id: number }).id);
      went.push(moved === undefined ? entry : { ...entry, moved });
    }
  }
  await writeColumns(tx, keep.id, plan.kept, write.actor);
  if ('held_fields' in plan.kept) await holdReplaced(tx, keep.id, plan.kept);
  await tx.query(sql`select refresh_user_search(array[${keep.id}::bigint])`);
  return record(tx, [keep.id, giveUp.id], plan, {
    ...write,
    tables: tables.map((t) => t.table),
    entries: [
      [keep.id, { fields: plan.kept, rows: came }],
      [giveUp.id, { fields: plan.shell, rows: went, ...(Object.keys(write.holdings).length > 0 ? { holdings: write.holdings } : {}) }],
    ],
  });
}

function removals(plan: MergeUsersPlan, table: ChildTable): RowChange[] {
  return plan.rows.flatMap(({ table: own, id, before }) =>
    own === table && id !== null && before !== null ? [{ op: 'remove' as const, id, before }] : [],
  );
}

/** Rows of the kept record that others joined, each once: as it was at first, and as the last has left it. */
function joined(plan: MergeUsersPlan, table: ChildTable): RowChange[] {
  const edits = new Map<number, RowChange>();
  for (const { table: own, joins, after } of plan.rows) {
    if (own === table && joins !== null && after !== null) edits.set(joins.id, { op: 'edit', id: joins.id, before: joins.before, after });
  }
  return [...edits.values()];
}

async function writeColumns(
  tx: PoolClient,
  userId: number,
  columns: Readonly<Record<string, readonly [unknown, unknown]>>,
  actor: string,
): Promise<void> {
  const sets = Object.entries(columns).map(([name, [, after]]) => sql`${raw(name)} = ${after}::${raw(columnType(name))}, `);
  await tx.query(sql`update users u set ${join([...sets, sql`version = u.version + 1, modified_at = now(), modified_by = ${actor}::text`], '')}
    where u.id = ${userId}::bigint`);
}

interface Recorded extends MergeWrite {
  readonly tables: readonly string[];
  readonly entries: readonly (readonly [number, object])[];
}

async function record(tx: PoolClient, members: readonly number[], plan: MergeUsersPlan, write: Recorded): Promise<number> {
  const columns = [...new Set([...Object.keys(plan.kept), ...Object.keys(plan.shell)])];
  const touches = { scalars: Object.fromEntries(columns.map((name) => [name, [0]])), tables: write.tables };
  const counts = JSON.stringify({ members: 2, changed: 2, unchanged: 0, skipped: 0, failed: 0 });
  const words = [{ kind: 'merge', en: 'Two records made one', de: 'Zwei Datensätze zusammengeführt' }];
  const ids = members.toSorted((a, b) => a - b);
  const { rows } = await tx.query<{ id: number }>(sql`
    with run as (
      insert into runs (kind, name, state, plan, today, touches, words, members, counts, created_by, started_at, finished_at)
      values ('merge', ${write.name}::text, 'COMPLETED_SUCCESS', ${JSON.stringify(write.plan)}::jsonb, ${write.today}::date,
        ${JSON.stringify(touches)}::jsonb, ${JSON.stringify(words)}::jsonb, 2, ${counts}::jsonb, ${write.actor}::text, now(), clock_timestamp())
      returning id),
    chunk as (
      insert into run_chunks (run_id, no, first_user, last_user, members, user_ids, state, counts, finished_at)
      select r.id, 0, ${ids[0]}::bigint, ${ids[1]}::bigint, 2, ${ids}::bigint[], 'done', ${counts}::jsonb, now() from run r),
    noted as (
      insert into journal (run_id, user_id, diff)
      select r.id, x.user_id, x.diff::jsonb
      from run r cross join unnest(${write.entries.map(([id]) => id)}::bigint[], ${write.entries.map(([, diff]) => JSON.stringify(diff))}::text[]) as x (user_id, diff))
    select r.id from run r`);
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('An insert gave no id.');
  return id;
}
