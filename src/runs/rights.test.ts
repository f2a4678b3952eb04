import { beforeEach, describe, expect, it } from 'vitest';
import { userActor } from '../../test/support/actors.ts';
import { useTestDatabase } from '../../test/support/database.ts';
import { runsBench } from '../../test/support/runs.ts';
import { type Context, parseInput } from '../core/index.ts';
import { editUser, listOutcomes, previewJob, previewUndo, resumeRun, startRun, undoRun } from './index.ts';

const test = useTestDatabase();
const bench = runsBench(test);
let manager: Context;
let set = '';

const MANAGER = [{ type: '21', scope: 'INSTITUTION' }];

beforeEach(async () => {
  await bench.clear();
  const [, id] = await bench.users(
    { primary_id: 'admin', credential_state: 'password', user_roles: [{ type: '26', scope: 'INSTITUTION' }] },
    { primary_id: 'manager', credential_state: 'password', expiry_date: '2027-01-31', user_roles: MANAGER },
    { primary_id: 'former', credential_state: 'password', user_roles: [{ type: '26', scope: 'INSTITUTION', status: 'INACTIVE' }] },
    { primary_id: 'reader', credential_state: 'password' },
  );
  const actor = await userActor(test.db.pool, MANAGER, { name: 'manager', userId: id ?? 0 });
  manager = { ...bench.ctx, db: test.db, actor };
  set = await bench.set('everyone');
  await test.db.pool.query('update sets set private = false');
});

const outcomes = async (id: number) =>
  (await listOutcomes.run(bench.ctx, parseInput(listOutcomes.input, { id }))).users.map((u) => [u.primary_id, u.outcome, u.reason]);

describe('an author', () => {
  it('does not touch users who outrank them, nor shuts themselves out', async () => {
    const plan = {
      changes: [
        { change: 'password', reset: 'password', letter: false },
        { change: 'job_description', set: 'x' },
      ],
    };
    const preview = await previewJob.run(manager, parseInput(previewJob.input, { set, plan }));
    expect(preview).toMatchObject({ members: 4, changed: 2, skipped: 2 });
    const { id } = await startRun.run(manager, parseInput(startRun.input, { set, plan, digest: preview.digest }));
    await bench.work();
    expect(await outcomes(id)).toEqual([
      ['admin', 'skipped', 'changes.not_permitted'],
      ['manager', 'skipped', 'runs.own_record'],
      ['former', 'changed', null],
      ['reader', 'changed', null],
    ]);
    expect(await bench.value('admin', 'credential_state')).toBe('password');
  });

  it('may change harmless fields of their own', async () => {
    const edited = await editUser.run(
      manager,
      parseInput(editUser.input, { user: 'manager', changes: [{ change: 'job_description', set: 'x' }] }),
    );
    expect(edited.counts).toMatchObject({ changed: 1 });
  });

  it('does not edit users who outrank them one by one either', async () => {
    const edited = await editUser.run(
      manager,
      parseInput(editUser.input, { user: 'admin', changes: [{ change: 'job_description', set: 'x' }] }),
    );
    expect(edited).toMatchObject({ counts: { changed: 0, skipped: 1 }, reasons: ['The author may not edit this user'] });
    expect(await bench.value('admin', 'job_description')).toBeNull();
  });

  it('undoes with no more rights than they would have had', async () => {
    const run = await bench.run(set, {
      changes: [
        { change: 'expiry_date', set: '2030-01-01' },
        { change: 'block', add: { description: 'FEES' } },
      ],
    });
    expect(run.counts).toMatchObject({ changed: 4 });
    const preview = await previewUndo.run(manager, parseInput(previewUndo.input, { id: run.id }));
    expect(preview).toMatchObject({ members: 4, changed: 2, skipped: 2, conflict: 0 });
    const undo = await undoRun.run(manager, parseInput(undoRun.input, { id: run.id, confirm: true }));
    await bench.work();
    expect(await outcomes(undo.id)).toEqual([
      ['admin', 'skipped', 'changes.not_permitted'],
      ['manager', 'skipped', 'runs.own_record'],
      ['former', 'changed', null],
      ['reader', 'changed', null],
    ]);
    expect((await bench.show(undo.id)).counts).toEqual({ members: 4, changed: 2, unchanged: 0, skipped: 2, failed: 0, conflict: 0 });
    expect(await bench.rows('admin', 'user_blocks')).toHaveLength(1);
    expect(await bench.rows('reader', 'user_blocks')).toHaveLength(0);
  });
});

describe('a run whose author', () => {
  const plan = { changes: [{ change: 'job_description', set: 'x' }] };
  const begun = async (): Promise<number> => {
    const preview = await previewJob.run(manager, parseInput(previewJob.input, { set, plan }));
    return (await startRun.run(manager, parseInput(startRun.input, { set, plan, digest: preview.digest }))).id;
  };

  it('is no longer a user ends and says why, without an error that comes back for ever', async () => {
    const id = await begun();
    await test.db.pool.query(`delete from users where primary_id = 'manager'`);
    await bench.work();
    expect(await bench.show(id)).toMatchObject({
      state: 'FAILED',
      state_reason: expect.stringMatching(/^Its author is no longer a user here/),
    });
    expect(await bench.value('reader', 'job_description')).toBeNull();
  });

  it('may not act any more ends, and goes on when they may again', async () => {
    const id = await begun();
    await test.db.pool.query(`update users set status = 'INACTIVE' where primary_id = 'manager'`);
    await bench.work();
    expect(await bench.show(id)).toMatchObject({
      state: 'FAILED',
      state_reason: expect.stringMatching(/^Its author’s account is inactive/),
    });
    await test.db.pool.query(`update users set status = 'ACTIVE' where primary_id = 'manager'`);
    await resumeRun.run(bench.ctx, parseInput(resumeRun.input, { id }));
    await bench.work();
    expect(await bench.show(id)).toMatchObject({ state: 'COMPLETED_SUCCESS' });
    expect(await bench.value('reader', 'job_description')).toBe('x');
  });
});
