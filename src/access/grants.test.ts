import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { userActor } from '../../test/support/actors.ts';
import { useTestDatabase } from '../../test/support/database.ts';
import { runsBench } from '../../test/support/runs.ts';
import type { Actor, Context } from '../core/index.ts';
import { createUser, importUsers, replaceUserRecord } from '../feeds/index.ts';
import { editUser, previewJob, saveTemplate, startRun } from '../runs/index.ts';
import { perform, setSetting } from './index.ts';

const test = useTestDatabase();
const bench = runsBench(test);
const directory = mkdtempSync(path.join(tmpdir(), 'muster-grants-'));
let set = '';

beforeEach(async () => {
  await bench.clear();
  await test.db.pool.query('delete from settings');
  await bench.users(
    { primary_id: 'reader' },
    { primary_id: 'desk', user_roles: [{ type: '32', scope: 'INSTITUTION' }] },
    { primary_id: 'boss', user_roles: [{ type: '50', scope: 'INSTITUTION' }] },
  );
  set = await bench.set('everyone');
  await test.db.pool.query(`update sets set private = false;
    insert into codes (table_name, code, label_en, label_de) values ('Libraries', 'MAIN', 'Main', 'Haupt') on conflict do nothing`);
});

const contextOf = (actor: Actor): Context => ({ ...bench.ctx, db: test.db, actor });
const as = async (...roles: Parameters<typeof userActor>[1][number][]): Promise<Context> =>
  contextOf(await userActor(test.db.pool, roles, { name: 'author', userId: 999_999 }));
const roles = async (user: string) => (await bench.rows(user, 'user_roles')).map((row) => row['type']);

/** A file that would give `reader` the role, in each notation an import takes. */
function files(role: string): readonly string[] {
  const json = {
    user: [
      { primary_id: 'reader', user_role: [{ status: { value: 'ACTIVE' }, scope: { value: 'INSTITUTION' }, role_type: { value: role } }] },
    ],
  };
  const contents = {
    json: JSON.stringify(json),
    xml: `<users><user><primary_id>reader</primary_id><user_roles><user_role><status>ACTIVE</status><scope>INSTITUTION</scope><role_type>${role}</role_type></user_role></user_roles></user></users>`,
    csv: `primary_id,user_roles\nreader,${role};INSTITUTION;ACTIVE;;[];\n`,
  };
  return Object.entries(contents).map(([ending, content]) => {
    const file = path.join(directory, `role-${role}.${ending}`);
    writeFileSync(file, content);
    return file;
  });
}

const record = (id: string, role: string) => ({
  primary_id: id,
  last_name: 'Reader',
  user_role: [{ status: { value: 'ACTIVE' }, scope: { value: 'INSTITUTION' }, role_type: { value: role } }],
});

describe.each([
  ['User Manager', '21', '26'],
  ['User Manager', '21', '50'],
  ['User Administrator', '50', '26'],
])('a %s (%s) is refused the role %s', (_, own, above) => {
  it.each([
    ['add', { add: { type: above } }],
    ['remove', { remove: { type: above } }],
    ['edit into', { edit: { match: { type: '32' }, set: { type: above } } }],
    ['activate', { activate: { type: above } }],
  ])('in a plan, before the preview: %s', async (_verb, role) => {
    const ctx = await as(own);
    const changes = [
      { change: 'job_description', set: 'x' },
      { change: 'role', ...role },
    ];
    const refusal = { code: 'changes.role_not_grantable' };
    await expect(perform(ctx, previewJob, { set, plan: { changes } })).rejects.toMatchObject(refusal);
    await expect(perform(ctx, startRun, { set, plan: { changes }, confirm: true })).rejects.toMatchObject(refusal);
    await expect(perform(ctx, editUser, { user: 'reader', changes })).rejects.toMatchObject(refusal);
    await expect(perform(ctx, saveTemplate, { name: 'mine', plan: { changes } })).rejects.toMatchObject(refusal);
    expect(await bench.value('reader', 'job_description')).toBeNull();
  });

  it('in an import, whatever its notation', async () => {
    for (const file of files(above)) {
      const result = await perform(await as(own), importUsers, { file });
      expect(result, file).toMatchObject({ updated: 0, rejected: 1, errors: [{ code: 'feeds.role_not_yours' }] });
    }
    expect(await roles('reader')).toEqual([]);
    // The files are good: who may, does.
    expect(await perform(bench.ctx, importUsers, { file: files(above)[0] ?? '' })).toMatchObject({ updated: 1 });
  });

  it('in a record that replaces another, or makes a user', async () => {
    const ctx = await as(own);
    const refusal = { code: 'feeds.role_not_yours' };
    await expect(perform(ctx, replaceUserRecord, { user: 'reader', record: record('reader', above) })).rejects.toMatchObject(refusal);
    await expect(perform(ctx, createUser, { record: record('newcomer', above) })).rejects.toMatchObject(refusal);
    expect(await roles('reader')).toEqual([]);
    await perform(ctx, replaceUserRecord, { user: 'reader', record: record('reader', '32') });
    expect(await roles('reader')).toEqual(['32']);
  });
});

describe('what an author may not do to a user is an outcome of that user', () => {
  it('and the others go through', async () => {
    const ctx = await as('21');
    const changes = [{ change: 'role', remove: { any: true } }];
    const preview = await perform(ctx, previewJob, { set, plan: { changes } });
    expect(preview).toMatchObject({
      members: 3,
      changed: 1,
      unchanged: 1,
      skipped: 1,
      reasons: [{ reason: 'changes.not_permitted', users: 1 }],
    });
  });
});

