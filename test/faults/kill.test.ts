import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Aftermath } from './aftermath.ts';
import { Library } from './library.ts';

/** Sixteen chunks of the smallest size there is. */
const USERS = 4_000;
/** A kill then comes before the run is over, however fast the machine. */
const CHUNK_SECONDS = 0.1;

// The waiting inside has bounds of its own, which say what did not come about.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

describe('a run on a data directory', () => {
  const library = new Library();
  let undisturbed: Aftermath;

  beforeAll(async () => {
    await library.make(USERS);
    const run = await library.confirmRun();
    library.begin('worker');
    await library.untilEnded(run);
    undisturbed = await library.aftermath(run);
    expect(undisturbed).toMatchObject({ state: 'COMPLETED_SUCCESS', counts: { members: USERS, changed: USERS } });
    expect(undisturbed.outbox).toBeGreaterThan(1_000);
    await library.reset();
  });
  afterEach(() => library.reset());
  afterAll(() => library.remove());

  it('ends as if nothing had happened when its workers are killed', async () => {
    const run = await library.confirmRun();
    await library.slowChunks(CHUNK_SECONDS);
    const first = library.begin('worker');
    await library.untilMidRun(run, 2);
    await library.kill(first);
    const second = library.begin('start');
    const before = await library.untilMidRun(run, 6);
    await library.kill(second);
    library.begin('worker');
    await library.untilMoving(run, before);
    await library.untilEnded(run);
    expect(await library.aftermath(run)).toEqual(undisturbed);
  });

  it('ends as if nothing had happened when PostgreSQL is killed, first alone and then together with the server', async () => {
    const run = await library.confirmRun();
    await library.slowChunks(CHUNK_SECONDS);
    const server = library.begin('start');
    const before = await library.untilMidRun(run, 2);
    library.killPostmaster();
    await library.untilMoving(run, before);
    const again = await library.untilMidRun(run, before.done + 3);
    library.killPostmaster();
    await library.kill(server);
    library.begin('start');
    await library.untilMoving(run, again);
    await library.untilEnded(run);
    expect(await library.aftermath(run)).toEqual(undisturbed);
  });
});
