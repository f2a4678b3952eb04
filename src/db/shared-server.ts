import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../core/index.ts';
import type pg from 'pg';
import {
  clusterExists,
  createCluster,
  type Listen,
  linkCluster,
  postmasterOf,
  removeOrphan,
  startPostmaster,
  stopPostmaster,
} from './cluster.ts';
import type { Endpoint } from './connection.ts';
import { lock } from './directory-lock.ts';
import { embeddedBinaries } from './embedded.ts';
import { type EngineSettings, engineSettings, presentMachine } from './engine-settings.ts';
import { choosePlacement, type Placement, type PlacementKind } from './placement.ts';
import {
  clusterDirOf,
  endpointOf,
  files,
  makePassword,
  prepareDataDir,
  readPassword,
  readState,
  type ServerState,
  writeState,
} from './server-state.ts';
import { ANCHOR, connectAs, KEEPER, LEAVING, usersOf } from './server-users.ts';

/**
 * The embedded server of a data directory, shared by every process that works in it.
 *
 * Invariants:
 * - Whether a server is to be started or stopped is decided under the directory's lock alone, which
 *   the kernel frees when its holder dies.
 * - Who uses the server is read off its own connections: each user holds one named `muster anchor`.
 *   A killed process loses it at once, so there is no count that could be wrong.
 * - The last to leave stops the server. Where the last was killed, the keeper does, a small process
 *   that looks every few seconds; and any later command finds the server and uses it.
 */
const DATABASE = 'muster';

/** Unix socket names are 104 bytes on macOS and 108 on Linux, the end mark included. */
const LONGEST_SOCKET_NAME = 103;
const SOCKET_PORT = 5432;
const UNREACHABLE_PATIENCE_MS = 120_000;
const STRANGER_PATIENCE_MS = 1_000;
/** duplicate_database, unique_violation on its name, object_in_use on the template */
const ALREADY_AT_IT = ['42P04', '23505', '55006'];

export interface SharedServerOptions {
  /** Replaces single settings of the server, if this process is the one to start it. */
  readonly settings?: EngineSettings;
  /** For tests: only these ways to run as another account than root. */
  readonly placements?: readonly PlacementKind[];
  /** A server that dies while in use is started again; told here, for the log. */
  readonly onRestart?: (outcome: 'restarted' | 'stopped' | AppError) => void;
}

export interface ServerUse {
  readonly dataDir: string;
  readonly endpoint: Endpoint;
  /** Ends this process's use of the server, and the server when nobody else uses it. */
  release(): Promise<void>;
}

/** Uses the server of the directory; starts it if it does not run, makes it if there is none. */
export async function useServer(directory: string, options: SharedServerOptions = {}): Promise<ServerUse> {
  const dataDir = prepareDataDir(directory);
  let released = false;
  let anchor: pg.Client;

  const hold = (client: pg.Client): void => {
    anchor = client;
    client.once('end', () => {
      if (!released) void recover();
    });
  };
  const recover = async (): Promise<void> => {
    try {
      const client = await underLock(dataDir, async () => {
        if (released || readState(dataDir)?.stopped === true) return undefined;
        return (await connectRunning(dataDir)) ?? (await startServer(dataDir, options));
      });
      if (client === undefined) options.onRestart?.('stopped');
      else hold(client);
      if (client !== undefined) options.onRestart?.('restarted');
    } catch (error) {
      options.onRestart?.(error instanceof AppError ? error : new AppError('db.start_failed', { reason: String(error) }));
    }
  };

  hold(
    await underLock(dataDir, async () => {
      const client = (await connectRunning(dataDir)) ?? (await startServer(dataDir, options));
      await ensureDatabase(client);
      await ensureKeeper(dataDir, client);
      return client;
    }),
  );
  const state = readState(dataDir);
  if (state === undefined) throw new Error('A running server has recorded where it is.');

  return {
    dataDir,
    endpoint: endpointOf(dataDir, state, DATABASE),
    release: async () => {
      if (released) return;
      released = true;
      await underLock(dataDir, () => leave(dataDir, anchor));
    },
  };
}

/** Stops the server of the directory, whoever uses it; says whether one ran. */
export async function stopServer(dataDir: string): Promise<boolean> {
  return underLock(dataDir, () => stopNow(dataDir));
}

/** Stops the server if nobody uses it; for the keeper, whose own connection does not count. */
export async function stopIfUnused(dataDir: string, client: pg.Client): Promise<boolean> {
  return underLock(dataDir, async () => {
    const { anchors, strangers } = await usersOf(client);
    if (anchors + strangers > 0) return false;
    return stopNow(dataDir);
  });
}

async function underLock<T>(dataDir: string, work: () => Promise<T>): Promise<T> {
  const held = await lock(files.lock(dataDir));
  try {
    return await work();
  } finally {
    held?.release();
  }
}

