import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sql from 'sql-template-tag';
import { beforeEach, describe, expect, it } from 'vitest';
import { userActor } from '../../test/support/actors.ts';
import { useTestDatabase } from '../../test/support/database.ts';
import { runsBench } from '../../test/support/runs.ts';
import { applyRoleRules } from '../changes/index.ts';
import { type Context, parseInput } from '../core/index.ts';
import { importUsers } from '../feeds/index.ts';
import { editUser, previewJob, startRun } from '../runs/index.ts';
import { userHistory } from '../users/index.ts';
import {
  ADMINISTRATOR,
  createRoleProfile,
  createRule,
  deleteRoleProfile,
  deleteRule,
  listRoleProfiles,
  listRules,
  perform,
  setRole,
  showRule,
  updateRoleProfile,
  updateRule,
} from './index.ts';

const test = useTestDatabase();
const bench = runsBench(test);
const directory = mkdtempSync(path.join(tmpdir(), 'muster-profiles-'));
let local: Context;
let set = '';

const DESK = { type: '32', scope: 'MAIN', parameters: [{ type: 'CirculationDesk', scope: 'MAIN', value: 'DESK' }] };

beforeEach(async () => {
  await bench.clear();
  await test.db.pool.query('delete from role_rule_profiles; delete from role_rules; delete from role_profiles; delete from audit');
  local = { ...bench.ctx, db: test.db, actor: ADMINISTRATOR };
  await bench.users(
    { primary_id: 'alumna', user_group: 'ALUMNI' },
    { primary_id: 'desk', job_category: 'Circulation', user_roles: [{ type: '200', scope: 'INSTITUTION' }] },
    { primary_id: 'plain' },
  );
  set = await bench.set('everyone');
  await test.db.pool.query('update sets set private = false');
});

const as = async (role: string): Promise<Context> => ({ ...local, actor: await userActor(test.db.pool, [role], { name: 'boss' }) });
const roles = async (user: string) => (await bench.rows(user, 'user_roles')).map((row) => [row['type'], row['scope'], row['expiry_date']]);
const profile = (name: string, ...given: object[]) => perform(local, createRoleProfile, { name, roles: given as never });
const plan = (...changes: object[]) => ({ changes });
const preview = (ctx: Context, ...changes: object[]) => previewJob.run(ctx, parseInput(previewJob.input, { set, plan: plan(...changes) }));

async function threeRules(): Promise<void> {
  await profile('Patron', { type: '200', expiry_date: 'today + 1 year' });
  await profile('Desk', DESK, { type: '200' });
  await profile('Everybody', { type: '200' });
  await perform(local, createRule, { name: 'Others', profiles: ['Everybody'] });
  await perform(local, createRule, { name: 'Alumni', when: 'user_group = "ALUMNI"', profiles: ['Patron'] });
  await perform(local, createRule, { name: 'Desk', when: 'job_category = "Circulation"', profiles: ['Desk', 'Everybody'] });
}

