import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../core/index.ts';
import { type DirectoryLock, lock, tryLock } from './directory-lock.ts';
import { identityOf } from './processes.ts';
import { files, prepareDataDir, readJson, writeJson } from './server-state.ts';
import { stopServer } from './shared-server.ts';

/**
 * The one `muster start` of a data directory. It holds a lock of its own as long as it lives and has
 * written its number down under the directory's lock, so a recorded number is only ever believed
 * while its process is there.
 */
const STOP_PATIENCE_MS = 60_000;
const KILL_PATIENCE_MS = 10_000;

export interface ServerClaim {
  release(): void;
}

/** Makes this process the server of the directory; throws `db.server_running` when there is one. */
export async function claimServer(directory: string): Promise<ServerClaim> {
  const dataDir = prepareDataDir(directory);
  return underLock(dataDir, () => {
    const claim = tryLock(files.serverLock(dataDir));
    if (claim === undefined) {
      throw new AppError('db.server_running', { dir: dataDir, pid: String(readJson(files.server(dataDir))['pid'] ?? '?') });
    }
    writeJson(dataDir, files.server(dataDir), { pid: process.pid, identity: identityOf(process.pid) ?? '' });
    return claim;
  });
}

/** Ends the `muster start` of the directory, then its database; says which of the two there was. */
export async function stopDatabase(directory: string): Promise<{ server: boolean; database: boolean }> {
  const dataDir = prepareDataDir(directory);
  const server = await underLock(dataDir, () => runningServer(dataDir));
  if (server !== undefined) await end(dataDir, server);
  // Its server may have stopped the database already, being the last to use it.
  const database = await stopServer(dataDir);
  return { server: server !== undefined, database: database || server !== undefined };
}

interface Running {
  readonly pid: number;
  readonly identity: string;
}

function runningServer(dataDir: string): Running | undefined {
  const claim = tryLock(files.serverLock(dataDir));
  if (claim !== undefined) {
    claim.release();
    return undefined;
  }
  const { pid, identity } = readJson(files.server(dataDir));
  return typeof pid === 'number' && typeof identity === 'string' ? { pid, identity } : undefined;
}

async function end(dataDir: string, server: Running): Promise<void> {
  for (const [signal, patience] of [
    ['SIGTERM', STOP_PATIENCE_MS],
    ['SIGKILL', KILL_PATIENCE_MS],
  ] as const) {
    // The number may have gone to another process since; then there is nothing to end.
    if (identityOf(server.pid) !== server.identity) return;
    process.kill(server.pid, signal);
    const gone = await waitFor(dataDir, patience);
    if (gone) return;
  }
}

async function waitFor(dataDir: string, patienceMs: number): Promise<boolean> {
  const free = await lock(files.serverLock(dataDir), patienceMs);
  free?.release();
  // A moment for its connections to go.
  await sleep(20);
  return free !== undefined;
}

async function underLock<T>(dataDir: string, work: () => T): Promise<T> {
  const held: DirectoryLock | undefined = await lock(files.lock(dataDir));
  try {
    return work();
  } finally {
    held?.release();
  }
}