describe('a User Manager whom the library narrowed', () => {
  const narrow = (name: string) => perform(bench.ctx, setSetting, { name: `access.${name}`, value: true });

  it('gives and takes the role Patron alone', async () => {
    await narrow('managers_no_staff_roles');
    const ctx = await as('21');
    const give = (type: string) => perform(ctx, previewJob, { set, plan: { changes: [{ change: 'role', add: { type } }] } });
    await expect(give('32')).rejects.toMatchObject({ code: 'changes.role_not_grantable' });
    // Who holds a staff role holds one that is not the author's to give.
    expect(await give('200')).toMatchObject({ changed: 1, skipped: 2 });
    expect(await perform(ctx, importUsers, { file: files('32')[0] ?? '' })).toMatchObject({ rejected: 1, updated: 0 });
    expect(await perform(ctx, importUsers, { file: files('200')[0] ?? '' })).toMatchObject({ rejected: 0, updated: 1 });
  });

  it('leaves users with a staff role alone', async () => {
    await narrow('managers_no_staff_users');
    const ctx = await as('21');
    const changes = [{ change: 'job_description', set: 'x' }];
    expect(await perform(ctx, previewJob, { set, plan: { changes } })).toMatchObject({ changed: 1, skipped: 2 });
    const refusal = { code: 'feeds.user_not_yours' };
    await expect(
      perform(ctx, replaceUserRecord, { user: 'desk', record: { primary_id: 'desk', last_name: 'Desk' } }),
    ).rejects.toMatchObject(refusal);
    expect(await perform(await as('21', '50'), previewJob, { set, plan: { changes } })).toMatchObject({ changed: 3 });
  });
});

describe('an import', () => {
  it('takes no role away that its author may not give, not even one that is not active', async () => {
    await bench.users({ primary_id: 'former', user_roles: [{ type: '26', scope: 'INSTITUTION', status: 'INACTIVE' }] });
    const file = path.join(directory, 'former.json');
    writeFileSync(file, JSON.stringify({ user: [record('former', '200')] }));
    expect(await perform(await as('21'), importUsers, { file })).toMatchObject({ rejected: 1, errors: [{ code: 'feeds.role_not_yours' }] });
    expect(await roles('former')).toEqual(['26']);
    writeFileSync(file, JSON.stringify({ user: [{ primary_id: 'former', last_name: 'Former' }] }));
    expect(await perform(await as('21'), importUsers, { file })).toMatchObject({ rejected: 0, updated: 1 });
  });
});

describe('a role for one library', () => {
  const branch = { type: '21', scope: 'MAIN', library: true } as const;

  it('starts and previews nothing that works on the whole institution, and imports nothing', async () => {
    const ctx = await as(branch);
    const plan = { changes: [{ change: 'job_description', set: 'x' }] };
    await expect(perform(ctx, previewJob, { set, plan })).rejects.toMatchObject({ code: 'access.denied' });
    await expect(perform(ctx, startRun, { set, plan, confirm: true })).rejects.toMatchObject({ code: 'access.denied' });
    await expect(perform(ctx, importUsers, { file: files('32')[0] ?? '' })).rejects.toMatchObject({ code: 'access.denied' });
  });

  it('gives nobody a role and leaves staff alone', async () => {
    const ctx = await as(branch);
    await expect(perform(ctx, editUser, { user: 'reader', changes: [{ change: 'role', add: { type: '32' } }] })).rejects.toMatchObject({
      code: 'changes.role_not_grantable',
    });
    const change = [{ change: 'job_description', set: 'x' }];
    expect(await perform(ctx, editUser, { user: 'desk', changes: change })).toMatchObject({ counts: { skipped: 1 } });
    expect(await perform(ctx, editUser, { user: 'reader', changes: change })).toMatchObject({ counts: { changed: 1 } });
  });
});

describe('an API key that narrows its owner', () => {
  it('gives no privilege and no role beyond what it was left', async () => {
    const owner = await userActor(test.db.pool, ['26'], { name: 'author', userId: 999_999 });
    if (owner.kind !== 'user') throw new Error('a user');
    const key = { id: 1, name: 'Discovery', exemptFromGuard: false };
    const readOnly: Actor = { ...owner, key, rights: { ...owner.rights, privileges: ['users:read', 'jobs:read'] } };
    const plan = { changes: [{ change: 'job_description', set: 'x' }] };
    await expect(perform(contextOf(readOnly), startRun, { set, plan })).rejects.toMatchObject({ code: 'access.denied' });
    await expect(perform(contextOf(readOnly), previewJob, { set, plan })).rejects.toMatchObject({ code: 'access.denied' });
    const patronsOnly: Actor = { ...owner, key, rights: { ...owner.rights, grants: { all: false, roles: ['200'] } } };
    const ctx = contextOf(patronsOnly);
    await expect(perform(ctx, previewJob, { set, plan: { changes: [{ change: 'role', add: { type: '32' } }] } })).rejects.toMatchObject({
      code: 'changes.role_not_grantable',
    });
    expect(await perform(ctx, previewJob, { set, plan })).toMatchObject({ changed: 1, skipped: 2 });
    const detail = await test.db.pool.query(`select distinct key_id from audit where operation = 'job.preview' and key_id is not null`);
    expect(detail.rows).toEqual([{ key_id: 1 }]);
  });
});