describe('role profiles', () => {
  it('are made, listed, changed and deleted', async () => {
    const made = await perform(await as('26'), createRoleProfile, {
      name: 'Desk',
      description: 'At the desk',
      roles: [DESK, { type: '200' }],
    });
    expect(made).toMatchObject({
      name: 'Desk',
      roles: [
        { type: '32', label: 'Circulation Desk Operator', scope: 'MAIN', expiry_date: null },
        { type: '200', scope: 'INSTITUTION' },
      ],
      rules: [],
    });
    await expect(profile('DESK', { type: '200' })).rejects.toMatchObject({ code: 'access.profile_exists' });
    await expect(profile('x', { type: '4711' })).rejects.toMatchObject({ code: 'access.unknown_code' });
    await expect(profile('x', { type: '200', expiry_date: 'soon' })).rejects.toMatchObject({ code: 'input.invalid' });
    expect(await perform(local, updateRoleProfile, { name: 'desk', new_name: 'Counter', description: '', roles: [DESK] })).toMatchObject({
      name: 'Counter',
      description: null,
      roles: [{ type: '32' }],
    });
    expect((await perform(await as('21'), listRoleProfiles, {})).profiles.map((each) => each.name)).toEqual(['Counter']);
    await perform(local, createRule, { name: 'All', profiles: ['Counter'] });
    await expect(perform(local, deleteRoleProfile, { name: 'Counter' })).rejects.toMatchObject({
      code: 'access.profile_in_use',
      params: { rules: 'All' },
    });
    await perform(local, deleteRule, { name: 'All' });
    expect(await perform(local, deleteRoleProfile, { name: 'Counter' })).toEqual({ deleted: 'Counter' });
    await expect(perform(await as('50'), createRoleProfile, { name: 'x', roles: [{ type: '200' }] })).rejects.toMatchObject({
      code: 'access.denied',
    });
  });

  it('hold no role that their maker may not give, nor do rules give one', async () => {
    await perform(local, setRole, { role: '56', privileges: ['access:read', 'access:write'], grants: { all: false, roles: ['200'] } });
    const clerk = await as('56');
    await expect(perform(clerk, createRoleProfile, { name: 'Up', roles: [{ type: '26' }] })).rejects.toMatchObject({
      code: 'access.more_than_own',
    });
    await profile('Up', { type: '26' });
    await expect(perform(clerk, updateRoleProfile, { name: 'Up', roles: [{ type: '200' }] })).rejects.toMatchObject({
      code: 'access.more_than_own',
    });
    await expect(perform(clerk, createRule, { name: 'Up', profiles: ['Up'] })).rejects.toMatchObject({ code: 'access.more_than_own' });
  });

  it('are applied over a set with preview and undo; what is held stays', async () => {
    await profile('Desk', DESK, { type: '200', expiry_date: '2099-12-31' });
    const change = { change: 'role_profile', apply: 'desk' };
    expect(await preview(local, change)).toMatchObject({ changed: 3, changes: [{ words: expect.stringContaining('Circulation Desk Operator (Main Library), Patron') }] });
    const before = await bench.snapshot();
    const run = await bench.run(set, plan(change));
    expect(run.counts).toMatchObject({ changed: 3 });
    expect(await roles('desk')).toEqual([
      ['200', 'INSTITUTION', null],
      ['32', 'MAIN', null],
    ]);
    expect(await roles('alumna')).toEqual([
      ['32', 'MAIN', null],
      ['200', 'INSTITUTION', '2099-12-31'],
    ]);
    expect((await bench.run(set, plan(change))).counts).toMatchObject({ changed: 0, unchanged: 3 });
    await bench.undo(run.id);
    expect(await bench.snapshot()).toEqual(before);
  });

  it('do what was previewed: a profile that changed meanwhile is refused, and a plan that brings roles along is not believed', async () => {
    await profile('P', { type: '200', expiry_date: '2099-12-31' });
    const change = { change: 'role_profile', apply: 'P' };
    const previewed = await preview(local, change);
    await perform(local, updateRoleProfile, { name: 'P', roles: [{ type: '204' }] });
    await expect(bench.start(set, plan(change), { digest: previewed.digest })).rejects.toMatchObject({ code: 'runs.plan_changed' });
    const { id } = await bench.start(set, plan({ ...change, roles: [{ type: '26' }] }));
    await perform(local, updateRoleProfile, { name: 'P', roles: [{ type: '205' }] });
    await bench.work();
    expect((await bench.show(id)).counts).toMatchObject({ changed: 3 });
    expect(await roles('plain')).toEqual([['204', 'INSTITUTION', null]]);
  });

  it('that hold a role above the author are refused before the preview', async () => {
    await profile('Boss', { type: '200' }, { type: '50' });
    const change = { change: 'role_profile', apply: 'Boss' };
    await expect(preview(await as('21'), change)).rejects.toMatchObject({ code: 'changes.role_not_grantable', params: { role: '50' } });
    await expect(startRun.run(await as('21'), parseInput(startRun.input, { set, plan: plan(change) }))).rejects.toMatchObject({
      code: 'changes.role_not_grantable',
    });
    await expect(editUser.run(await as('21'), parseInput(editUser.input, { user: 'plain', changes: [change] }))).rejects.toMatchObject({
      code: 'changes.role_not_grantable',
    });
    await expect(preview(local, { change: 'role_profile', apply: 'Nothing' })).rejects.toMatchObject({ code: 'access.profile_not_found' });
  });
});

