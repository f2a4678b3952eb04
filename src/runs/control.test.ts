import sql from 'sql-template-tag';
import { beforeEach, describe, expect, it } from 'vitest';
import { userActor } from '../../test/support/actors.ts';
import { useTestDatabase } from '../../test/support/database.ts';
import { runsBench } from '../../test/support/runs.ts';
import { type Actor, type Context, parseInput } from '../core/index.ts';
import { createSet } from '../sets/index.ts';
import {
  abortRun,
  createSchedule,
  deleteTemplate,
  listOutcomes,
  listSchedules,
  listTemplates,
  pauseRun,
  resumeRun,
  saveTemplate,
  showTemplate,
  startDueSchedules,
  switchSchedule,
  workOnce,
} from './index.ts';

const test = useTestDatabase();
const bench = runsBench(test);
const PLAN = { changes: [{ change: 'expiry_date', set: '2030-09-30' }] };

beforeEach(async () => {
  await bench.clear();
  await test.db.pool.query(
    sql`insert into users (primary_id, expiry_date) select 'user' || n, '2027-01-31' from generate_series(1, 1000) n`,
  );
});

const changed = async (): Promise<number> =>
  (await test.db.pool.query<{ users: number }>(sql`select count(*)::integer as users from users u where u.expiry_date = '2030-09-30'`))
    .rows[0]?.users ?? 0;
const pause = (id: number) => pauseRun.run(bench.ctx, { id });
const resume = (id: number, confirm = false) => resumeRun.run(bench.ctx, { id, confirm });
const abort = (id: number) => abortRun.run(bench.ctx, { id });

describe('a running job', () => {
  it('is paused at a chunk boundary and goes on where it was', async () => {
    const { id } = await bench.start(await bench.set('everyone'), PLAN);
    await workOnce(bench.ctx);
    expect(await pause(id)).toEqual({ id, state: 'PAUSED' });
    expect(await workOnce(bench.ctx)).toBe(false);
    expect(await changed()).toBe(250);
    expect(await bench.show(id)).toMatchObject({
      state: 'PAUSED',
      state_reason: 'Paused by a person',
      counts: { members: 250, changed: 250 },
      progress: { done: 250, total: 1000 },
      finished_at: null,
    });
    await expect(pause(id)).rejects.toMatchObject({ code: 'runs.wrong_state' });
    expect(await resume(id)).toEqual({ id, state: 'RUNNING' });
    await bench.work();
    expect(await bench.show(id)).toMatchObject({ state: 'COMPLETED_SUCCESS', counts: { members: 1000, changed: 1000 } });
    await expect(resume(id)).rejects.toMatchObject({ code: 'runs.wrong_state' });
    await expect(abort(id)).rejects.toMatchObject({ code: 'runs.wrong_state' });
  });

  it('is aborted; what was done stays, counts, and can be undone', async () => {
    const before = await bench.snapshot();
    const { id } = await bench.start(await bench.set('everyone'), PLAN);
    await workOnce(bench.ctx);
    await workOnce(bench.ctx);
    expect(await abort(id)).toEqual({ id, state: 'USER_ABORTED' });
    expect(await workOnce(bench.ctx)).toBe(false);
    expect(await bench.show(id)).toMatchObject({
      state: 'USER_ABORTED',
      counts: { members: 500, changed: 500, unchanged: 0 },
      progress: { done: 500, total: 1000 },
    });
    const { users } = await listOutcomes.run(bench.ctx, parseInput(listOutcomes.input, { id, limit: 1000 }));
    expect(users.filter((u) => u.outcome === 'open')).toHaveLength(500);
    expect((await bench.undo(id)).counts).toMatchObject({ members: 500, changed: 500 });
    expect(await bench.snapshot()).toEqual(before);
  });

  it('that is paused while a worker is inside a chunk waits for the chunk', async () => {
    const { id } = await bench.start(await bench.set('everyone'), PLAN);
    // Somebody holds a user, so the worker stands still inside its chunk.
    const holder = await test.db.pool.connect();
    await holder.query('begin');
    await holder.query(`select from users where primary_id = 'user1' for update`);
    const working = workOnce(bench.ctx);
    await waiting(1);
    let paused = false;
    const pausing = pause(id).then(() => {
      paused = true;
    });
    await waiting(2);
    expect(paused).toBe(false);
    await holder.query('commit');
    holder.release();
    await Promise.all([working, pausing]);
    expect(await bench.show(id)).toMatchObject({ state: 'PAUSED', progress: { done: 250, total: 1000 } });
    expect(await changed()).toBe(250);
  });
});

