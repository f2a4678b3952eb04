import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as breathe } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import sql, { raw } from 'sql-template-tag';
import { dress, referencing, strip } from './bare-tables.ts';
import { addSampleUser, type SampleSettings } from './sample-user.ts';
import { SAMPLE_TABLE_NAMES, type SampleTables, sampleTables, takeCopies } from './sample-tables.ts';

/** Users per round of COPY statements: about 1.2 MB of text, and two rounds in memory at most. */
const BATCH = 2_000;

/** Users made up between two looks at the socket, so that the server is never left waiting: about 1 ms. */
const SLICE = 50;

/** From here on, building keys and indexes once is faster than keeping them up row by row. */
const BULK_FROM = 2_000;

export type LoadStage = 'users' | 'indexes' | 'statistics';

export interface Load {
  readonly settings: SampleSettings;
  readonly count: number;
  /** Number of the first sample user; the others follow. */
  readonly firstNumber: number;
  readonly onProgress: (stage: LoadStage, done: number, total: number) => void;
}

/**
 * Writes the sample users, their child rows, their keys and their search text. Memory stays bounded
 * whatever `count` is. An empty library is loaded bare (see `bare-tables.ts`); another one keeps its
 * triggers and indexes, since other people work in it.
 */
export async function loadSampleUsers(tx: PoolClient, load: Load): Promise<void> {
  if (load.count >= BULK_FROM && (await holdWhenEmpty(tx))) await loadBare(tx, load);
  else await copyUsers(tx, load, sampleTables({ keys: null }));
  for (const [i, table] of SAMPLE_TABLE_NAMES.entries()) {
    await tx.query(sql`analyze ${raw(table)}`);
    load.onProgress('statistics', i + 1, SAMPLE_TABLE_NAMES.length);
  }
}

async function loadBare(tx: PoolClient, load: Load): Promise<void> {
  // Room for sorting while indexes are built, for this transaction only.
  await tx.query(sql`select set_config('maintenance_work_mem', '256MB', true)`);
  const exempt = await tx.query<{ code: string }>(sql`
    select c.code from codes c where c.table_name = 'UserIdentifierTypes' and not coalesce((c.properties ->> 'unique')::boolean, true)`);
  const bare = await strip(tx, SAMPLE_TABLE_NAMES);
  // The triggers are off, so the keys are loaded too; one that leads to two people stops at the primary key.
  await copyUsers(tx, load, sampleTables({ keys: { exempt: new Set(exempt.rows.map((row) => row.code)) } }));
  await dress(tx, bare, (done, total) => load.onProgress('indexes', done, total));
}

/** Locks the tables, in one fixed order, if there is no user; false, with nothing locked, if there is one. */
async function holdWhenEmpty(tx: PoolClient): Promise<boolean> {
  if (await hasUsers(tx)) return false;
  await tx.query(sql`savepoint before_lock`);
  const tables = [...SAMPLE_TABLE_NAMES, ...(await referencing(tx, SAMPLE_TABLE_NAMES))];
  await tx.query(sql`lock table ${raw(tables.join(', '))} in access exclusive mode`);
  if (!(await hasUsers(tx))) return true;
  await tx.query(sql`rollback to savepoint before_lock`);
  return false;
}

async function hasUsers(tx: PoolClient): Promise<boolean> {
  const found = await tx.query<{ present: boolean }>(sql`select exists (select from users u) as present`);
  return found.rows[0]?.present === true;
}

/** While the server takes in one batch, the next one is made up. */
async function copyUsers(tx: PoolClient, load: Load, tables: SampleTables): Promise<void> {
  let ids = await reserveIds(tx, Math.min(BATCH, load.count));
  await makeUp(tables, load, ids, 0);
  for (let done = 0; done < load.count; ) {
    const copies = takeCopies(tables);
    const after = done + ids.length;
    ids = await reserveIds(tx, Math.min(BATCH, load.count - after));
    await Promise.all([sendCopies(tx, copies), makeUp(tables, load, ids, after)]);
    done = after;
    load.onProgress('users', done, load.count);
  }
}

async function reserveIds(tx: PoolClient, count: number): Promise<number[]> {
  if (count === 0) return [];
  const ids = await tx.query<{ id: number }>(sql`
    select nextval(pg_get_serial_sequence('users', 'id')) as id from generate_series(1, ${count}::int)`);
  return ids.rows.map((row) => row.id);
}

async function makeUp(tables: SampleTables, load: Load, ids: readonly number[], before: number): Promise<void> {
  for (const [i, id] of ids.entries()) {
    addSampleUser(tables, load.settings, id, load.firstNumber + before + i);
    if (i % SLICE === SLICE - 1) await breathe();
  }
}

async function sendCopies(tx: PoolClient, copies: ReturnType<typeof takeCopies>): Promise<void> {
  for (const { statement, bytes } of copies) await pipeline(Readable.from([bytes]), tx.query(copyFrom(statement)));
}
