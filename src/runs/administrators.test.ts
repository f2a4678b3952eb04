import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sql from 'sql-template-tag';
import { beforeEach, describe, expect, it } from 'vitest';
import { userActor } from '../../test/support/actors.ts';
import { useTestDatabase } from '../../test/support/database.ts';
import { runsBench } from '../../test/support/runs.ts';
import { assertAdministratorsRemain, lastAdministratorAmong } from '../access/index.ts';
import { type Context, parseInput } from '../core/index.ts';
import { importUsers } from '../feeds/index.ts';
import { editUser, listOutcomes, previewUndo, startRun, undoRun, workOnce } from './index.ts';

const test = useTestDatabase();
const bench = runsBench(test);
const ADMIN = [{ type: '26', scope: 'INSTITUTION' }];
let set = '';

beforeEach(async () => {
  await bench.clear();
  await bench.users(
    { primary_id: 'first', credential_state: 'password', user_roles: ADMIN },
    { primary_id: 'second', credential_state: 'password', user_roles: ADMIN },
    { primary_id: 'locked', credential_state: 'none', user_roles: ADMIN },
    { primary_id: 'branch', credential_state: 'password', user_roles: [{ type: '26', scope: 'MAIN' }] },
    { primary_id: 'reader', credential_state: 'password' },
  );
  await test.db.pool.query(
    `insert into codes (table_name, code, label_en, label_de) values ('Libraries', 'MAIN', 'Main', 'Haupt') on conflict do nothing`,
  );
  set = await bench.set('everyone');
});

const LAST = 'runs.last_administrator';
const outcomes = async (id: number) =>
  (await listOutcomes.run(bench.ctx, parseInput(listOutcomes.input, { id }))).users.map((u) => [u.primary_id, u.outcome, u.reason]);
const edit = (user: string, ...changes: object[]) => editUser.run(bench.ctx, parseInput(editUser.input, { user, changes }));

describe('the last administrator who can sign in', () => {
  it.each([
    ['status', { change: 'status', set: 'INACTIVE' }],
    ['expiry', { change: 'expiry_date', set: '2020-01-01' }],
    ['role taken away', { change: 'role', remove: { any: true } }],
    ['role deactivated', { change: 'role', deactivate: { type: '26' } }],
    ['role ended', { change: 'role', edit: { match: { any: true }, set: { expiry_date: '2020-01-01' } } }],
    ['role for one library only', { change: 'role', edit: { match: { any: true }, set: { scope: 'MAIN' } } }],
    ['password reset', { change: 'password', reset: 'password', letter: false }],
  ])('stays: %s', async (_, change) => {
    const preview = await bench.preview(set, { changes: [change] });
    expect(preview.reasons).toMatchObject([{ reason: LAST, users: 1 }]);
    const run = await bench.run(set, { changes: [change] });
    expect(run.counts).toMatchObject({ members: 5, changed: preview.changed, skipped: preview.skipped, failed: 0 });
    expect(await outcomes(run.id)).toContainEqual(['second', 'skipped', LAST]);
    expect(await bench.value('second', 'credential_state')).toBe('password');
    expect(await bench.rows('second', 'user_roles')).toMatchObject([{ ...ADMIN[0], status: 'ACTIVE', expiry_date: null }]);
  });

  it('is not hindered by what does not take them away', async () => {
    expect((await bench.run(set, { changes: [{ change: 'expiry_date', set: '2099-01-01' }] })).counts).toMatchObject({
      changed: 5,
      skipped: 0,
    });
    expect((await bench.run(set, { changes: [{ change: 'account_type', set: 'EXTERNAL', external_id: 'SIS' }] })).counts).toMatchObject({
      skipped: 0,
    });
    const some = await bench.set('primary_id in ("first", "locked")');
    expect((await bench.run(some, { changes: [{ change: 'status', set: 'INACTIVE' }] })).counts).toMatchObject({ changed: 2, skipped: 0 });
  });

  it('stays when two runs at once would each take away one of two', async () => {
    const [one, two] = [await bench.set('primary_id = "first"'), await bench.set('primary_id = "second"')];
    const plan = { changes: [{ change: 'status', set: 'INACTIVE' }] };
    const runs = [await bench.start(one, plan), await bench.start(two, plan)];
    await Promise.all([workOnce(bench.ctx), workOnce(bench.ctx)]);
    await bench.work();
    const reports = await Promise.all(runs.map((run) => bench.show(run.id)));
    expect(reports.map((report) => report.counts?.skipped).sort()).toEqual([0, 1]);
    expect([await bench.value('first', 'status'), await bench.value('second', 'status')].sort()).toEqual(['ACTIVE', 'INACTIVE']);
  });

  it('stays in a single edit', async () => {
    expect((await edit('second', { change: 'status', set: 'INACTIVE' })).counts).toMatchObject({ changed: 1 });
    const last = await edit('first', { change: 'status', set: 'INACTIVE' });
    expect(last).toMatchObject({ counts: { changed: 0, skipped: 1 } });
    // Somebody without a password is no match for somebody with one, but better than nobody.
    await test.db.pool.query(`delete from users where primary_id in ('first', 'second')`);
    expect((await edit('locked', { change: 'status', set: 'INACTIVE' })).counts).toMatchObject({ changed: 0, skipped: 1 });
  });

  it('stays in an undo', async () => {
    const made = await bench.run(await bench.set('primary_id = "reader"'), { changes: [{ change: 'role', add: { type: '26' } }] });
    await bench.run(await bench.set('primary_id in ("first", "second")'), { changes: [{ change: 'status', set: 'INACTIVE' }] });
    const preview = await previewUndo.run(bench.ctx, parseInput(previewUndo.input, { id: made.id }));
    expect(preview).toMatchObject({ members: 1, changed: 0, skipped: 1 });
    expect((await bench.undo(made.id)).counts).toMatchObject({ changed: 0, skipped: 1 });
    expect(await bench.rows('reader', 'user_roles')).toHaveLength(1);
  });

  it('is asked for by whoever erases users', async () => {
    const { rows } = await test.db.pool.query<{ id: number; primary_id: string }>('select id, primary_id from users order by id');
    const ids = (...names: string[]) => rows.filter((row) => names.includes(row.primary_id)).map((row) => row.id);
    await test.db.transaction(async (tx) => {
      await assertAdministratorsRemain(tx, ids('first', 'reader'), '2026-11-25');
      await expect(assertAdministratorsRemain(tx, ids('first', 'second'), '2026-11-25')).rejects.toMatchObject({
        code: 'access.last_administrator',
        params: { users: 'second' },
      });
      expect((await lastAdministratorAmong(tx, ids('first', 'second'), '2026-11-25')).map((user) => user.primary_id)).toEqual(['second']);
      await assertAdministratorsRemain(tx, ids('branch', 'reader'), '2026-11-25');
    });
  });
});