describe('role assignment rules', () => {
  it('have an order and one default', async () => {
    await threeRules();
    const order = async () => (await perform(local, listRules, {})).rules.map((rule) => [rule.name, rule.position]);
    expect(await order()).toEqual([
      ['Alumni', 1],
      ['Desk', 2],
      ['Others', null],
    ]);
    expect(await perform(local, updateRule, { name: 'desk', position: 1, enabled: false })).toMatchObject({
      position: 1,
      enabled: false,
      profiles: ['Desk', 'Everybody'],
    });
    expect(await order()).toEqual([
      ['Desk', 1],
      ['Alumni', 2],
      ['Others', null],
    ]);
    expect(await perform(local, showRule, { name: 'Alumni' })).toMatchObject({ when: 'user_group = "ALUMNI"', is_default: false });
    await expect(perform(local, createRule, { name: 'More', profiles: [] })).rejects.toMatchObject({ code: 'access.default_rule_exists' });
    await expect(perform(local, createRule, { name: 'desk', when: 'everyone', profiles: [] })).rejects.toMatchObject({
      code: 'access.rule_exists',
    });
    await expect(perform(local, createRule, { name: 'x', when: 'user_grop = "A"', profiles: [] })).rejects.toMatchObject({
      code: expect.stringMatching(/^filters\./),
    });
    await expect(perform(local, updateRule, { name: 'Others', when: 'everyone' })).rejects.toMatchObject({ code: 'access.rule_condition' });
    await perform(local, deleteRule, { name: 'Desk' });
    expect(await order()).toEqual([
      ['Alumni', 1],
      ['Others', null],
    ]);
  });

  it('give the roles of the first that fits, over a set, with preview and undo', async () => {
    await threeRules();
    const change = { change: 'recalculate_roles' };
    expect(await preview(local, change)).toMatchObject({ members: 3, changed: 3 });
    const before = await bench.snapshot();
    const run = await bench.run(set, plan(change));
    expect(run.counts).toMatchObject({ changed: 3 });
    const [[, , ends] = []] = await roles('alumna');
    expect(ends).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(await roles('desk')).toEqual([
      ['200', 'INSTITUTION', null],
      ['32', 'MAIN', null],
    ]);
    expect(await roles('plain')).toEqual([['200', 'INSTITUTION', null]]);
    expect((await bench.run(set, plan(change))).counts).toMatchObject({ changed: 0 });
    await bench.undo(run.id);
    expect(await bench.snapshot()).toEqual(before);
  });

  it('take away what other rules give only when asked, and never what no rule names', async () => {
    await threeRules();
    await test.db.pool.query(sql`insert into user_roles (user_id, type, scope, parameters)
      select u.id, x.type, x.scope, x.parameters::jsonb from users u cross join (values ('32', 'MAIN', ${JSON.stringify(DESK.parameters)}), ('204', 'INSTITUTION', '[]')) x (type, scope, parameters)
      where u.primary_id = 'alumna'`);
    const only = await bench.set('primary_id = "alumna"');
    await bench.run(only, plan({ change: 'recalculate_roles' }));
    expect((await roles('alumna')).map(([type]) => type)).toEqual(['32', '204', '200']);
    const run = await bench.run(only, plan({ change: 'recalculate_roles', remove_others: true }));
    expect(run.counts).toMatchObject({ changed: 1 });
    expect((await roles('alumna')).map(([type]) => type)).toEqual(['204', '200']);
    await bench.undo(run.id);
    expect((await roles('alumna')).map(([type]) => type)).toEqual(['32', '204', '200']);
  });

  it('without any rule change nobody', async () => {
    expect(await preview(local, { change: 'recalculate_roles', remove_others: true })).toMatchObject({ changed: 0, unchanged: 3 });
  });

  it('count for new users of an import without roles of their own', async () => {
    await threeRules();
    const file = path.join(directory, 'new.json');
    const user = (primary_id: string, more: object) => ({ primary_id, last_name: primary_id, ...more });
    writeFileSync(
      file,
      JSON.stringify({
        user: [
          user('new-desk', { job_category: { value: 'Circulation' } }),
          user('new-plain', { user_role: [] }),
          user('new-own', { user_role: [{ role_type: { value: '204' }, scope: { value: 'INSTITUTION' }, status: { value: 'ACTIVE' } }] }),
          user('plain', {}),
        ],
      }),
    );
    const input = parseInput(importUsers.input, { file });
    expect(await importUsers.run(local, { ...input, dryRun: true })).toMatchObject({ created: 3, roles_given: 3, run_id: null });
    // Nothing of it has been written.
    expect((await test.db.pool.query(`select from users where primary_id like 'n%'`)).rowCount).toBe(0);
    expect((await test.db.pool.query(`select from runs where kind = 'import'`)).rowCount).toBe(0);
    const result = await importUsers.run(local, input);
    expect(result).toMatchObject({ created: 3, roles_given: 3, rejected: 0 });
    expect(await roles('new-desk')).toEqual([
      ['32', 'MAIN', null],
      ['200', 'INSTITUTION', null],
    ]);
    expect(await roles('new-plain')).toEqual([['200', 'INSTITUTION', null]]);
    expect(await roles('new-own')).toEqual([['204', 'INSTITUTION', null]]);
    expect(await roles('plain')).toEqual([]);
    const history = await userHistory.run(local, parseInput(userHistory.input, { user: 'new-desk' }));
    expect(history.entries).toMatchObject([
      {
        created: true,
        rows: [
          { table: 'user_roles', op: 'add' },
          { table: 'user_roles', op: 'add' },
        ],
      },
    ]);
  });

  it('give nothing in the name of an importer that the importer may not give', async () => {
    await profile('Boss', { type: '200' }, { type: '26' });
    await perform(local, createRule, { name: 'All', profiles: ['Boss'] });
    const file = path.join(directory, 'smuggled.csv');
    writeFileSync(file, 'primary_id,last_name\nsmuggler,Smith\n');
    const result = await importUsers.run(await as('21'), parseInput(importUsers.input, { file }));
    expect(result).toMatchObject({ created: 1, roles_given: 1, warnings: [{ code: 'feeds.warn_rule_roles' }] });
    expect(await roles('smuggler')).toEqual([['200', 'INSTITUTION', null]]);
  });

  it('can be applied to one user in a transaction, journalled with the run that wrote them, or with one of their own', async () => {
    await threeRules();
    const edited = await editUser.run(
      local,
      parseInput(editUser.input, { user: 'alumna', changes: [{ change: 'job_description', set: 'x' }] }),
    );
    const { rows } = await test.db.pool.query<{ id: number }>(`select id from users where primary_id = 'alumna'`);
    const options = { userId: rows[0]?.id ?? 0, today: '2026-11-25', actor: 'boss', name: 'Roles', mayGive: () => true };
    expect(await test.db.transaction((tx) => applyRoleRules(tx, { ...options, runId: edited.id }))).toEqual({ given: 1, leftOut: 0 });
    expect(await roles('alumna')).toEqual([['200', 'INSTITUTION', '2027-11-25']]);
    await bench.undo(edited.id);
    expect(await roles('alumna')).toEqual([]);
    expect(await test.db.transaction((tx) => applyRoleRules(tx, { ...options, mayGive: () => false, runId: null }))).toEqual({
      given: 0,
      leftOut: 1,
    });
    expect(await test.db.transaction((tx) => applyRoleRules(tx, { ...options, runId: null }))).toEqual({ given: 1, leftOut: 0 });
    const { entries } = await userHistory.run(local, parseInput(userHistory.input, { user: 'alumna' }));
    expect(entries[0]).toMatchObject({ by: 'boss', run: { name: 'Roles', kind: 'edit' }, rows: [{ table: 'user_roles', op: 'add' }] });
    await bench.undo(entries[0]?.run.id ?? 0);
    expect(await roles('alumna')).toEqual([]);
  });
});
