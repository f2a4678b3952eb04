import sql, { raw } from 'sql-template-tag';
import type { Context, Database } from '../../src/core/index.ts';
import { parseInput } from '../../src/core/index.ts';
import { type Preview, previewJob, type RunReport, showRun, type Started, startRun, undoRun, workOnce } from '../../src/runs/index.ts';
import { createSet } from '../../src/sets/index.ts';
import { contextOf } from './sets.ts';

// Rooms of one tier do not import each other; tests of feeds reach these through here.
export { abortRun, editUser, listChangedUsers } from '../../src/runs/index.ts';

/** Values of `users` columns by name; children by table (`user_blocks: [{ … }]`). */
export interface SeedUser {
  readonly primary_id: string;
  readonly [column: string]: unknown;
}

export interface RunsBench {
  readonly ctx: Context;
  /** Makes users with their child rows; answers their ids in the same order. */
  users(...users: readonly SeedUser[]): Promise<number[]>;
  /** A set of its own from a filter text. */
  set(where: string, name?: string): Promise<string>;
  preview(set: string, plan: object, page?: object): Promise<Preview>;
  /** Starts, confirmed, and works until the run has ended. */
  run(set: string, plan: object, more?: object): Promise<RunReport>;
  start(set: string, plan: object, more?: object): Promise<Started>;
  undo(id: number, more?: object): Promise<RunReport>;
  work(): Promise<void>;
  show(id: number): Promise<RunReport>;
  /** Everything of the users but versions and modification data, keyed by primary id; ids of child rows stay. */
  snapshot(): Promise<Readonly<Record<string, unknown>>>;
  /** One column of one user. */
  value(primaryId: string, column: string): Promise<unknown>;
  rows(primaryId: string, table: string): Promise<Record<string, unknown>[]>;
  /** Removes all users, sets and runs. */
  clear(): Promise<void>;
}

const CHILDREN = [
  'user_identifiers',
  'user_addresses',
  'user_emails',
  'user_phones',
  'user_notes',
  'user_blocks',
  'user_roles',
  'user_statistics',
  'user_rs_libraries',
  'user_letter_preferences',
] as const;

export function runsBench(database: { readonly db: Database }): RunsBench {
  let sets = 0;
  const ctx: Context = {
    ...contextOf(null as never),
    get db() {
      return database.db;
    },
  };
  const bench: RunsBench = {
    ctx,
    users: (...users) => insertUsers(database.db, users),
    set: async (where, name) => {
      sets += 1;
      const set = await createSet.run(ctx, parseInput(createSet.input, { name: name ?? `set ${sets} of ${process.pid}`, where }));
      return set.name;
    },
    preview: (set, plan, page) => previewJob.run(ctx, parseInput(previewJob.input, { set, plan, ...(page === undefined ? {} : { page }) })),
    start: (set, plan, more = {}) => startRun.run(ctx, parseInput(startRun.input, { set, plan, confirm: true, ...more })),
    run: async (set, plan, more = {}) => {
      const { id } = await bench.start(set, plan, more);
      await bench.work();
      return bench.show(id);
    },
    undo: async (id, more = {}) => {
      const undo = await undoRun.run(ctx, parseInput(undoRun.input, { id, confirm: true, ...more }));
      await bench.work();
      return bench.show(undo.id);
    },
    work: async () => {
      while (await workOnce(ctx));
    },
    show: (id) => showRun.run(ctx, { id }),
    snapshot: () => snapshot(database.db),
    value: async (primaryId, column) => {
      const { rows } = await database.db.pool.query<{ value: unknown }>(sql`
        select u.${raw(column)} as value from users u where u.primary_id = ${primaryId}`);
      return rows[0]?.value;
    },
    rows: async (primaryId, table) => {
      const { rows } = await database.db.pool.query<{ row: Record<string, unknown> }>(sql`
        select to_jsonb(c) - 'id' - 'user_id' - 'created_at' as row from ${raw(table)} c join users u on u.id = c.user_id
        where u.primary_id = ${primaryId} order by c.id`);
      return rows.map((r) => r.row);
    },
    clear: async () => {
      // Deleting a few rows is quicker than truncating many tables.
      await database.db.pool.query(`delete from outbox; delete from journal; delete from run_outcomes; delete from previews; delete from schedules;
        delete from runs where undo_of is not null; delete from runs; delete from sets; delete from value_tables; delete from users`);
    },
  };
  return bench;
}

/** Columns come from the tests' own literals, values are parameters; types are the table's. */
async function insertUsers(db: Database, users: readonly SeedUser[]): Promise<number[]> {
  return db.transaction(async (tx) => {
    const ids: number[] = [];
    for (const user of users) {
      const scalars = Object.fromEntries(
        Object.entries(user).filter(([name]) => !name.startsWith('user_') || name === 'user_group' || name === 'user_title'),
      );
      const defaults = scalars['account_type'] === 'EXTERNAL' ? { external_id: 'SIS' } : {};
      const id = await insertRow(tx, 'users', { ...defaults, ...scalars });
      ids.push(id);
      for (const table of CHILDREN) {
        for (const row of (user[table] ?? []) as readonly Record<string, unknown>[]) await insertRow(tx, table, { user_id: id, ...row });
      }
    }
    return ids;
  });
}

async function insertRow(
  tx: Pick<import('pg').PoolClient, 'query'>,
  table: string,
  values: Readonly<Record<string, unknown>>,
): Promise<number> {
  const names = Object.keys(values)
    .map((name) => `"${name}"`)
    .join(', ');
  const { rows } = await tx.query<{ id: number }>(sql`
    insert into ${raw(table)} (${raw(names)}) select ${raw(names)} from jsonb_populate_record(null::${raw(table)}, ${JSON.stringify(values)}::jsonb) returning id`);
  return rows[0]?.id ?? 0;
}

async function snapshot(db: Database): Promise<Readonly<Record<string, unknown>>> {
  const children = CHILDREN.map(
    (table) => `'${table}', (select jsonb_agg(to_jsonb(c) order by c.id) from ${table} c where c.user_id = u.id)`,
  ).join(', ');
  const { rows } = await db.pool.query<{ primary_id: string; whole: unknown }>(`
    select u.primary_id, (to_jsonb(u) - 'version' - 'modified_at' - 'modified_by') || jsonb_build_object(${children},
      'keys', (select jsonb_agg(k.key order by k.key) from user_keys k where k.user_id = u.id)) as whole
    from users u order by u.id`);
  return Object.fromEntries(rows.map((row) => [row.primary_id, row.whole]));
}
