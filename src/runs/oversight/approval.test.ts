import { beforeEach, describe, expect, it } from 'vitest';
import { userActor } from '../../../test/support/actors.ts';
import { useTestDatabase } from '../../../test/support/database.ts';
import { runsBench } from '../../../test/support/runs.ts';
import { perform } from '../../access/index.ts';
import { type Actor, AppError, type Context } from '../../core/index.ts';
import { abortRun, resumeRun } from '../control.ts';
import { previewJob } from '../preview.ts';
import { runPurge } from '../privacy/index.ts';
import { startRun } from '../start.ts';
import { undoRun } from '../undo.ts';
import { approveRun, listWaiting, rejectRun } from './index.ts';

const test = useTestDatabase();
const bench = runsBench(test);
const PLAN = { changes: [{ change: 'user_group', set: 'STAFF' }], notify: { type: 'GENERAL_NOTICE' } };

const at = (actor: Actor): Context => ({ ...bench.ctx, db: test.db, actor });
async function codeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'done',
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );
}

let manager: Actor;
let second: Actor;
let set: string;

beforeEach(async () => {
  await bench.clear();
  await test.db.pool.query(`delete from audit; insert into settings (name, value) values ('approval', '{"above": 2}')
    on conflict (name) do update set value = excluded.value`);
  const staff = (primary_id: string, type: string) => ({ primary_id, user_roles: [{ type, scope: 'INSTITUTION' }] });
  const [one = 0, two = 0] = await bench.users(
    staff('manager', '21'),
    staff('second', '50'),
    ...['a', 'b', 'c'].map((primary_id) => ({
      primary_id,
      user_group: 'STUDENT',
      user_emails: [{ address: `${primary_id}@example.org` }],
    })),
  );
  manager = await userActor(test.db.pool, ['21'], { name: 'manager', userId: one });
  second = await userActor(test.db.pool, ['50'], { name: 'second', userId: two });
  set = await bench.set(`user_group = 'STUDENT'`);
  await test.db.pool.query('update sets set private = false');
});

async function start(actor: Actor = manager): Promise<number> {
  const preview = await perform(at(actor), previewJob, { set, plan: PLAN });
  const started = await perform(at(actor), startRun, { set, plan: PLAN, digest: preview.digest, confirm: true });
  expect(started).toMatchObject({ state: 'MANUAL_HANDLING_REQUIRED', members: 3 });
  return started.id;
}

