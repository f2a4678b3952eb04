/** An embedded server for a benchmark, with a generated library and copies of it. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sql from 'sql-template-tag';
import type { Context } from '../../src/core/index.ts';
import { createDatabase, type DatabaseHandle, type Endpoint, migrate, openDatabase } from '../../src/db/index.ts';
import { generateUsers } from '../../src/feeds/generate/index.ts';
import { createSet } from '../../src/sets/index.ts';
import { benchContext } from './bench-context.ts';
import { secondsOf } from './rounds.ts';

export interface Server {
  /** A generated library of so many users, with the logical set `everyone`; copied, never written to. */
  library(users: number): Promise<string>;
  /** A copy of a library to work on; its time is not measured. */
  copy(of: string): Promise<Copy>;
}

export interface Copy {
  readonly db: DatabaseHandle;
  readonly ctx: Context;
  drop(): Promise<void>;
}

/** Runs `work` against an embedded server in a temporary directory, fsync and synchronous_commit on. */
export async function withServer(work: (server: Server) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'muster-bench-'));
  const main = await openDatabase({ dataDir: directory });
  try {
    await showSettings(main);
    let copies = 0;
    const connect = (database: string) => createDatabase(withName(main.endpoint, database));
    await work({
      library: async (users) => {
        const name = `library_${users}`;
        await main.pool.query(`create database ${name} template template0`);
        await migrate(withName(main.endpoint, name));
        const db = connect(name);
        const ctx = benchContext(db, directory);
        const made = await generateUsers.run(ctx, { count: users, seed: 1 });
        await createSet.run(ctx, createSet.input.parse({ name: 'everyone', where: 'everyone' }));
        await db.pool.query('vacuum (analyze)');
        await db.close();
        console.log(`${users} users generated in ${made.seconds} s`);
        return name;
      },
      copy: async (of) => {
        const name = `copy_${++copies}`;
        await main.pool.query(`create database ${name} template ${of} strategy file_copy`);
        await main.pool.query('checkpoint');
        const db = connect(name);
        await db.pool.query('select 1');
        return {
          db,
          ctx: benchContext(db, directory),
          drop: async () => {
            await db.close();
            await main.pool.query(`drop database ${name} with (force)`);
          },
        };
      },
    });
  } finally {
    await main.close();
    await rm(directory, { recursive: true, force: true });
  }
}

function withName(endpoint: Endpoint, database: string): Endpoint {
  if ('connectionString' in endpoint) throw new Error('benchmarks run on the embedded database');
  return { ...endpoint, database };
}

async function showSettings(db: DatabaseHandle): Promise<void> {
  const names = ['server_version', 'fsync', 'synchronous_commit', 'shared_buffers', 'max_wal_size', 'work_mem'];
  const { rows } = await db.pool.query<{ name: string; setting: string }>(sql`
    select n.name, current_setting(n.name) as setting from unnest(${names}::text[]) as n (name)`);
  const settings = new Map(rows.map((row) => [row.name, row.setting]));
  console.log(rows.map((row) => `${row.name} ${row.setting}`).join(', '));
  if (settings.get('fsync') !== 'on' || settings.get('synchronous_commit') !== 'on')
    throw new Error('fsync and synchronous_commit must be on.');
}

/** Seconds of one side on a fresh copy of `library`. */
export async function onCopy(server: Server, library: string, side: (copy: Copy) => Promise<void>): Promise<number> {
  const copy = await server.copy(library);
  try {
    return await secondsOf(() => side(copy));
  } finally {
    await copy.drop();
  }
}
