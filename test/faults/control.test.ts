import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Library } from './library.ts';

const USERS = 4_000;
/** Two workers are then at it for seconds after the second chunk: longer than a command takes to come to the point. */
const CHUNK_SECONDS = 1;

// The waiting inside has bounds of its own, which say what did not come about.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

describe('a run that two worker processes share', () => {
  const library = new Library();

  beforeAll(() => library.make(USERS));
  afterEach(() => library.reset());
  afterAll(() => library.remove());

  it('stands still while it is paused, though a worker is killed and another begins; goes on when resumed', async () => {
    const run = await library.confirmRun();
    await library.slowChunks(CHUNK_SECONDS);
    const workers = [library.begin('worker'), library.begin('worker')] as const;
    await library.untilMidRun(run, 2);
    expect(await library.json('jobs', 'pause', String(run))).toEqual({ id: run, state: 'PAUSED' });
    const paused = await library.progress(run);
    expect(paused).toMatchObject({ state: 'PAUSED' });

    await library.kill(workers[0]);
    library.begin('worker');
    // Longer than the tables are left unlooked at.
    await sleep(3_000);
    expect(await library.progress(run)).toEqual(paused);

    await library.slowChunks(0);
    // The command waits for the end.
    expect(await library.json('jobs', 'resume', String(run))).toMatchObject({ id: run, state: 'COMPLETED_SUCCESS' });
    expect(await library.aftermath(run)).toMatchObject({ state: 'COMPLETED_SUCCESS', counts: { members: USERS, changed: USERS } });
  });

  it('is aborted at a chunk boundary: what is done is counted, nothing follows', async () => {
    const run = await library.confirmRun();
    await library.slowChunks(CHUNK_SECONDS);
    const workers = [library.begin('worker'), library.begin('worker')] as const;
    await library.untilMidRun(run, 2);
    await library.kill(workers[0]);
    expect(await library.json('jobs', 'abort', String(run))).toEqual({ id: run, state: 'USER_ABORTED' });
    const aborted = await library.progress(run);
    expect(aborted?.open).toBeGreaterThan(0);

    library.begin('worker');
    await sleep(3_000);
    expect(await library.progress(run)).toEqual(aborted);
    expect(await library.abortedAsCounted(run)).toEqual({ members: true, journal: true, blocks: true, none_outside: true });
    const { state, counts } = await library.json('jobs', 'show', String(run));
    expect(state).toBe('USER_ABORTED');
    expect(counts).toMatchObject({ members: Number(aborted?.done) * 250, changed: Number(aborted?.done) * 250 });
  });
});
