import { setTimeout as sleep } from 'node:timers/promises';
import { startWorker, type Tasks, type Worker, workerPresent } from '../queue/index.ts';
import type { App } from './open.ts';

/** Makes sure that the work of an installation is being done while somebody waits for it. */
export interface Helper {
  /** Whether this process has had to lend a hand. */
  helping(): boolean;
  /** Ends the chunks under way in this process, and takes no more. */
  stop(): Promise<void>;
}

const LOOK_MS = 2_000;
const nothing = async (): Promise<boolean> => false;

/**
 * Works on runs in this process as long as no server or worker is connected to the database; looks
 * again every two seconds, so the wait does not last for ever when the server dies meanwhile.
 * Letters are left to `sendLetters`, when the run has ended.
 */
export async function helpOut(app: App): Promise<Helper> {
  const tasks: Tasks = { workOnce: app.tasks.workOnce, sendDue: nothing, startDueSchedules: nothing, keepHouse: nothing };
  const stopping = new AbortController();
  let worker: Worker | undefined;
  const look = async (): Promise<void> => {
    if (worker === undefined && !(await workerPresent(app.db.pool))) {
      worker = startWorker(tasks, { concurrency: app.config.workers, log: app.log });
    }
  };
  const keepLooking = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await sleep(LOOK_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      // A database that cannot be reached is reported by whoever waits.
      if (!stopping.signal.aborted) await look().catch(() => undefined);
    }
  };
  await look();
  const looking = keepLooking();
  return {
    helping: () => worker !== undefined,
    stop: async () => {
      stopping.abort();
      await looking;
      await worker?.stop();
    },
  };
}

/** Sends what is due in the outbox until nothing is, the channel cannot be reached, or the signal aborts. */
export async function sendLetters(app: App, signal: AbortSignal, onBatch: () => Promise<void>): Promise<void> {
  while (!signal.aborted && (await app.tasks.sendDue(signal))) await onBatch();
}
