import type { ConstructorOptions, PgBoss } from 'pg-boss';
import { clientConfig, type Endpoint } from '../db/index.ts';

/** pg-boss keeps its tables in a schema of their own, beside ours. */
export const QUEUE_SCHEMA = 'muster_queue';

/** What can be rung for; each is a queue. */
export const TASKS = ['runs', 'outbox'] as const;
export type Task = (typeof TASKS)[number];

/** Connections of processes that work on runs carry this name, so that others can see that somebody does. */
export const WORKER_APPLICATION = 'muster worker';

export interface BossOptions {
  readonly applicationName: string;
  readonly onError: (error: unknown) => void;
  /** May create or upgrade the queue's own tables. */
  readonly install: boolean;
  /** Listens, supervises and cleans up; a process that only rings does none of it. */
  readonly attends: boolean;
}

export async function createBoss(endpoint: Endpoint, options: BossOptions): Promise<PgBoss> {
  // A third of the time in which a command starts, and most ring for nobody.
  const { PgBoss: Boss } = await import('pg-boss');
  const boss = new Boss({
    ...connectionOf(endpoint, options.applicationName),
    schema: QUEUE_SCHEMA,
    migrate: options.install,
    max: options.attends ? 3 : 1,
    schedule: false,
    registerInstance: false,
    supervise: options.attends,
    useListenNotify: options.attends,
    // Left to its defaults pg-boss looks after lost and old jobs once a minute and once a day.
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    maintenanceIntervalSeconds: 60,
    // Bells are few and short-lived: there is no bloat to look for.
    reindex: false,
    monitorVacuum: false,
  });
  boss.on('error', options.onError);
  return boss;
}

/**
 * Makes sure of the queues. A bell is worth nothing once it is old, since every worker polls the
 * tables anyway: it is not retried, and goes after a minute whether somebody answered it or not.
 */
export async function ensureQueues(boss: PgBoss): Promise<void> {
  for (const task of TASKS) {
    await boss.createQueue(task, {
      notify: true,
      retryLimit: 0,
      expireInSeconds: 30,
      retentionSeconds: 60,
      deleteAfterSeconds: 60,
    });
  }
}

/** Without our value parsers: pg-boss wants its timestamps as the driver gives them. */
function connectionOf(endpoint: Endpoint, applicationName: string): ConstructorOptions {
  const { types: _ours, ...connection } = clientConfig(endpoint, { applicationName });
  return connection as ConstructorOptions;
}
