import pg from 'pg';
import { clientConfig } from './connection.ts';
import { endpointOf, readState, type ServerState } from './server-state.ts';

/**
 * Who uses the embedded server, read off its connections. Loads little: the keeper stays as long as
 * the server does, and is to take little room.
 */
export const ANCHOR = 'muster anchor';
/** A connection outlives its end by a moment; under this name it does not count any more. */
export const LEAVING = 'muster leaving';
export const KEEPER = 'muster keeper';

/** Connections that only hold or ask do so where there is no data. */
const MAINTENANCE_DATABASE = 'postgres';

export async function connectAs(name: typeof ANCHOR | typeof KEEPER, dataDir: string, state: ServerState): Promise<pg.Client> {
  const client = new pg.Client(clientConfig(endpointOf(dataDir, state, MAINTENANCE_DATABASE), { applicationName: name }));
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** The keeper's connection; none when the server has another keeper. */
export async function connectKeeper(dataDir: string): Promise<pg.Client | undefined> {
  const state = readState(dataDir);
  if (state === undefined || state.stopped) return undefined;
  const client = await connectAs(KEEPER, dataDir, state);
  // Held until the connection ends, so of several keepers one stays.
  const { rows } = await client.query<{ first: boolean }>(`select pg_try_advisory_lock(hashtextextended($1, 0)) as first`, [KEEPER]);
  if (rows[0]?.first === true) return client;
  await client.end();
  return undefined;
}

/** How many use the server, beside the asking connection. */
export async function usersOf(client: pg.Client): Promise<{ anchors: number; strangers: number }> {
  const { rows } = await client.query<{ anchors: number; strangers: number }>(
    `select count(*) filter (where application_name = $1) as anchors,
            count(*) filter (where application_name not like 'muster%') as strangers
       from pg_stat_activity
      where backend_type = 'client backend' and pid <> pg_backend_pid()`,
    [ANCHOR],
  );
  return rows[0] ?? { anchors: 0, strangers: 0 };
}
