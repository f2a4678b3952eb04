import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { giveToOwner } from './placement.ts';

/**
 * A lock on a file that the kernel frees when its holder dies, however it dies: SQLite's exclusive
 * lock on an empty database. It comes with Node, holds on Linux, macOS and Windows, is not inherited
 * by child processes, and excludes a second holder inside the same process too.
 *
 * Never open the lock file in any other way: on POSIX systems closing *any* descriptor of a file
 * gives up the process's locks on it. That is why nothing is written into it.
 */
export interface DirectoryLock {
  release(): void;
}

const SQLITE_BUSY = 5;
const POLL_MS = 25;

export function tryLock(file: string): DirectoryLock | undefined {
  createPrivately(file);
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('pragma journal_mode = off');
    database.exec('begin exclusive');
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
  let released = false;
  return {
    release: () => {
      if (released) return;
      released = true;
      database.close();
    },
  };
}

/** Waits for the lock; `undefined` when it is not free within `timeoutMs`. */
export async function lock(file: string, timeoutMs = Number.POSITIVE_INFINITY): Promise<DirectoryLock | undefined> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const held = tryLock(file);
    if (held !== undefined || Date.now() >= deadline) return held;
    await sleep(POLL_MS);
  }
}

/** A file that exists is left alone (see above), one that does not cannot be locked yet. */
function createPrivately(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
    giveToOwner(path.dirname(file), file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && ((error.errcode as number) & 0xff) === SQLITE_BUSY;
}
