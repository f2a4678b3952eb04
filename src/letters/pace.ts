import { setTimeout as delay } from 'node:timers/promises';

export interface PaceClock {
  /** Milliseconds, never running backwards. */
  now(): number;
  /** Resolves after the time, or when the signal aborts. */
  sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void>;
}

const realClock: PaceClock = {
  now: () => performance.now(),
  sleep: (milliseconds, signal) =>
    delay(milliseconds, undefined, signal === undefined ? {} : { signal }).catch((error: unknown) => {
      if (signal?.aborted !== true) throw error;
    }),
};

/** Gives a function to wait for before each start: starts are spread evenly over the second. Null: no limit. */
export function createPace(maxPerSecond: number | null, signal?: AbortSignal, clock: PaceClock = realClock): () => Promise<void> {
  if (maxPerSecond === null) return async () => undefined;
  let next = clock.now();
  return async () => {
    const now = clock.now();
    const wait = next - now;
    next = Math.max(next, now) + 1_000 / maxPerSecond;
    if (wait > 0) await clock.sleep(wait, signal);
  };
}