async function waiting(sessions: number): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    const { rows } = await test.db.pool.query<{ sessions: number }>(sql`
      select count(*)::integer as sessions from pg_stat_activity a where a.datname = current_database() and cardinality(pg_blocking_pids(a.pid)) > 0`);
    if ((rows[0]?.sessions ?? 0) >= sessions) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('Nobody waits for a lock.');
}

describe('schedules', () => {
  const create = (more: object) =>
    createSchedule.run(bench.ctx, parseInput(createSchedule.input, { name: 'nightly', plan: PLAN, ...more }));
  const due = () => test.db.pool.query(sql`update schedules set next_at = now() - interval '1 second' where enabled`);
  const jobs = async () =>
    (
      await test.db.pool.query<{ id: number; state: string; created_by: string; name: string }>(
        sql`select r.id, r.state, r.created_by, r.name from runs r order by r.id`,
      )
    ).rows;

  it('start once at their time, in the name of their owner', async () => {
    const set = await bench.set('primary_id = "user1"');
    const soon = new Date(Date.now() + 60_000).toISOString();
    const schedule = await create({ set, at: soon });
    expect(await startDueSchedules(bench.ctx)).toBe(0);
    await due();
    expect(await startDueSchedules(bench.ctx)).toBe(1);
    expect(await startDueSchedules(bench.ctx)).toBe(0);
    await bench.work();
    expect(await jobs()).toMatchObject([{ state: 'COMPLETED_SUCCESS', created_by: 'administrator', name: 'nightly' }]);
    const { schedules } = await listSchedules.run(bench.ctx, {});
    expect(schedules).toMatchObject([{ id: schedule.id, enabled: false, next_at: null }]);
    await expect(create({ set, at: '2020-01-01T00:00:00Z' })).rejects.toMatchObject({ code: 'runs.schedule_past' });
  });

  it('repeat on a logical set as it is each time', async () => {
    const set = await bench.set('primary_id starts with "user99"');
    const schedule = await create({ set, cron: '30 3 * * *' });
    expect(Date.parse(schedule.next_at ?? '')).toBeGreaterThan(Date.now());
    await due();
    await startDueSchedules(bench.ctx);
    await bench.work();
    await bench.users({ primary_id: 'user99new' });
    await due();
    await startDueSchedules(bench.ctx);
    await bench.work();
    const counts = await Promise.all((await jobs()).map(async ({ id }) => (await bench.show(id)).counts));
    expect(counts).toMatchObject([
      { members: 11, changed: 11 },
      { members: 12, changed: 1, unchanged: 11 },
    ]);
    const off = await switchSchedule.run(bench.ctx, { id: schedule.id, enabled: false });
    expect(off).toMatchObject({ enabled: false, next_at: null });
    await createSet.run(bench.ctx, parseInput(createSet.input, { name: 'list', ids: ['user1'] }));
    await expect(create({ set: 'list', cron: '30 3 * * *' })).rejects.toMatchObject({ code: 'runs.repeat_needs_logical' });
    await expect(create({ set, cron: 'at night' })).rejects.toMatchObject({ code: 'runs.bad_cron' });
  });

  it('that the guard would ask about wait for a person', async () => {
    const set = await bench.set('primary_id starts with "user"');
    await create({ set, cron: '30 3 * * *' });
    await due();
    await startDueSchedules(bench.ctx);
    await bench.work();
    const [job] = await jobs();
    const id = job?.id ?? 0;
    expect(await bench.show(id)).toMatchObject({
      state: 'MANUAL_HANDLING_REQUIRED',
      state_text: 'Waits for a person',
      state_reason: 'Waits for a person: it would touch more users than a schedule may',
      progress: { done: 0, total: 1000 },
    });
    expect(await changed()).toBe(0);
    await expect(resume(id)).rejects.toMatchObject({ code: 'runs.needs_confirmation' });
    await bench.users({ primary_id: 'user-new' });
    expect(await resume(id, true)).toMatchObject({ id, state: 'RUNNING' });
    await bench.work();
    // Frozen when the person came, not when the schedule was due.
    expect(await bench.show(id)).toMatchObject({
      state: 'COMPLETED_SUCCESS',
      counts: { members: 1001, changed: 1001 },
      state_reason: null,
    });
    expect((await bench.undo(id)).counts).toMatchObject({ changed: 1001 });
  });

  it('that wait for a person may be aborted', async () => {
    await create({ set: await bench.set('everyone'), cron: '30 3 * * *' });
    await due();
    await startDueSchedules(bench.ctx);
    const [job] = await jobs();
    expect(await abort(job?.id ?? 0)).toMatchObject({ state: 'USER_ABORTED' });
  });

  it('are switched off when their owner may not run them any more', async () => {
    const [id] = await bench.users({ primary_id: 'manager', user_roles: [{ type: '21', scope: 'INSTITUTION' }] });
    const ctx: Context = {
      ...bench.ctx,
      db: test.db,
      actor: await userActor(test.db.pool, ['21'], { name: 'manager', userId: id ?? 0 }),
    };
    const set = await bench.set('primary_id = "user1"', 'for all');
    await test.db.pool.query(sql`update sets set private = false`);
    await createSchedule.run(ctx, parseInput(createSchedule.input, { name: 'mine', set, plan: PLAN, cron: '30 3 * * *' }));
    await test.db.pool.query(sql`update user_roles set status = 'INACTIVE'`);
    await due();
    await startDueSchedules(bench.ctx);
    expect(await jobs()).toEqual([]);
    expect((await listSchedules.run(bench.ctx, {})).schedules).toMatchObject([{ enabled: false }]);
    const { rows } = await test.db.pool.query(sql`select a.outcome, a.entity_id from audit a where a.operation = 'schedule.start'`);
    expect(rows).toHaveLength(1);
  });
});

