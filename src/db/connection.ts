import type { Database } from '../core/index.ts';
import pg from 'pg';
import { valueParsers } from './value-parsers.ts';

/** How to reach a PostgreSQL: what `pg` takes, without our own additions. */
export type Endpoint =
  | { readonly connectionString: string }
  | {
      /** A host name, an address, or the directory of a unix socket. */
      readonly host: string;
      readonly port: number;
      readonly user: string;
      readonly password: string;
      readonly database: string;
    };

const APPLICATION_NAME = 'muster';

/** The schema that everything of Muster lives in, so that it can share a database with other things. */
export const SCHEMA = 'muster';

/**
 * Session settings travel in the start packet, not in SET statements, so they also hold on a
 * connection that has just replaced a broken one.
 * jit: statements over chunks are too short to earn back its compilation.
 */
const SESSION_SETTINGS: Readonly<Record<string, string>> = {
  search_path: `${SCHEMA},public`,
  TimeZone: 'UTC',
  DateStyle: 'ISO',
  IntervalStyle: 'postgres',
  statement_timeout: '0',
  jit: 'off',
};

export interface ConnectionOptions {
  readonly applicationName?: string;
  /** Session settings beside our own, e.g. `{ plan_cache_mode: 'force_custom_plan' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly maxConnections?: number;
}

/** What to give `new pg.Client` or `new pg.Pool` (also: a queue's own pool) for a connection like ours. */
export function clientConfig(endpoint: Endpoint, options: ConnectionOptions = {}): pg.ClientConfig {
  const settings = { ...SESSION_SETTINGS, ...options.settings };
  return {
    ...withoutOptions(endpoint),
    application_name: options.applicationName ?? APPLICATION_NAME,
    options: [ownOptions(endpoint), ...Object.entries(settings).map(([name, value]) => `-c ${name}=${escapeOption(value)}`)]
      .filter((part) => part !== '')
      .join(' '),
    keepAlive: true,
    connectionTimeoutMillis: 30_000,
    types: valueParsers,
  };
}

/** `options` inside a connection string would replace ours; take it out and put it in front. */
function ownOptions(endpoint: Endpoint): string {
  if (!('connectionString' in endpoint)) return '';
  return asUrl(endpoint.connectionString)?.searchParams.get('options') ?? '';
}

function withoutOptions(endpoint: Endpoint): pg.ClientConfig {
  if (!('connectionString' in endpoint)) return { ...endpoint };
  const url = asUrl(endpoint.connectionString);
  if (url === undefined) return { ...endpoint };
  url.searchParams.delete('options');
  url.searchParams.delete('application_name');
  return { connectionString: url.toString() };
}

function asUrl(connectionString: string): URL | undefined {
  return URL.canParse(connectionString) ? new URL(connectionString) : undefined;
}

function escapeOption(value: string): string {
  return value.replace(/[\\ ]/g, (character) => `\\${character}`);
}

export function createPool(endpoint: Endpoint, options: ConnectionOptions = {}): pg.Pool {
  const pool = new pg.Pool({
    ...clientConfig(endpoint, options),
    max: options.maxConnections ?? 10,
    // An idle pool keeps no process alive and gives its connections back soon.
    idleTimeoutMillis: 10_000,
  });
  // A connection that breaks while nobody is waiting for an answer would otherwise end the process;
  // the next query on it fails with the reason, and the pool replaces it.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** One transaction (READ COMMITTED) on one client; see `Database.transaction`. */
export async function runTransaction<T>(pool: pg.Pool, work: (tx: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await work(client);
    const end = await client.query('commit');
    // COMMIT of a transaction in which a statement failed answers ROLLBACK, without an error.
    if (end.command !== 'COMMIT') throw new Error('The transaction was rolled back: an error inside it had been ignored.');
    return result;
  } catch (error) {
    await client.query('rollback').catch((reason: unknown) => {
      broken = reason instanceof Error ? reason : new Error(String(reason));
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** What `createDatabase` gives: the domain's view, and what composition needs beside it. */
export interface DatabaseHandle extends Database {
  readonly endpoint: Endpoint;
  /** Calls `handler` for each NOTIFY on `channel`; resolves to a function that stops it. */
  listen(channel: string, handler: (payload: string) => void): Promise<() => Promise<void>>;
  /** Closes every connection; the embedded server is stopped when this was the last to use it. */
  close(): Promise<void>;
}
