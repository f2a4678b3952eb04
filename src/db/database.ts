import { AppError } from '../core/index.ts';
import pg from 'pg';
import { clientConfig, type ConnectionOptions, createPool, type DatabaseHandle, type Endpoint, runTransaction } from './connection.ts';
import { migrationState } from './migrate.ts';

/** Data-modifying CTEs, MERGE and `security_invoker` are all there from 15 on. */
const OLDEST_VERSION = 15;

/** A handle on a database that is up; looks at nothing. `afterClose` runs when its connections are gone. */
export function createDatabase(
  endpoint: Endpoint,
  options: ConnectionOptions = {},
  afterClose: () => Promise<void> = async () => undefined,
): DatabaseHandle {
  const pool = createPool(endpoint, options);
  const listeners = new Set<() => Promise<void>>();
  let closing: Promise<void> | undefined;
  return {
    endpoint,
    pool,
    transaction: (work) => runTransaction(pool, work),
    listen: async (channel, handler) => {
      const stop = await listen(endpoint, channel, handler);
      listeners.add(stop);
      return async () => {
        listeners.delete(stop);
        await stop();
      };
    },
    close: () => {
      closing ??= (async () => {
        await Promise.all([...listeners].map((stop) => stop()));
        await pool.end();
        await afterClose();
      })();
      return closing;
    },
  };
}

/** Whether the server is there, is new enough, and has the tables of this program. */
export async function checkDatabase(endpoint: Endpoint): Promise<void> {
  const client = await connect(endpoint);
  try {
    await checkVersion(client);
    const { pending } = await migrationState(client);
    if (pending.length > 0) throw new AppError('db.not_migrated', { pending: pending.length });
  } finally {
    await client.end();
  }
}

/** Whether the server is there and new enough; what `muster migrate` asks before it writes. */
export async function checkServer(endpoint: Endpoint): Promise<void> {
  const client = await connect(endpoint);
  try {
    await checkVersion(client);
  } finally {
    await client.end();
  }
}

async function connect(endpoint: Endpoint): Promise<pg.Client> {
  const client = new pg.Client(clientConfig(endpoint));
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw new AppError('db.unreachable', { place: placeOf(endpoint), reason: reasonOf(error) }, { cause: error });
  }
  return client;
}

async function checkVersion(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ number: string; text: string }>(
    `select current_setting('server_version_num') as number, current_setting('server_version') as text`,
  );
  const version = rows[0];
  if (version !== undefined && Number(version.number) < OLDEST_VERSION * 10_000) {
    throw new AppError('db.version_too_old', { version: version.text, needed: String(OLDEST_VERSION) });
  }
}

/** Host and database for a message; never the password. */
function placeOf(endpoint: Endpoint): string {
  if (!('connectionString' in endpoint)) return `${endpoint.host}:${endpoint.port}`;
  if (!URL.canParse(endpoint.connectionString)) return 'DATABASE_URL';
  const url = new URL(endpoint.connectionString);
  return `${url.host}${url.pathname}`;
}

/** A refused connection to a name with several addresses has an empty message and the reasons inside. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}

/** A LISTEN that survives the server: it connects again, and notifications of the gap are lost. */
async function listen(endpoint: Endpoint, channel: string, handler: (payload: string) => void): Promise<() => Promise<void>> {
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const start = async (): Promise<void> => {
    const next = new pg.Client(clientConfig(endpoint, { applicationName: 'muster listen' }));
    next.on('notification', (notification) => handler(notification.payload ?? ''));
    next.on('error', () => undefined);
    await next.connect();
    next.on('end', again);
    await next.query(`listen ${pg.escapeIdentifier(channel)}`);
    client = next;
  };
  const again = (): void => {
    if (stopped) return;
    timer = setTimeout(() => void start().catch(again), 1000);
    timer.unref();
  };

  await start();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await client?.end();
  };
}
