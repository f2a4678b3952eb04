import type { PgBoss } from 'pg-boss';
import { AppError, type Doorbell } from '../core/index.ts';
import type { Endpoint } from '../db/index.ts';
import { createBoss, ensureQueues, type Task } from './boss.ts';

/** A doorbell to ring; nothing is opened before its first ring. */
export interface OpenDoorbell extends Doorbell {
  close(): Promise<void>;
}

export interface DoorbellOptions {
  /** Whether this process may make the queue's tables; where it may not and they are missing, it is silent. */
  readonly install: boolean;
  readonly onError: (error: unknown) => void;
}

/**
 * Rings inside the caller's transaction, so that nobody is called to work that is then rolled back.
 *
 * A ring is a row of its own, without a key that would make it one with another: a unique key would
 * make a transaction wait for every other one that has rung and not yet committed, and the workers'
 * chunks would go one after the other.
 *
 * A bell out of order delays work until the next poll (two seconds) and harms nothing else, so a
 * queue that cannot be opened is reported to `onError` and not to the caller.
 */
export function createDoorbell(endpoint: Endpoint, options: DoorbellOptions): OpenDoorbell {
  let opening: Promise<PgBoss | undefined> | undefined;
  const open = async (): Promise<PgBoss | undefined> => {
    const boss = await createBoss(endpoint, { ...options, applicationName: 'muster queue', attends: false });
    try {
      await boss.start();
      if (options.install) await ensureQueues(boss);
      return boss;
    } catch (error) {
      options.onError(error);
      await boss.stop({ graceful: false }).catch(options.onError);
      return undefined;
    }
  };
  return {
    ring: async (tx, task: Task) => {
      opening ??= open();
      const boss = await opening;
      await boss?.send(task, null, { db: { executeSql: (text, values) => tx.query(text, values) } });
    },
    close: async () => {
      await (await opening)?.stop({ graceful: false });
    },
  };
}

/** Makes or upgrades the queue's tables; part of every migration. Throws `queue.not_installed`. */
export async function installQueue(endpoint: Endpoint): Promise<void> {
  const boss = await createBoss(endpoint, { applicationName: 'muster migrate', install: true, attends: false, onError: () => undefined });
  try {
    await boss.start();
    await ensureQueues(boss);
  } catch (error) {
    throw new AppError('queue.not_installed', { reason: error instanceof Error ? error.message : String(error) }, { cause: error });
  } finally {
    await boss.stop({ graceful: false });
  }
}
