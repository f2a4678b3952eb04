/** What requests cost: the processor time of this process and of its PostgreSQL, which a busy machine does not stretch. */
import { readdir, readFile } from 'node:fs/promises';
import type { Queryable } from '../../src/core/index.ts';

/** Milliseconds of processor time so far. */
export interface Spent {
  readonly node: number;
  /** Zero where the system does not tell (it has no /proc). */
  readonly database: number;
}

/** Clock ticks of Linux are hundredths of a second for programs, whatever the kernel counts in. */
const TICK_MS = 10;

/** Reads what has been spent, of the server that `db` leads to if that runs on this machine. */
export async function cpuMeter(db: Queryable): Promise<() => Promise<Spent>> {
  const { rows } = await db.query<{ pid: number }>('select pg_backend_pid() as pid');
  const postmaster = (await statOf(rows[0]?.pid ?? 0))?.parent;
  return async () => {
    const { user, system } = process.cpuUsage();
    return { node: (user + system) / 1_000, database: postmaster === undefined ? 0 : await ofFamily(postmaster) };
  };
}

export function since(before: Spent, after: Spent, requests: number): Spent {
  return { node: (after.node - before.node) / requests, database: (after.database - before.database) / requests };
}

/** The postmaster, with the children that have ended, and those that live. */
async function ofFamily(postmaster: number): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const all = await Promise.all(pids.map(async (pid) => ({ pid, stat: await statOf(pid) })));
  return all.reduce((sum, { pid, stat }) => {
    if (stat === undefined || (pid !== postmaster && stat.parent !== postmaster)) return sum;
    return sum + stat.own + (pid === postmaster ? stat.ended : 0);
  }, 0);
}

/** Parent, own time, and that of children that have ended, in milliseconds. */
async function statOf(pid: number): Promise<{ parent: number; own: number; ended: number } | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  // The name in brackets may hold anything; after it come state (0), parent (1), …, utime (11), stime, cutime, cstime.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const at = (n: number): number => Number(fields[n]);
  return { parent: at(1), own: (at(11) + at(12)) * TICK_MS, ended: (at(13) + at(14)) * TICK_MS };
}