async function leave(dataDir: string, anchor: pg.Client): Promise<void> {
  try {
    // A connection that was closed a moment ago, say the queue's, may still be listed.
    const deadline = Date.now() + STRANGER_PATIENCE_MS;
    let users = await usersOf(anchor);
    while (users.anchors === 0 && users.strangers > 0 && Date.now() < deadline) {
      await sleep(20);
      users = await usersOf(anchor);
    }
    if (users.anchors + users.strangers > 0) {
      // The connection outlives its end by a moment; the next to leave must not count it.
      await anchor.query(`set application_name = '${LEAVING}'`);
      await anchor.end();
      return;
    }
    await anchor.end();
  } catch {
    // The server is gone, or going: there is nobody to ask.
    if (postmasterOf(clusterDirOf(dataDir) ?? '') !== undefined) return;
  }
  await stopNow(dataDir);
}

async function stopNow(dataDir: string): Promise<boolean> {
  const clusterDir = clusterDirOf(dataDir);
  const state = readState(dataDir);
  if (state !== undefined) writeState(dataDir, { ...state, stopped: true });
  if (clusterDir === undefined || postmasterOf(clusterDir) === undefined) return false;
  await stopPostmaster(clusterDir);
  return true;
}

/** A connection to the server that runs; waits while it starts up or shuts down; none when none runs. */
async function connectRunning(dataDir: string): Promise<pg.Client | undefined> {
  let deadline = Date.now() + UNREACHABLE_PATIENCE_MS;
  for (;;) {
    const clusterDir = clusterDirOf(dataDir);
    const state = readState(dataDir);
    if (clusterDir === undefined || state === undefined) return undefined;
    const running = postmasterOf(clusterDir) !== undefined;
    try {
      return await connectAs(ANCHOR, dataDir, state);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      // A port may by now belong to another server, which then refuses our password.
      if (!running && code !== '57P03') return undefined;
      if (code === '57P03') deadline = Date.now() + UNREACHABLE_PATIENCE_MS;
      else if (/^(28|53)/.test(code) || Date.now() > deadline) {
        throw new AppError('db.unreachable', { place: dataDir, reason: error instanceof Error ? error.message : code }, { cause: error });
      }
    }
    await sleep(100);
  }
}

async function startServer(dataDir: string, options: SharedServerOptions): Promise<pg.Client> {
  const placement = choosePlacement(dataDir, embeddedBinaries(), options.placements);
  await prepareCluster(dataDir, placement, options.settings?.['fsync'] !== 'off');
  const listen = await chooseListen(placement.clusterDir, readState(dataDir));
  const state: ServerState = {
    host: 'socketDir' in listen ? listen.socketDir : listen.address,
    port: listen.port,
    stopped: false,
  };
  // Recorded before the start: if this process is killed in between, the next one finds the server.
  writeState(dataDir, state);
  await startPostmaster(dataDir, placement, listen, { ...engineSettings(presentMachine(dataDir)), ...options.settings });
  return connectAs(ANCHOR, dataDir, state);
}

async function prepareCluster(dataDir: string, placement: Placement, sync: boolean): Promise<void> {
  const isLinked = clusterDirOf(dataDir) !== undefined;
  const hasPassword = readPassword(dataDir) !== undefined;
  if (!clusterExists(placement)) {
    await createCluster(dataDir, placement, makePassword(dataDir), sync);
  } else if (hasPassword) {
    linkCluster(dataDir, placement);
  } else if (isLinked) {
    throw new AppError('db.password_missing', { file: files.password(dataDir) });
  } else {
    await removeOrphan(placement);
    await createCluster(dataDir, placement, makePassword(dataDir), sync);
  }
}

async function chooseListen(clusterDir: string, last: ServerState | undefined): Promise<Listen> {
  const socket = path.join(clusterDir, `.s.PGSQL.${SOCKET_PORT}`);
  if (process.platform !== 'win32' && Buffer.byteLength(socket) <= LONGEST_SOCKET_NAME) {
    return { socketDir: clusterDir, port: SOCKET_PORT };
  }
  const address = '127.0.0.1';
  // The same port as before where it is free: pools of processes that outlived the server look for it there.
  const port = last?.host === address ? await freePort(address, last.port).catch(() => undefined) : undefined;
  return { address, port: port ?? (await freePort(address, 0)) };
}

function freePort(address: string, wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(wanted, address, () => {
      const bound = probe.address();
      probe.close(() => resolve(bound !== null && typeof bound === 'object' ? bound.port : wanted));
    });
  });
}

/** Asks again where another session was at it: of a user who was killed then, the server finishes the statement. */
async function ensureDatabase(client: pg.Client): Promise<void> {
  const deadline = Date.now() + UNREACHABLE_PATIENCE_MS;
  for (;;) {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (rowCount !== 0) return;
    try {
      await client.query(`create database ${DATABASE} template template0`);
      return;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (!ALREADY_AT_IT.includes(code) || Date.now() > deadline) throw error;
    }
    await sleep(50);
  }
}

async function ensureKeeper(dataDir: string, client: pg.Client): Promise<void> {
  const { rowCount } = await client.query('select from pg_stat_activity where application_name = $1', [KEEPER]);
  if (rowCount !== 0) return;
  const program = path.join(import.meta.dirname, 'keeper.ts');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--max-old-space-size=32', program, dataDir], {
    cwd: path.parse(dataDir).root,
    detached: true,
    stdio: 'ignore',
    ...(process.platform === 'win32' ? {} : { env: {} }),
  });
  child.on('error', () => undefined);
  child.unref();
}
