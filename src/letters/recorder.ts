/** Writing down what became of messages, many at a time, while others are being sent. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../core/index.ts';
import { type Outcome, recordOutcomes } from './ledger.ts';
import { countFailures } from './streaks.ts';

export interface Recorder {
  add(outcome: Outcome): void;
  /** Outcomes that are not written yet. */
  readonly waiting: () => number;
  /** Resolves when everything is written; rejects with the error of writing. */
  flush(): Promise<void>;
}

export interface RecorderOptions {
  readonly pauseAfter: () => number;
  /** Until when a database that is gone is waited for, on the clock of `performance.now()`. */
  readonly patientUntil: () => number;
}

/** One statement is not to hold more rows. */
const MOST = 500;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Collects outcomes while an earlier batch of them is being written, so a slow database makes for
 * fewer and larger statements, and what has gone out is written down at once when it is fast. What has
 * gone out and cannot be written, because the database is gone, is kept and written when it is back:
 * else nobody would know that it went out.
 */
export function createRecorder(db: Database, options: RecorderOptions): Recorder {
  let waiting: Outcome[] = [];
  let writing: Promise<void> | undefined;
  let failure: { readonly error: unknown } | undefined;

  const write = async (batch: readonly Outcome[]): Promise<void> => {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
      try {
        await recordOutcomes(db.pool, batch);
        await countFailures(db.pool, batch, options.pauseAfter());
        return;
      } catch (error) {
        if (!isConnectionLost(error) || performance.now() > options.patientUntil()) throw error;
        await sleep(pause);
      }
    }
  };
  const writeAll = async (): Promise<void> => {
    try {
      while (waiting.length > 0 && failure === undefined) {
        const batch = waiting.slice(0, MOST);
        waiting = waiting.slice(MOST);
        await write(batch);
      }
    } catch (error) {
      failure = { error };
    } finally {
      writing = undefined;
    }
  };

  return {
    add: (outcome) => {
      waiting.push(outcome);
      // After an error the outcomes stay unwritten: the leases end, and the rows are taken again.
      if (failure === undefined) writing ??= writeAll();
    },
    waiting: () => waiting.length,
    flush: async () => {
      while (writing !== undefined) await writing;
      if (failure !== undefined) throw failure.error;
    },
  };
}

/** Shutting down, recovering, too busy, a deadlock, or no connection at all: it comes back. */
const AWAY = /^(?:08|53|57P|40|ECONN|EPIPE|ENOENT|ETIMEDOUT)/;

/** Whether the database has gone, so that the same statement may succeed later. */
export function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.some(isConnectionLost);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (AWAY.test(code) || /connection terminated|timeout exceeded when trying to connect/i.test(error.message)) return true;
  return error.cause !== undefined && isConnectionLost(error.cause);
}

/** Whether the database refuses what was to be written, and not because of the connection. */
export function isRefused(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^(?:22|23|P0)/.test(error.code);
}