describe('templates', () => {
  let owner: Actor;
  let other: Actor;
  beforeEach(async () => {
    owner = await userActor(test.db.pool, ['21'], { name: 'olga', userId: 1 });
    other = await userActor(test.db.pool, ['21'], { name: 'otto', userId: 2 });
  });
  const as = (actor: Actor): Context => ({ ...bench.ctx, db: test.db, actor });
  const save = (actor: Actor, more: object = {}) =>
    saveTemplate.run(as(actor), parseInput(saveTemplate.input, { name: 'Summer', plan: PLAN, ...more }));

  it('are found by name, private to their owner or shared, and locked against others', async () => {
    await save(owner);
    expect((await listTemplates.run(as(other), {})).templates).toEqual([]);
    await expect(showTemplate.run(as(other), { name: 'summer' })).rejects.toMatchObject({ code: 'runs.template_not_found' });
    await expect(save(other)).rejects.toMatchObject({ code: 'runs.template_taken' });
    await save(owner, { private: false, locked: true });
    expect(await showTemplate.run(as(other), { name: 'SUMMER' })).toMatchObject({ name: 'Summer', owner: 'olga', plan: PLAN });
    await expect(save(other, { private: false })).rejects.toMatchObject({ code: 'runs.template_locked' });
    await expect(deleteTemplate.run(as(other), { name: 'Summer' })).rejects.toMatchObject({ code: 'runs.template_locked' });
    expect(
      (await bench.run(await bench.set('primary_id = "user1"'), (await showTemplate.run(as(other), { name: 'Summer' })).plan)).counts,
    ).toMatchObject({ changed: 1 });
    await save(owner, { private: false, locked: false });
    expect(await save(other, { private: false, description: 'improved' })).toMatchObject({ owner: 'olga', description: 'improved' });
    await deleteTemplate.run(as(owner), { name: 'summer' });
    expect((await listTemplates.run(as(owner), {})).templates).toEqual([]);
  });

  it('hold plans that are valid', async () => {
    await expect(save(owner, { plan: { changes: [{ change: 'user_group', set: 'NOBODY' }] } })).rejects.toMatchObject({
      code: 'changes.unknown_code',
    });
    await expect(save(owner, { plan: { changes: [{ change: 'expiry_date', set: '' }] } })).rejects.toMatchObject({
      code: 'changes.invalid',
    });
    await expect(save(owner, { plan: { changes: [{ change: 'role', add: { type: '26' } }] } })).rejects.toMatchObject({
      code: 'changes.role_not_grantable',
    });
  });
});
