/** Bounds how much password hashing goes on at once: each takes 19 MiB and a core for about 20 ms. */
import os from 'node:os';
import { AppError } from '../../core/index.ts';

export interface Bounds {
  /** Tasks at the same time. */
  readonly atOnce: number;
  /** Tasks that may wait for their turn; further ones are refused. */
  readonly waiting: number;
}

/**
 * Runs tasks, `atOnce` of them at the same time and the others in turn. When `waiting` wait already, a
 * task is refused with `access.busy`: a flood must not pile up in memory.
 */
export function bounded({ atOnce, waiting }: Bounds): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0;
  const queue: (() => void)[] = [];
  return async (task) => {
    if (running >= atOnce) {
      if (queue.length >= waiting) throw new AppError('access.busy', {});
      // Whoever ends hands its place on, so `running` stays as it is.
      await new Promise<void>((resolve) => queue.push(resolve));
    } else {
      running += 1;
    }
    try {
      return await task();
    } finally {
      const next = queue.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}

/** One core stays free for everything else; the threads that hash are four at most. */
export const hashing = bounded({ atOnce: Math.min(4, Math.max(1, os.availableParallelism() - 1)), waiting: 200 });
