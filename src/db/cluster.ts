import { spawn, spawnSync } from 'node:child_process';
import {
  chownSync,
  closeSync,
  existsSync,
  fstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../core/index.ts';
import { embeddedBinaries, programOf } from './embedded.ts';
import type { EngineSettings } from './engine-settings.ts';
import { CLUSTER, commandOf, giveCluster, giveToOwner, type Placement } from './placement.ts';
import { isAlive, isPostgresOf, postgresProcessesOf, processesMaking } from './processes.ts';
import { SUPERUSER } from './server-state.ts';

/**
 * One PostgreSQL cluster on disk: making it, starting its server, stopping it. Everything here is
 * done while holding the lock of the data directory; who may start and stop is decided elsewhere.
 */

export type Listen = { readonly socketDir: string; readonly port: number } | { readonly address: string; readonly port: number };

/** Between the cluster's name and what makes a draft's name its own. */
const DRAFT = '.new-';
const LOG_LIMIT_BYTES = 20 * 1024 ** 2;
/** An orphaned backend of a killed server that is still busy after this long is not waited for any more. */
const LEFTOVER_PATIENCE_MS = 5_000;
const START_PATIENCE_MS = 120_000;
const STOP_PATIENCE_MS = 60_000;

export function clusterExists(placement: Placement): boolean {
  return existsSync(path.join(placement.clusterDir, 'PG_VERSION'));
}

/**
 * Makes the cluster, all or nothing: as a draft first, since initdb may be killed half-way. Each draft
 * has a name of its own, since an initdb goes on after whoever started it was killed, and must not
 * write into the next one's.
 */
export async function createCluster(dataDir: string, placement: Placement, password: string, sync = true): Promise<void> {
  await removeDrafts(placement.clusterDir);
  const draft = mkdtempSync(`${placement.clusterDir}${DRAFT}`);
  const passwordFile = `${draft}.pw`;
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  try {
    if (placement.runAs.kind === 'account') {
      chownSync(draft, placement.runAs.uid, placement.runAs.gid);
      chownSync(passwordFile, placement.runAs.uid, placement.runAs.gid);
    }
    const { file, args, options } = commandOf(placement, 'initdb', [
      `--pgdata=${draft}`,
      `--username=${SUPERUSER}`,
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      // The builtin provider sorts and folds the same on every machine and in every version of its libraries.
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      '--no-instructions',
      ...(sync ? [] : ['--no-sync']),
    ]);
    const made = spawnSync(file, args, { ...options, encoding: 'utf8' });
    if (made.status !== 0) {
      throw new AppError('db.start_failed', { reason: `initdb: ${made.error?.message ?? ''}${made.stderr}${made.stdout}`.trim() });
    }
    // A link that leads nowhere would be in the way.
    if (!existsSync(placement.clusterDir)) rmSync(placement.clusterDir, { force: true });
    renameSync(draft, placement.clusterDir);
  } finally {
    rmSync(draft, { recursive: true, force: true });
    rmSync(passwordFile, { force: true });
  }
  linkCluster(dataDir, placement);
}

/** Ends an initdb whose starter was killed, where processes can be looked up, and takes away what it has made. */
async function removeDrafts(clusterDir: string): Promise<void> {
  const parent = path.dirname(clusterDir);
  const drafts = readdirSync(parent)
    .filter((entry) => entry.startsWith(`${path.basename(clusterDir)}${DRAFT}`))
    .map((entry) => path.join(parent, entry));
  for (const draft of drafts) {
    for (let left = processesMaking(draft); left.length > 0; left = processesMaking(draft)) {
      for (const pid of left) signalIfThere(pid, 'SIGKILL');
      await sleep(20);
    }
    try {
      rmSync(draft, { recursive: true, force: true });
    } catch (error) {
      // Where they cannot be looked up one may still be writing; the next start takes its draft away.
      if (process.platform === 'linux') throw error;
    }
  }
}

/** A cluster that lies elsewhere has a link in the data directory. */
export function linkCluster(dataDir: string, placement: Placement): void {
  const link = path.join(dataDir, CLUSTER);
  if (existsSync(link)) return;
  rmSync(link, { force: true });
  symlinkSync(placement.clusterDir, link);
}

/** Removes a cluster that lies elsewhere and whose data directory was thrown away; nobody has its password. */
export async function removeOrphan(placement: Placement): Promise<void> {
  await stopPostmaster(placement.clusterDir);
  rmSync(placement.clusterDir, { recursive: true, force: true });
}

/** The number of the running server, if one runs. A number that now belongs to another process does not count. */
export function postmasterOf(clusterDir: string): number | undefined {
  const pid = Number(pidFileLines(clusterDir)[0]);
  return Number.isSafeInteger(pid) && pid > 0 && isPostgresOf(clusterDir, pid) ? pid : undefined;
}

function pidFileLines(clusterDir: string): string[] {
  try {
    return readFileSync(path.join(clusterDir, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
}

function isReady(clusterDir: string, pid: number): boolean {
  const lines = pidFileLines(clusterDir);
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
}

/**
 * Starts the server, detached (a Ctrl-C in the terminal never reaches it), and waits until it takes
 * connections. After a kill the processes of the old server are waited for: PostgreSQL refuses to
 * start beside them, rightly, since they still write to the same files.
 */
export async function startPostmaster(dataDir: string, placement: Placement, listen: Listen, settings: EngineSettings): Promise<number> {
  checkMajor(placement);
  giveCluster(placement);
  const deadline = Date.now() + START_PATIENCE_MS;
  for (;;) {
    await endLeftovers(placement.clusterDir);
    const attempt = await launch(dataDir, placement, listen, settings);
    if (attempt.pid !== undefined) return attempt.pid;
    if (!isBlockedByLeftovers(attempt.log) || Date.now() > deadline) {
      throw new AppError('db.start_failed', { reason: attempt.log.trim().split('\n').slice(-15).join('\n') });
    }
    await sleep(500);
  }
}

function checkMajor(placement: Placement): void {
  const found = readFileSync(path.join(placement.clusterDir, 'PG_VERSION'), 'utf8').trim();
  if (Number(found) !== placement.binaries.major) {
    throw new AppError('db.cluster_version', { found, needed: String(placement.binaries.major) });
  }
}

function isBlockedByLeftovers(log: string): boolean {
  return log.includes('pre-existing shared memory block') || log.includes('lock file "postmaster.pid" already exists');
}

/** Ends what is left of a killed server of this very cluster, and takes away its stale pid file. */
async function endLeftovers(clusterDir: string): Promise<void> {
  const started = Date.now();
  for (;;) {
    const left = postgresProcessesOf(clusterDir);
    if (left.length === 0) break;
    // SIGQUIT ends a backend at once and safely; it is what the postmaster itself would send.
    const signal = Date.now() - started > LEFTOVER_PATIENCE_MS ? 'SIGKILL' : 'SIGQUIT';
    for (const pid of left) signalIfThere(pid, signal);
    await sleep(100);
  }
  const pid = Number(pidFileLines(clusterDir)[0]);
  // PostgreSQL judges by the number alone: another program that bears it now, or a zombie, would block it for ever.
  if (process.platform === 'linux' && pid > 0 && !isPostgresOf(clusterDir, pid)) {
    for (const file of readdirSync(clusterDir)) {
      if (file === 'postmaster.pid' || file.startsWith('.s.PGSQL.')) rmSync(path.join(clusterDir, file), { force: true });
    }
  }
}

function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function launch(
  dataDir: string,
  placement: Placement,
  listen: Listen,
  settings: EngineSettings,
): Promise<{ pid?: number; log: string }> {
  const logFile = path.join(dataDir, 'postgres.log');
  rotate(logFile);
  const log = openSync(logFile, 'a+', 0o600);
  const from = fstatSync(log).size;
  try {
    giveToOwner(dataDir, logFile);
    const { file, args, options } = commandOf(placement, 'postgres', [
      '-D',
      placement.clusterDir,
      ...settingArgs({ ...settings, ...listenSettings(listen) }),
    ]);
    const child = spawn(file, args, { ...options, detached: true, stdio: ['ignore', log, log] });
    const pid = child.pid;
    let ended = false;
    child.once('exit', () => {
      ended = true;
    });
    child.once('error', (error) => {
      ended = true;
      writeFileSync(log, `${error.message}\n`);
    });
    child.unref();
    // No limit: recovery after a kill may take minutes, and the server says so itself when it gives up.
    while (pid !== undefined && !ended) {
      if (isReady(placement.clusterDir, pid)) return { pid, log: '' };
      await sleep(20);
    }
    // A spawn that failed reports its error in the next turn.
    await sleep(0);
    return { log: readFrom(log, from) };
  } finally {
    closeSync(log);
  }
}

function settingArgs(settings: EngineSettings): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

function listenSettings(listen: Listen): EngineSettings {
  if ('socketDir' in listen) {
    return { listen_addresses: '', unix_socket_directories: listen.socketDir, unix_socket_permissions: '0700', port: String(listen.port) };
  }
  return { listen_addresses: listen.address, unix_socket_directories: '', port: String(listen.port) };
}

function rotate(file: string): void {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT_BYTES) renameSync(file, `${file}.1`);
}

function readFrom(descriptor: number, from: number): string {
  const size = fstatSync(descriptor).size - from;
  const buffer = Buffer.alloc(Math.max(0, size));
  readSync(descriptor, buffer, 0, buffer.length, from);
  return buffer.toString('utf8');
}

/** Stops the server: connections are ended and everything is written out; if that hangs, at once. */
export async function stopPostmaster(clusterDir: string): Promise<void> {
  const pid = postmasterOf(clusterDir);
  if (pid === undefined) return;
  for (const mode of ['fast', 'immediate'] as const) {
    if (process.platform === 'win32') {
      spawnSync(programOf(embeddedBinaries(), 'pg_ctl'), ['stop', '-W', '-m', mode, '-D', clusterDir]);
    } else {
      signalIfThere(pid, mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
    }
    const deadline = Date.now() + STOP_PATIENCE_MS;
    while (Date.now() < deadline) {
      if (!isAlive(pid)) return;
      await sleep(20);
    }
  }
}
