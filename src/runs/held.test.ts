import sql from 'sql-template-tag';
import { beforeEach, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { runsBench } from '../../test/support/runs.ts';
import { parseInput } from '../core/index.ts';
import { listRuns, resumeRun, startRun } from './index.ts';

const test = useTestDatabase();
const bench = runsBench(test);
const PLAN = {
  changes: [{ change: 'campus_code', set: 'MED' }],
  remarks: [{ code: 'alma.date_cleared', params: { field: 'purge_date' } }],
};

const start = (set: string, more: object) => startRun.run(bench.ctx, parseInput(startRun.input, { set, plan: PLAN, ...more }));

beforeEach(async () => {
  await bench.clear();
  await bench.users({ primary_id: 'ann', last_name: 'A' }, { primary_id: 'ben', last_name: 'B' });
  const guard = JSON.stringify({ share: 20, atLeast: 2, absolute: 10_000 });
  await test.db.pool.query(sql`insert into settings (name, value) values ('guard', ${guard}::jsonb) on conflict (name) do nothing`);
});

describe('a run that the guard asks about', () => {
  it('is refused, or waits for a person where that was asked for', async () => {
    const set = await bench.set('everyone');
    await expect(start(set, {})).rejects.toMatchObject({ code: 'runs.guard' });
    const held = await start(set, { hold: true });
    expect(held).toMatchObject({ state: 'MANUAL_HANDLING_REQUIRED', members: 2 });
    await bench.work();
    expect(await bench.show(held.id)).toMatchObject({
      state: 'MANUAL_HANDLING_REQUIRED',
      state_reason: expect.stringContaining('a program may'),
    });
    await expect(resumeRun.run(bench.ctx, { id: held.id, confirm: false })).rejects.toMatchObject({ code: 'runs.needs_confirmation' });
    expect(await resumeRun.run(bench.ctx, { id: held.id, confirm: true })).toMatchObject({ state: 'RUNNING' });
    await bench.work();
    expect(await bench.show(held.id)).toMatchObject({ state: 'COMPLETED_SUCCESS', counts: { changed: 2 } });
  });

  it('does not wait when it is confirmed, or too small to ask about', async () => {
    expect(await start(await bench.set('everyone'), { hold: true, confirm: true })).toMatchObject({ state: 'RUNNING' });
    expect(await start(await bench.set('primary_id = "ann"'), { hold: true })).toMatchObject({ state: 'RUNNING' });
  });
});

describe('the remarks of a plan', () => {
  it('are told in the report, in the language of whoever reads it', async () => {
    const { id } = await start(await bench.set('primary_id = "ann"'), {});
    expect((await bench.show(id)).remarks).toEqual(['The program asked for purge_date without giving a date: the field is cleared.']);
  });
});

describe('the list of runs', () => {
  it('is narrowed by state and day, and counted', async () => {
    const set = await bench.set('primary_id = "ann"');
    const ids: number[] = [];
    for (let i = 0; i < 3; i += 1) ids.unshift((await start(set, {})).id);
    await bench.work();
    const list = (input: object) => listRuns.run(bench.ctx, parseInput(listRuns.input, { counted: true, ...input }));
    const page = await list({ limit: 1, offset: 1 });
    expect([page.jobs.map((job) => job.id), page.total]).toEqual([ids.slice(1, 2), 3]);
    expect((await list({ states: ['COMPLETED_SUCCESS'] })).total).toBe(3);
    expect((await list({ states: ['PAUSED'] })).total).toBe(0);
    await test.db.pool.query(sql`update runs set created_at = '2026-03-01 23:30:00Z' where id = ${ids[0]}::bigint`);
    // Half past midnight of the next day in Berlin.
    expect((await list({ from: '2026-03-02', to: '2026-03-02' })).jobs.map((job) => job.id)).toEqual(ids.slice(0, 1));
    expect((await list({ from: '2026-03-01', to: '2026-03-01' })).total).toBe(0);
    expect((await list({})).jobs).toHaveLength(3);
    expect(await listRuns.run(bench.ctx, parseInput(listRuns.input, {}))).not.toHaveProperty('total');
  });
});
