import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';

/**
 * Whether a process lives. A zombie does not: where process 1 does not reap (some containers), a
 * killed server would otherwise seem to run for ever.
 */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' && stateOf(pid) !== 'Z';
  }
  return stateOf(pid) !== 'Z';
}

function statOf(pid: number): string[] | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the name in brackets and may hold anything, spaces and brackets too.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

function stateOf(pid: number): string | undefined {
  return statOf(pid)?.[0];
}

/** Tells a process from a later one with the same number; the same text means the same process. */
export function identityOf(pid: number): string | undefined {
  if (!isAlive(pid)) return undefined;
  const started = statOf(pid)?.[19];
  if (started !== undefined) return `${pid}@${started}`;
  if (process.platform === 'win32') return String(pid);
  const listed = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', env: { LC_ALL: 'C' } });
  return listed.status === 0 ? `${pid}@${listed.stdout.trim()}` : undefined;
}

/** Whether `pid` is a PostgreSQL process of the cluster in `clusterDir`: each of them stands in its data directory. */
export function isPostgresOf(clusterDir: string, pid: number): boolean {
  if (!isAlive(pid)) return false;
  if (process.platform === 'linux') {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === clusterDir && nameOf(pid).startsWith('postgres');
    } catch {
      return false;
    }
  }
  if (process.platform === 'win32') return true;
  const listed = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  return listed.status === 0 && listed.stdout.includes(clusterDir);
}

/** All processes of the cluster. Known on Linux only; elsewhere one can but wait until PostgreSQL says they are gone. */
export function postgresProcessesOf(clusterDir: string): number[] {
  return processes().filter((pid) => isPostgresOf(clusterDir, pid));
}

/** An initdb that makes a cluster in `directory`, and the server it has started to do so. On Linux only. */
export function processesMaking(directory: string): number[] {
  return processes().filter((pid) => isAlive(pid) && (isPostgresOf(directory, pid) || argumentsOf(pid).includes(`--pgdata=${directory}`)));
}

function processes(): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number);
}

function argumentsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function nameOf(pid: number): string {
  return path.basename(readFileSync(`/proc/${pid}/comm`, 'utf8').trim());
}
