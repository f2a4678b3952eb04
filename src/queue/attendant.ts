import { setTimeout as sleep } from 'node:timers/promises';
import sql from 'sql-template-tag';
import type { PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import type { Queryable } from '../core/index.ts';
import type { Endpoint } from '../db/index.ts';
import { createBoss, ensureQueues, type Task, TASKS, WORKER_APPLICATION } from './boss.ts';

export interface Attendant {
  /** Whether bells are heard at present; when not, work is found by polling. */
  attending(): boolean;
  stop(): Promise<void>;
}

export interface AttendantOptions {
  readonly install: boolean;
  readonly log: Logger;
}

const RETRY_MS = 5_000;

/** Listens for bells and passes them on to `wake`. A queue that is out of order is tried again, never fatal. */
export function attendDoorbell(endpoint: Endpoint, wake: (task: Task) => void, options: AttendantOptions): Attendant {
  const stopping = new AbortController();
  let boss: PgBoss | undefined;

  const tryStart = async (): Promise<boolean> => {
    const candidate = await createBoss(endpoint, {
      applicationName: WORKER_APPLICATION,
      install: options.install,
      attends: true,
      onError: (error) => options.log.warn({ reason: String(error) }, 'queue'),
    });
    try {
      await candidate.start();
      if (options.install) await ensureQueues(candidate);
      for (const task of TASKS) {
        // Everything that has been rung meanwhile is answered at once: one look at the tables does for all.
        await candidate.work(task, { batchSize: 100, pollingIntervalSeconds: 2, notifyPollingIntervalSeconds: 10 }, async () => wake(task));
      }
      boss = candidate;
      return true;
    } catch (error) {
      options.log.warn({ reason: String(error) }, 'the queue cannot be opened; work is found by polling');
      await candidate.stop({ graceful: false }).catch(() => undefined);
      return false;
    }
  };
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted && !(await tryStart())) {
      await sleep(RETRY_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const started = run();
  return {
    attending: () => boss !== undefined,
    stop: async () => {
      stopping.abort();
      await started;
      await boss?.stop({ graceful: false });
    },
  };
}

/**
 * Whether a worker process is connected to this database. Its connections end with the process,
 * however it dies, so there is no stale entry to be taken in by.
 */
export async function workerPresent(db: Queryable): Promise<boolean> {
  const { rows } = await db.query<{ present: boolean }>(sql`
    select exists (
      select from pg_stat_activity a
      where a.datname = current_database() and a.application_name = ${WORKER_APPLICATION}
    ) as present`);
  return rows[0]?.present === true;
}
