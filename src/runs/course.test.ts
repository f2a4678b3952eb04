import { beforeEach, expect, it } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { runsBench } from '../../test/support/runs.ts';
import { perform } from '../access/index.ts';
import { createSetFromRun } from '../sets/index.ts';
import { userHistory } from '../users/index.ts';
import { listOutcomes, listRuns, showRun } from './report.ts';
import { startRun } from './start.ts';

const test = useTestDatabase();
const bench = runsBench(test);
const PLAN = {
  changes: [
    { change: 'user_group', set: 'STAFF' },
    { change: 'expiry_date', shift: { years: 8000 } },
  ],
  notify: { type: 'GENERAL_NOTICE' },
};

let run = 0;

beforeEach(async () => {
  await bench.clear();
  await bench.users(
    ...['a', 'b', 'c'].map((primary_id) => ({
      primary_id,
      first_name: 'Ada',
      last_name: primary_id,
      user_group: 'STUDENT',
      user_emails: [{ address: `${primary_id}@example.org` }],
      ...(primary_id === 'c' ? { expiry_date: '2030-01-01' } : {}),
    })),
  );
  const set = await bench.set(`user_group = 'STUDENT'`);
  const started = await perform(bench.ctx, startRun, { set, plan: PLAN, confirm: true, name: 'Staff 100 %' });
  run = started.id;
  await bench.work();
});

it('tells how a run went: its chunks, the letters by channel, who failed, and what to do', async () => {
  const report = await perform(bench.ctx, showRun, { id: run });
  expect(report).toMatchObject({
    undoable: true,
    approval: null,
    approvable: false,
    waits_for: null,
    chunks: { count: 1, done: 1 },
    reasons: [
      { reason: 'changes.date_out_of_range', users: 1, outcome: 'failed', advice: 'Correct their present date, or choose a smaller step' },
    ],
    letters: { ledger: { queued: 2 }, by_channel: { email: { queued: 2 } } },
  });
  expect(Date.parse(report.chunks.last_at ?? '')).toBeGreaterThanOrEqual(Date.parse(report.started_at ?? ''));
});

it('finds the users of one reason, makes a set of them, and says what the run did to one user', async () => {
  const { users } = await perform(bench.ctx, listOutcomes, { id: run, reason: 'changes.date_out_of_range' });
  expect(users).toMatchObject([{ primary_id: 'c', name: 'Ada c', outcome: 'failed' }]);
  expect((await perform(bench.ctx, listOutcomes, { id: run, outcome: 'failed', reason: 'changes.no_date' })).users).toEqual([]);
  const outcome = { run, outcome: 'failed' as const };
  expect(await perform(bench.ctx, createSetFromRun, { ...outcome, reason: 'changes.date_out_of_range', name: 'Mend' })).toMatchObject({
    members: 1,
  });
  expect(await perform(bench.ctx, createSetFromRun, { ...outcome, reason: 'changes.no_date', name: 'Nobody' })).toMatchObject({
    members: 0,
  });
  const history = await perform(bench.ctx, userHistory, { user: 'a', run });
  expect(history.entries.map((entry) => entry.run.id)).toEqual([run]);
  expect((await perform(bench.ctx, userHistory, { user: 'a', run: run + 1 })).entries).toEqual([]);
});

it('finds jobs by name, set, author and number', async () => {
  const found = async (text: string) => (await perform(bench.ctx, listRuns, { text })).jobs.map(({ id }) => id);
  expect(await found('STAFF 100 %')).toEqual([run]);
  expect(await found(String(run))).toEqual([run]);
  expect(await found('Staff 1_0')).toEqual([]);
});