describe('a run of more users than one person may start', () => {
  it('waits, and works on the members of its preview when somebody else has approved it', async () => {
    const id = await start();
    await bench.work();
    expect(await bench.show(id)).toMatchObject({ state: 'MANUAL_HANDLING_REQUIRED', progress: { done: 0, total: 3 } });
    const listed = await perform(at(second), listWaiting, {});
    expect(listed.jobs).toMatchObject([{ id, created_by: 'manager', members: 3, reason: 'runs.waits_for_approval', approvable: true }]);
    expect((await perform(at(manager), listWaiting, {})).jobs).toMatchObject([{ approvable: false }]);
    // Somebody joins the set; those who were previewed are changed.
    await bench.users({ primary_id: 'late', user_group: 'STUDENT' });
    await perform(at(second), approveRun, { id });
    await bench.work();
    expect(await bench.show(id)).toMatchObject({ state: 'COMPLETED_SUCCESS', state_reason: null, counts: { members: 3, changed: 3 } });
    expect(await bench.value('late', 'user_group')).toBe('STUDENT');
    expect(await codeOf(perform(at(second), approveRun, { id }))).toBe('oversight.not_waiting');
    const { rows } = await test.db.pool.query('select decision, decided_by from run_approvals');
    expect(rows).toEqual([{ decision: 'approved', decided_by: 'second' }]);
  });

  it('is approved by nobody without the right, and never by its author, nor by a key of theirs', async () => {
    const id = await start(second);
    expect(await codeOf(perform(at(manager), approveRun, { id }))).toBe('access.denied');
    expect(await codeOf(perform(at(second), approveRun, { id }))).toBe('access.own_approval');
    const key = { ...second, key: { id: 1, name: 'k', exemptFromGuard: true } } as Actor;
    expect(await codeOf(perform(at(key), approveRun, { id }))).toBe('access.own_approval');
    expect(await codeOf(perform(at(second), resumeRun, { id, confirm: true }))).toBe('oversight.needs_approval');
    const { rows } = await test.db.pool.query(`select outcome from audit where operation = 'job.approve'`);
    expect(rows.map((row) => row.outcome)).toEqual(['refused', 'refused', 'refused']);
    expect(await codeOf(perform(at(bench.ctx.actor), approveRun, { id }))).toBe('done');
  });

  it('does not start when its author has lost the right meanwhile, or its members are others', async () => {
    const id = await start();
    await test.db.pool.query(`update user_roles set type = '32' where type = '21'`);
    expect(await codeOf(perform(at(second), approveRun, { id }))).toBe('access.denied');
    await test.db.pool.query(`update user_roles set type = '21' where type = '32'`);
    await test.db.pool.query(`update run_chunks set user_ids = user_ids[1:2], members = 2`);
    expect(await codeOf(perform(at(second), approveRun, { id }))).toBe('oversight.members_differ');
  });

  it('ends when it is rejected, with the reason, and can be aborted by its author', async () => {
    const id = await start();
    await perform(at(second), rejectRun, { id, reason: 'Wrong set' });
    const { rows } = await test.db.pool.query('select reason, decided_by from run_approvals');
    expect(rows).toEqual([{ reason: 'Wrong set', decided_by: 'second' }]);
    expect(await bench.show(id)).toMatchObject({ state: 'USER_ABORTED', state_reason: 'Rejected by a second person: Wrong set' });
    const other = await start();
    expect(await codeOf(perform(at(manager), abortRun, { id: other }))).toBe('done');
    await bench.work();
    expect(await bench.value('a', 'user_group')).toBe('STUDENT');
  });

  it('may be an undo, whose letters are cancelled only when it begins, or a purge', async () => {
    const id = await start();
    await perform(at(second), approveRun, { id });
    await bench.work();
    const undo = await perform(at(manager), undoRun, { id, confirm: true });
    expect(undo.state).toBe('MANUAL_HANDLING_REQUIRED');
    const states = async () => (await test.db.pool.query('select distinct state from outbox')).rows.map((row) => row.state);
    expect(await states()).toEqual(['queued']);
    await perform(at(second), approveRun, { id: undo.id });
    expect(await states()).toEqual(['cancelled']);
    await bench.work();
    expect(await bench.value('a', 'user_group')).toBe('STUDENT');

    await test.db.pool.query(`update users set purge_date = '2020-01-01' where user_group = 'STUDENT'`);
    const purge = await perform(at(second), runPurge, { confirm: 3 });
    expect(purge.state).toBe('MANUAL_HANDLING_REQUIRED');
    expect(await codeOf(perform(at(bench.ctx.actor), approveRun, { id: purge.id }))).toBe('done');
    await bench.work();
    expect((await test.db.pool.query('select count(*)::int as n from users')).rows).toEqual([{ n: 2 }]);
  });

  it('starts at once when it is small, when the library does not ask, and when its key is exempt', async () => {
    await test.db.pool.query(`update settings set value = '{"above": 3}' where name = 'approval'`);
    expect(await perform(at(manager), startRun, { set, plan: PLAN, confirm: true })).toMatchObject({ state: 'RUNNING' });
    await test.db.pool.query(`delete from settings where name = 'approval'`);
    expect(await perform(at(manager), startRun, { set, plan: PLAN, confirm: true })).toMatchObject({ state: 'RUNNING' });
    await test.db.pool.query(`insert into settings (name, value) values ('approval', '{"above": 0}')`);
    const key = { ...manager, key: { id: 1, name: 'k', exemptFromGuard: true } } as Actor;
    expect(await perform(at(key), startRun, { set, plan: PLAN, confirm: true })).toMatchObject({ state: 'RUNNING' });
  });
});
