import { expect, test } from 'vitest';
import { createPace } from './pace.ts';

test('starts are spread evenly, and time that passed by itself is not waited for again', async () => {
  let now = 1_000;
  const waits: number[] = [];
  const pace = createPace(4, undefined, {
    now: () => now,
    sleep: async (milliseconds) => {
      waits.push(milliseconds);
      now += milliseconds;
    },
  });
  await pace();
  await pace();
  await pace();
  now += 10_000;
  await pace();
  await pace();
  expect(waits).toEqual([250, 250, 250]);
});

test('an abort ends the wait', async () => {
  const stop = new AbortController();
  const pace = createPace(0.001, stop.signal);
  await pace();
  const waiting = pace();
  stop.abort();
  await expect(waiting).resolves.toBeUndefined();
});

test('without a limit nothing waits', async () => {
  const pace = createPace(null, undefined, { now: () => 0, sleep: () => Promise.reject(new Error('waited')) });
  await pace();
  await pace();
});
