import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, inject } from 'vitest';
import { createDatabase, type DatabaseHandle } from '../../src/db/index.ts';
import { type Engine, urlOf } from './engines.ts';

export type { Engine } from './engines.ts';

export interface TestDatabase {
  readonly engine: Engine;
  readonly name: string;
  /** For another process, e.g. as its `DATABASE_URL`. */
  readonly url: string;
  readonly db: DatabaseHandle;
  /** Closes `db` and drops the database; fails when someone else still has a connection to it. */
  drop(): Promise<void>;
}

/** Every server that the tests run on: the embedded one first, then the machine's own, if there is one. */
function engines(): readonly Engine[] {
  return inject('engines');
}

function embeddedEngine(): Engine {
  const [engine] = engines();
  if (engine === undefined) throw new Error('The global setup has provided no database server.');
  return engine;
}

/** A database of one's own: a copy of the migrated template. Takes about a tenth of a second. */
export async function createTestDatabase(engine: Engine = embeddedEngine()): Promise<TestDatabase> {
  const name = `test_${process.pid}_${randomBytes(6).toString('hex')}`;
  await asAdmin(engine, (admin) => admin.query(`create database ${name} template ${engine.template}`));
  const url = urlOf(engine, name);
  const db = createDatabase({ connectionString: url });
  return {
    engine,
    name,
    url,
    db,
    drop: async () => {
      await db.close();
      await asAdmin(engine, async (admin) => {
        const left = await connectionsLeft(admin, name);
        await admin.query(`drop database if exists ${name} with (force)`);
        if (left.length > 0) throw new Error(`Connections were left open to the test database: ${left.join(', ')}`);
      });
    },
  };
}

/**
 * One database for a test file (or a `describe`): made before its tests, dropped after them.
 *
 *     const test = useTestDatabase()
 *     it('…', async () => { await test.db.pool.query('…') })
 */
export function useTestDatabase(engine?: Engine): Readonly<TestDatabase> {
  let database: TestDatabase | undefined;
  const present = (): TestDatabase => {
    if (database === undefined) throw new Error('The test database exists only while tests run.');
    return database;
  };
  beforeAll(async () => {
    database = await createTestDatabase(engine);
  });
  afterAll(async () => {
    await database?.drop();
  });
  return {
    get engine() {
      return present().engine;
    },
    get name() {
      return present().name;
    },
    get url() {
      return present().url;
    },
    get db() {
      return present().db;
    },
    drop: () => present().drop(),
  };
}

/**
 * Declares the tests once per server, for what must hold on every PostgreSQL that Muster supports.
 *
 *     forEachEngine((engine) => { const test = useTestDatabase(engine); it(…) })
 */
export function forEachEngine(declare: (engine: Engine) => void): void {
  for (const engine of engines()) describe(`on ${engine.name}`, () => declare(engine));
}

async function asAdmin<T>(engine: Engine, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client(engine.adminUrl);
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

/** A closed connection's backend takes a moment to go, so only what stays counts as left open. */
async function connectionsLeft(admin: pg.Client, name: string): Promise<string[]> {
  for (let attempt = 0; ; attempt += 1) {
    const { rows } = await admin.query<{ who: string }>(
      `select coalesce(nullif(application_name, ''), '?') || ' (' || coalesce(left(query, 60), '') || ')' as who
         from pg_stat_activity where datname = $1 and backend_type = 'client backend'`,
      [name],
    );
    if (rows.length === 0 || attempt === 40) return rows.map((row) => row.who);
    await sleep(50);
  }
}
