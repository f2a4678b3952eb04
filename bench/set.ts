/**
 * A set from a file of identifiers, against the least that SQL written by hand needs for the same
 * members: COPY and one join. Both write into the same table of the same embedded database, with its
 * keys and fsync on, by turns; the last line gives the ratio of the medians.
 *
 *     npm run bench -- set [--users 1000000] [--rounds 3]
 */
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { from as copyFrom } from 'pg-copy-streams';
import sql from 'sql-template-tag';
import type { Context } from '../src/core/index.ts';
import { type DatabaseHandle, openDatabase } from '../src/db/index.ts';
import { generateUsers } from '../src/feeds/generate/index.ts';
import { createSet } from '../src/sets/index.ts';
import { benchContext } from './support/bench-context.ts';

const { values: options } = parseArgs({
  options: { users: { type: 'string', default: '1000000' }, rounds: { type: 'string', default: '3' } },
});
const users = Number(options.users);
const rounds = Number(options.rounds);

const directory = await mkdtemp(path.join(os.tmpdir(), 'muster-bench-set-'));
const db = await openDatabase({ dataDir: directory });
try {
  await measure(db, directory);
} finally {
  await db.close();
  await rm(directory, { recursive: true, force: true });
}

async function measure(db: DatabaseHandle, directory: string): Promise<void> {
  const ctx = benchContext(db, directory);
  await showSettings(db);
  const made = await generateUsers.run(ctx, { count: users, seed: 1 });
  console.log(`${made.created} users generated in ${made.seconds} s`);
  const file = path.join(directory, 'ids.txt');
  await writeIdentifiers(db, file);
  await db.pool.query('vacuum (analyze)');

  const ours: number[] = [];
  const bare: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    // Whoever comes second in one round comes first in the next.
    const sides = [
      async () => ours.push(await timed(db, () => setFromFile(ctx, file))),
      async () => bare.push(await timed(db, () => bareSql(db, file))),
    ];
    for (const side of round % 2 === 1 ? sides : sides.reverse()) await side();
    console.log(`round ${round}: set ${seconds(ours.at(-1))} s, bare SQL ${seconds(bare.at(-1))} s`);
  }
  console.log(`median of ${rounds}: set ${seconds(median(ours))} s, bare SQL ${seconds(median(bare))} s`);
  console.log(`set ratio=${(median(ours) / median(bare)).toFixed(2)}`);
}

async function showSettings(db: DatabaseHandle): Promise<void> {
  const names = ['server_version', 'fsync', 'synchronous_commit', 'shared_buffers', 'work_mem'];
  const { rows } = await db.pool.query<{ name: string; setting: string }>(sql`
    select n.name, current_setting(n.name) as setting from unnest(${names}::text[]) as n (name)`);
  const settings = new Map(rows.map((row) => [row.name, row.setting]));
  console.log(rows.map((row) => `${row.name} ${row.setting}`).join(', '));
  if (settings.get('fsync') !== 'on' || settings.get('synchronous_commit') !== 'on')
    throw new Error('fsync and synchronous_commit must be on.');
}

/** Every user once, in no order: every other one by primary id, the rest by an identifier where there is one. */
async function writeIdentifiers(db: DatabaseHandle, file: string): Promise<void> {
  const { rows } = await db.pool.query<{ value: string }>(sql`
    select case when u.id % 2 = 0 then u.primary_id else coalesce(i.value, u.primary_id) end as value
    from users u
    left join lateral (
      select x.value from user_identifiers x where x.user_id = u.id and x.type = 'BARCODE' order by x.id limit 1
    ) i on true
    order by hashint8(u.id)`);
  await writeFile(file, rows.map((row) => `${row.value}\n`).join(''));
}

async function setFromFile(ctx: Context, file: string): Promise<void> {
  const set = await createSet.run(ctx, createSet.input.parse({ name: 'bench', file }));
  expectAll(set.members);
}

async function bareSql(db: DatabaseHandle, file: string): Promise<void> {
  await db.transaction(async (tx) => {
    const { rows } = await tx.query<{ id: number }>(sql`
      insert into sets (name, kind, owner) values ('bench', 'itemized', 'administrator') returning id`);
    await tx.query('create temporary table ids (value text not null) on commit drop');
    await pipeline(createReadStream(file, { highWaterMark: 256 * 1024 }), tx.query(copyFrom('copy ids (value) from stdin')));
    const { rowCount } = await tx.query(sql`
      insert into set_members (set_id, user_id)
      select ${rows[0]?.id}::bigint, k.user_id from ids join user_keys k on k.key = fold(ids.value)`);
    expectAll(rowCount);
  });
}

function expectAll(members: number | null): void {
  if (members !== users) throw new Error(`The set has ${members} members instead of ${users}.`);
}

/** Runs one side on an emptied table and answers its milliseconds; clearing up is not measured. */
async function timed(db: DatabaseHandle, work: () => Promise<void>): Promise<number> {
  await db.pool.query('checkpoint');
  const start = performance.now();
  await work();
  const took = performance.now() - start;
  await db.pool.query(`delete from sets where name = 'bench'`);
  await db.pool.query('vacuum set_members');
  return took;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function seconds(milliseconds: number | undefined): string {
  return ((milliseconds ?? Number.NaN) / 1000).toFixed(2);
}