describe('an undo', () => {
  it('gives no role back that its author may not give, at any remove', async () => {
    const [, , , , , bossId] = await bench.users(
      ...['a', 'b', 'c', 'd', 'e', 'boss'].map((name) => ({
        primary_id: name,
        user_roles: name === 'a' ? [{ ...ADMIN[0], status: 'INACTIVE' }] : [],
      })),
    );
    await test.db.pool.query('update sets set private = false');
    const manager: Context = { ...bench.ctx, actor: await userActor(test.db.pool, ['21'], { name: 'boss', userId: bossId ?? 0 }) };
    const cleaned = await bench.run(set, { changes: [{ change: 'role', remove: { status: 'INACTIVE' } }] });
    expect(await bench.rows('a', 'user_roles')).toEqual([]);
    const undo = await undoRun.run(manager, parseInput(undoRun.input, { id: cleaned.id, confirm: true }));
    await test.db.pool.query(sql`update users set primary_id = 'boss' where id = ${bossId ?? 0}`);
    await test.db.pool.query(sql`insert into user_roles (user_id, type, scope) values (${bossId ?? 0}, '21', 'INSTITUTION')`);
    await bench.work();
    expect(await outcomes(undo.id)).toEqual([['a', 'skipped', 'changes.not_permitted']]);
    expect(await bench.rows('a', 'user_roles')).toEqual([]);
    const given = await bench.run(await bench.set('primary_id = "b"'), { changes: [{ change: 'role', add: { type: '26' } }] });
    const taken = await bench.undo(given.id);
    await expect(undoRun.run(manager, parseInput(undoRun.input, { id: taken.id, confirm: true }))).rejects.toMatchObject({
      code: 'changes.role_not_grantable',
    });
  });
});

describe('a run', () => {
  it('never goes beyond what its author might do when it started', async () => {
    const [id] = await bench.users({
      primary_id: 'keyed',
      credential_state: 'password',
      user_roles: [{ type: '26', scope: 'INSTITUTION' }],
    });
    await test.db.pool.query('update sets set private = false');
    // An administrator's key that was given the rights of a User Manager.
    const keyed: Context = { ...bench.ctx, actor: await userActor(test.db.pool, ['21'], { name: 'keyed', userId: id ?? 0 }) };
    const { id: run } = await startRun.run(
      keyed,
      parseInput(startRun.input, { set, plan: { changes: [{ change: 'job_description', set: 'x' }] }, confirm: true }),
    );
    await bench.work();
    expect(await outcomes(run)).toContainEqual(['first', 'skipped', 'changes.not_permitted']);
    expect(await bench.value('first', 'job_description')).toBeNull();
    expect(await bench.value('reader', 'job_description')).toBe('x');
  });
});

describe('an import', () => {
  it('goes in without the record that would take the last administrator away', async () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'muster-last-')), 'users.csv');
    writeFileSync(file, 'primary_id,status\nfirst,INACTIVE\nsecond,INACTIVE\nreader,INACTIVE\n');
    const result = await importUsers.run(bench.ctx, parseInput(importUsers.input, { file }));
    expect(result).toMatchObject({ updated: 2, rejected: 1, errors: [{ line: 3, code: 'feeds.last_administrator' }] });
    expect([await bench.value('first', 'status'), await bench.value('second', 'status'), await bench.value('reader', 'status')]).toEqual([
      'INACTIVE',
      'ACTIVE',
      'INACTIVE',
    ]);
  });
});
