import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Queryable } from '../core/index.ts';
import { AppError } from '../core/index.ts';
import pg from 'pg';
import { clientConfig, type Endpoint, SCHEMA } from './connection.ts';

/**
 * Migrations are numbered SQL files, applied forward only, all pending ones in one transaction.
 * The hash of each is recorded; an applied file that has changed since, or a database that knows
 * migrations this program does not, stops the program before it touches anything.
 */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sha256: string;
  readonly text: string;
}

export interface MigrationState {
  readonly applied: readonly Migration[];
  readonly pending: readonly Migration[];
}

const DIRECTORY = path.join(import.meta.dirname, 'migrations');
const FILE = /^(\d{4})-([a-z0-9-]+)\.sql$/;

/** Any number will do, as long as every Muster takes the same. */
const ADVISORY_LOCK = 5_318_008_417;

export async function readMigrations(directory: string = DIRECTORY): Promise<Migration[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.sql')).sort();
  const migrations = await Promise.all(files.map((file) => readMigration(directory, file)));
  migrations.forEach((migration, index) => {
    if (migration.number !== index + 1) {
      throw new Error(`Migrations are numbered without a gap: ${migration.name} should have number ${index + 1}.`);
    }
  });
  return migrations;
}

async function readMigration(directory: string, file: string): Promise<Migration> {
  const parts = FILE.exec(file);
  if (parts === null) throw new Error(`A migration is called NNNN-name.sql, not ${file}.`);
  // A checkout with CRLF must not count as a changed file.
  const text = (await readFile(path.join(directory, file), 'utf8')).replaceAll('\r\n', '\n');
  return {
    number: Number(parts[1]),
    name: `${parts[1]}-${parts[2]}`,
    sha256: createHash('sha256').update(text).digest('hex'),
    text,
  };
}

/** Brings the database to this program's schema; says which migrations it applied. Two at once are safe. */
export async function migrate(endpoint: Endpoint, directory?: string): Promise<readonly Migration[]> {
  const migrations = await readMigrations(directory);
  const client = new pg.Client(clientConfig(endpoint, { applicationName: 'muster migrate' }));
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('begin');
    const pending = await applyPending(client, migrations);
    await client.query('commit');
    return pending;
  } finally {
    await client.end();
  }
}

/** Applies those of `migrations` that the database does not have, in the caller's transaction. */
export async function applyPending(client: Queryable, migrations: readonly Migration[]): Promise<readonly Migration[]> {
  await client.query('select pg_advisory_xact_lock($1)', [ADVISORY_LOCK]);
  await createLedger(client);
  const { pending } = compare(migrations, await readLedger(client));
  for (const migration of pending) await apply(client, migration);
  return pending;
}

async function apply(client: Queryable, migration: Migration): Promise<void> {
  try {
    await client.query(migration.text);
  } catch (error) {
    throw new AppError('db.migration_failed', { name: migration.name, reason: placeOf(error, migration.text) }, { cause: error });
  }
  await client.query(`insert into ${SCHEMA}.muster_migrations (number, name, sha256) values ($1, $2, $3)`, [
    migration.number,
    migration.name,
    migration.sha256,
  ]);
}

function placeOf(error: unknown, text: string): string {
  if (!(error instanceof pg.DatabaseError)) return String(error);
  if (error.position === undefined) return error.message;
  return `${error.message} (line ${text.slice(0, Number(error.position)).split('\n').length})`;
}

/** Which migrations are applied and which are not; throws when the database is not one this program can use. */
export async function migrationState(client: Queryable, directory?: string): Promise<MigrationState> {
  const migrations = await readMigrations(directory);
  const { rows } = await client.query<{ known: boolean }>(`select to_regclass('${SCHEMA}.muster_migrations') is not null as known`);
  return compare(migrations, rows[0]?.known === true ? await readLedger(client) : []);
}

interface LedgerRow {
  readonly number: number;
  readonly name: string;
  readonly sha256: string;
}

async function createLedger(client: Queryable): Promise<void> {
  // Asked first: IF NOT EXISTS wants the right to create even where nothing is to be created.
  const { rows } = await client.query<{ schema: boolean }>('select to_regnamespace($1) is not null as schema', [SCHEMA]);
  if (rows[0]?.schema !== true) await client.query(`create schema ${SCHEMA}`);
  await client.query(`
    create table if not exists ${SCHEMA}.muster_migrations (
      number integer primary key,
      name text not null,
      sha256 text not null,
      applied_at timestamptz not null default now()
    )`);
}

async function readLedger(client: Queryable): Promise<readonly LedgerRow[]> {
  const { rows } = await client.query<LedgerRow>(`select number, name, sha256 from ${SCHEMA}.muster_migrations order by number`);
  return rows;
}

/** What a ledger has of these migrations; throws when it has others. */
export function compare(migrations: readonly Migration[], ledger: readonly LedgerRow[]): MigrationState {
  const newest = ledger.at(-1);
  if (newest !== undefined && newest.number > migrations.length) {
    throw new AppError('db.newer_schema', { name: newest.name, known: migrations.at(-1)?.name ?? '–' });
  }
  const changed = ledger.find((row) => migrations[row.number - 1]?.sha256 !== row.sha256);
  if (changed !== undefined) throw new AppError('db.migration_changed', { name: changed.name });
  return { applied: migrations.slice(0, ledger.length), pending: migrations.slice(ledger.length) };
}
