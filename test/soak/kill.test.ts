import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Aftermath } from '../faults/aftermath.ts';
import { chance, Library } from '../faults/library.ts';

const USERS = 20_000;
const ROUNDS = 25;
const MOST_FAULTS = 3;
/** About as long as a chunk takes: a fault hits its beginning, its middle and its end. */
const LONGEST_DELAY_MS = 300;
const CHUNKS = 16;

const FAULTS = ['worker', 'postgres', 'both'] as const;

describe('a run whose processes are killed at random moments', () => {
  const library = new Library();
  let undisturbed: Aftermath;

  beforeAll(async () => {
    await library.make(USERS);
    const run = await library.confirmRun();
    library.begin('worker');
    await library.untilEnded(run);
    undisturbed = await library.aftermath(run);
    expect(undisturbed).toMatchObject({ state: 'COMPLETED_SUCCESS', counts: { members: USERS, changed: USERS } });
    await library.reset();
  });
  afterEach(() => library.reset());
  afterAll(() => library.remove());

  const seed = randomInt(2 ** 31);
  it.each(Array.from({ length: ROUNDS }, (_, round) => seed + round))('ends as if nothing had happened (seed %i)', async (ofRound) => {
    const random = chance(ofRound);
    const below = (bound: number): number => Math.floor(random() * bound);
    const told: string[] = [];

    const run = await library.confirmRun();
    let working = library.begin('worker');
    let done = 0;
    for (let faults = 1 + below(MOST_FAULTS); faults > 0; faults -= 1) {
      await library.untilChunks(run, done + below(Math.floor(CHUNKS / MOST_FAULTS)));
      await sleep(below(LONGEST_DELAY_MS));
      const before = await library.progress(run);
      if (before?.state !== 'RUNNING') break;
      done = before.done;
      const fault = FAULTS[below(FAULTS.length)] ?? 'both';
      if (fault !== 'worker') library.killPostmaster();
      if (fault !== 'postgres') {
        await library.kill(working);
        working = library.begin(random() < 0.5 ? 'worker' : 'start');
      }
      const movedAfter = await library.untilMoving(run, before);
      told.push(`${fault} after ${done} chunks, moving again after ${movedAfter} ms`);
    }
    await library.untilEnded(run);
    process.stdout.write(`seed ${ofRound}: ${told.join('; ')}\n`);
    expect(await library.aftermath(run)).toEqual(undisturbed);
  });
});
