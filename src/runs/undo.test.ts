import sql from 'sql-template-tag';
import { beforeEach, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { runsBench } from '../../test/support/runs.ts';
import { parseInput } from '../core/index.ts';
import { createSetFromRun, showSet } from '../sets/index.ts';
import { journalledRun, journalledUsers, MANY_MEMBERS } from '../users/index.ts';
import { editUser, listChangedUsers, listOutcomes, previewUndo } from './index.ts';
import { changedUsers } from './undo.ts';

const test = useTestDatabase();
const bench = runsBench(test);

const PLAN = {
  changes: [
    { change: 'expiry_date', set: '2030-09-30' },
    { change: 'user_group', set: 'ALUMNI' },
    { change: 'block', add: { description: '02-GLOBAL' } },
    { change: 'role', edit: { match: { type: '200' }, set: { expiry_date: '2031-01-01' } } },
    { change: 'statistic', remove: { category: 'ARTS' } },
  ],
};

const CHILDREN = {
  user_roles: [
    { type: '200', scope: 'INSTITUTION', status: 'ACTIVE', parameters: [{ type: 'CirculationDesk', scope: null, value: 'DESK' }] },
  ],
  user_statistics: [{ category: 'ARTS', segment: 'External', note: 'by the feed' }],
};

beforeEach(async () => {
  await bench.clear();
  await bench.users(
    { primary_id: 'anna', user_group: 'STAFF', expiry_date: '2027-01-31', ...CHILDREN },
    { primary_id: 'berta', account_type: 'EXTERNAL', user_group: 'GRAD', ...CHILDREN },
    { primary_id: 'carl', ...CHILDREN },
  );
});

const edit = (user: string, ...changes: readonly object[]) => editUser.run(bench.ctx, parseInput(editUser.input, { user, changes }));

describe('undo', () => {
  it('leaves alone what was edited by hand since, brings back the rest, and counts one conflict', async () => {
    const before = await bench.snapshot();
    const set = await bench.set('everyone');
    const run = await bench.run(set, PLAN);
    await edit('anna', { change: 'expiry_date', set: '2040-01-01' });
    const preview = await previewUndo.run(bench.ctx, parseInput(previewUndo.input, { id: run.id }));
    expect(preview).toMatchObject({ members: 3, changed: 2, unchanged: 0, conflict: 1 });
    expect(preview.users.find((u) => u.outcome === 'conflict')).toMatchObject({
      primary_id: 'anna',
      fields: { user_group: ['ALUMNI', 'STAFF'] },
    });
    const undo = await bench.undo(run.id);
    expect(undo).toMatchObject({
      state: 'COMPLETED_WARNING',
      counts: { members: 3, changed: 2, unchanged: 0, skipped: 0, failed: 0, conflict: 1 },
    });
    const after = await bench.snapshot();
    expect(after).toEqual({ ...before, anna: { ...(before['anna'] as object), expiry_date: '2040-01-01' } });
    const { users } = await listOutcomes.run(bench.ctx, parseInput(listOutcomes.input, { id: undo.id, outcome: 'conflict' }));
    expect(users).toMatchObject([
      { primary_id: 'anna', text: 'Changed since the run; left as it is', detail: { fields: ['expiry_date'] } },
    ]);
    const conflicts = await createSetFromRun.run(
      bench.ctx,
      parseInput(createSetFromRun.input, { run: undo.id, outcome: 'conflict', name: 'conflicts' }),
    );
    expect(conflicts.members).toBe(1);
    expect((await showSet.run(bench.ctx, parseInput(showSet.input, { set: 'conflicts' }))).members).toBe(1);
  });

  it('lists child rows that were touched since, and brings the others back', async () => {
    const run = await bench.run(await bench.set('everyone'), PLAN);
    await edit('anna', { change: 'block', edit: { match: { description: '02-GLOBAL' }, set: { note: 'seen' } } });
    await edit('berta', { change: 'role', remove: { type: '200' } });
    const undo = await bench.undo(run.id);
    expect(undo.counts).toEqual({ members: 3, changed: 1, unchanged: 0, skipped: 0, failed: 0, conflict: 2 });
    const { users } = await listOutcomes.run(bench.ctx, parseInput(listOutcomes.input, { id: undo.id, outcome: 'conflict' }));
    expect(users.map((u) => [u.primary_id, u.detail])).toEqual([
      ['anna', { fields: ['user_blocks'] }],
      ['berta', { fields: ['user_roles'] }],
    ]);
    expect(await bench.rows('anna', 'user_blocks')).toMatchObject([{ description: '02-GLOBAL', note: 'seen' }]);
    expect(await bench.value('anna', 'user_group')).toBe('STAFF');
    expect(await bench.rows('berta', 'user_roles')).toEqual([]);
    expect(await bench.rows('berta', 'user_statistics')).toMatchObject([{ category: 'ARTS', segment: 'External', note: 'by the feed' }]);
  });

  it('counts users that already are as before as unchanged, and does nothing the second time', async () => {
    const before = await bench.snapshot();
    const run = await bench.run(await bench.set('everyone'), { changes: [{ change: 'expiry_date', set: '2030-09-30' }] });
    await edit('anna', { change: 'expiry_date', set: '2027-01-31' });
    expect((await bench.undo(run.id)).counts).toEqual({ members: 3, changed: 2, unchanged: 1, skipped: 0, failed: 0, conflict: 0 });
    expect(await bench.snapshot()).toEqual(before);
    const again = await bench.undo(run.id);
    expect(again).toMatchObject({ counts: { changed: 0, unchanged: 3, conflict: 0 }, state_text: 'Completed, nothing changed' });
  });

  it('may itself be undone, and that again', async () => {
    const before = await bench.snapshot();
    const run = await bench.run(await bench.set('everyone'), PLAN);
    const after = await bench.snapshot();
    const undo = await bench.undo(run.id);
    expect(await bench.snapshot()).toEqual(before);
    const redo = await bench.undo(undo.id);
    expect(redo.counts).toMatchObject({ members: 3, changed: 3, conflict: 0 });
    expect(await bench.snapshot()).toEqual(after);
    await bench.undo(redo.id);
    expect(await bench.snapshot()).toEqual(before);
  });

  it('of one change brings back that alone, with what it held against the feed', async () => {
    const before = await bench.snapshot();
    const run = await bench.run(await bench.set('everyone'), { changes: [...PLAN.changes, { change: 'campus', set: 'MED' }] });
    expect(await bench.value('berta', 'held_fields')).toEqual(['campus_code', 'user_group']);
    const undo = await bench.undo(run.id, { changes: [2] });
    expect(undo.counts).toMatchObject({ members: 3, changed: 3, conflict: 0 });
    expect(await bench.value('berta', 'user_group')).toBe('GRAD');
    expect(await bench.value('berta', 'held_fields')).toEqual(['campus_code']);
    expect(await bench.value('berta', 'expiry_date')).toBe('2030-09-30');
    expect(await bench.rows('berta', 'user_blocks')).toHaveLength(1);
    // Undoing the rest: what is back already is no conflict.
    const rest = await bench.undo(run.id);
    expect(rest.counts).toMatchObject({ changed: 3, conflict: 0 });
    expect(await bench.snapshot()).toEqual(before);
    // And both again, one after the other.
    await bench.undo(undo.id);
    expect(await bench.value('berta', 'held_fields')).toEqual(['user_group']);
  });

  it('of one change leaves fields held that somebody else holds', async () => {
    const run = await bench.run(await bench.set('everyone'), PLAN);
    await edit('berta', { change: 'campus', set: 'MED' });
    expect((await bench.undo(run.id)).counts).toMatchObject({ changed: 3, conflict: 0 });
    expect(await bench.value('berta', 'held_fields')).toEqual(['campus_code']);
  });

  it('of one of several changes of the same field is refused', async () => {
    const run = await bench.run(await bench.set('everyone'), { changes: [PLAN.changes[0], { change: 'expiry_date', shift: { days: 1 } }] });
    await expect(bench.undo(run.id, { changes: [2] })).rejects.toMatchObject({
      code: 'changes.undo_together',
      params: { changes: '1, 2' },
    });
    await expect(bench.undo(run.id, { changes: [3] })).rejects.toMatchObject({ code: 'runs.no_such_change' });
    expect((await bench.undo(run.id, { changes: [1, 2] })).counts).toMatchObject({ changed: 3 });
  });

  it('of some users leaves the others as the run made them', async () => {
    const before = await bench.snapshot();
    const run = await bench.run(await bench.set('everyone'), PLAN);
    const after = await bench.snapshot();
    await expect(bench.undo(run.id, { users: ['anna', 'nobody'] })).rejects.toMatchObject({
      code: 'runs.unknown_users',
      params: { users: 'nobody' },
    });
    expect((await bench.undo(run.id, { users: ['ANNA'] })).counts).toMatchObject({ members: 1, changed: 1 });
    expect(await bench.snapshot()).toEqual({ ...after, anna: before['anna'] });
    expect((await bench.undo(run.id, { set: await bench.set('account_type = "EXTERNAL"') })).counts).toMatchObject({
      members: 1,
      changed: 1,
    });
    expect(await bench.snapshot()).toEqual({ ...before, carl: after['carl'] });
  });

  it('puts an edit by hand back as well', async () => {
    const before = await bench.snapshot();
    const { id } = await edit('anna', { change: 'job_description', set: 'Desk' });
    await bench.undo(id);
    expect(await bench.snapshot()).toEqual(before);
  });

  it('asks for a confirmation when it would touch many, and is refused while the run goes on', async () => {
    await test.db.pool.query(sql`insert into users (primary_id) select 'many' || n from generate_series(1, 300) n`);
    const started = await bench.start(await bench.set('everyone'), PLAN);
    await expect(bench.undo(started.id)).rejects.toMatchObject({ code: 'runs.still_running' });
    await bench.work();
    await expect(bench.undo(started.id, { confirm: false })).rejects.toMatchObject({ code: 'runs.guard', params: { users: 303, of: 303 } });
    expect((await bench.undo(started.id)).counts).toMatchObject({ members: 303, changed: 303 });
  });

  it('fails for a user alone whose old identifier belongs to somebody else by now', async () => {
    await bench.users({ primary_id: 'dora', user_identifiers: [{ type: 'BARCODE', value: 'b-1' }] });
    const run = await bench.run(await bench.set('everyone'), {
      changes: [{ change: 'identifier', remove: { type: 'BARCODE' } }, PLAN.changes[0]],
    });
    await test.db.pool.query(
      sql`insert into user_identifiers (user_id, type, value) select id, 'BARCODE', 'B-1' from users where primary_id = 'anna'`,
    );
    const undo = await bench.undo(run.id);
    expect(undo).toMatchObject({ state: 'COMPLETED_WARNING', counts: { members: 4, changed: 3, failed: 1, conflict: 0 } });
    expect(undo.reasons).toMatchObject([{ reason: 'changes.constraint', users: 1 }]);
  });
});

describe('whom a run changed', () => {
  it('is the same whether members are looked up in the journal or the journal is read', async () => {
    const set = await bench.set('everyone');
    const run = await bench.run(set, { changes: [{ change: 'user_group', set: 'STAFF' }] });
    await bench.run(set, { changes: [{ change: 'job_description', set: 'of another run' }] });
    // As the sender writes it when it has set a password: a second row of one user and run.
    await test.db.pool.query(
      sql`insert into journal (run_id, user_id, diff) select j.run_id, j.user_id, j.diff from journal j where j.run_id = ${run.id}::bigint limit 1`,
    );
    const { rows } = await test.db.pool.query<{ created_at: string }>(sql`select r.created_at from runs r where r.id = ${run.id}::bigint`);
    const changed = async (members: number): Promise<string[]> => {
      const users = changedUsers(run.id, { members, created_at: rows[0]?.created_at ?? '' });
      const found = await test.db.pool.query<{ id: string }>(
        sql`select u.primary_id as id from (${users}) x join users u on u.id = x.user_id order by 1`,
      );
      return found.rows.map((row) => row.id);
    };
    expect(await changed(3)).toEqual(['berta', 'carl']);
    expect(await changed(MANY_MEMBERS + 1)).toEqual(['berta', 'carl']);
  });

  it('is found by index in a small run, however much else the journal holds', async () => {
    const run = await bench.run(await bench.set('everyone'), { changes: [{ change: 'user_group', set: 'CITY' }] });
    await test.db.transaction(async (tx) => {
      await tx.query('set local enable_seqscan = off');
      const found = await journalledRun(tx, run.id);
      if (found === undefined) throw new Error('The run is there.');
      const users = journalledUsers({ ...found, created_at: '2000-01-01' });
      const plan = JSON.stringify((await tx.query(sql`explain (format json) ${users}`)).rows);
      expect(plan).toContain('journal');
      expect([...plan.matchAll(/"Node Type":"Seq Scan"[^{}]*?"Relation Name":"(\w+)"/g)].map((m) => m[1])).not.toContainEqual(
        expect.stringMatching(/^journal/),
      );
    });
  });

  it('is told alike of jobs, imports and edits, page by page and as a set', async () => {
    const run = await bench.run(await bench.set('everyone'), { changes: [{ change: 'user_group', set: 'STAFF' }] });
    const pages = async (id: number): Promise<readonly (string | null)[]> => {
      const first = await listChangedUsers.run(bench.ctx, { id, after: 0, limit: 1 });
      const rest = first.next === null ? [] : (await listChangedUsers.run(bench.ctx, { id, after: first.next, limit: 100 })).users;
      return [...first.users, ...rest].map((user) => user.primary_id).toSorted();
    };
    expect(await pages(run.id)).toEqual(['berta', 'carl']);
    const edit = await editUser.run(
      bench.ctx,
      parseInput(editUser.input, { user: 'anna', changes: [{ change: 'job_description', set: 'x' }] }),
    );
    expect(await pages(edit.id)).toEqual(['anna']);
    for (const [outcome, members] of [
      ['changed', 2],
      ['unchanged', 1],
    ] as const) {
      const set = await createSetFromRun.run(bench.ctx, parseInput(createSetFromRun.input, { name: outcome, run: run.id, outcome }));
      expect((await showSet.run(bench.ctx, parseInput(showSet.input, { set: set.name }))).members).toBe(members);
    }
  });
});
