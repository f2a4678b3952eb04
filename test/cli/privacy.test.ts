import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../support/database.ts';
import { json as ask, muster as call, PATIENT, temporaryDirectory } from './muster.ts';

/** Data protection and approval as staff type it, each command a process of its own. */
const test = useTestDatabase();
const files = temporaryDirectory();
const env = (): Record<string, string> => ({ DATABASE_URL: test.url, MUSTER_DATA: path.join(files.directory, 'data') });
const json = (args: readonly string[], status = 0): Promise<Record<string, unknown>> => ask(args, { env: env(), status });
const muster = (args: readonly string[]): ReturnType<typeof call> => call(args, { env: env() });

beforeAll(async () => {
  mkdirSync(path.join(files.directory, 'data'));
  await json(['users', 'generate', '--count', '40', '--seed', '3']);
  await test.db.pool.query(`update users set loans = 0, requests = 0, fees = 0, purge_date = null; delete from circulation;
    delete from user_roles where type <> '200'`);
});
afterAll(() => files.remove());

describe('data protection on the command line', PATIENT, () => {
  it('hands out, erases, and tells a restored backup', async () => {
    const out = path.join(files.directory, 'person.html');
    expect(await json(['users', 'personal-data', 'mu00000001', '--out', out])).toMatchObject({ user: 'mu00000001', file: out });
    expect(readFileSync(out, 'utf8')).toContain('<!doctype html>');
    expect(await json(['users', 'personal-data', 'mu00000001', '--out', 'person.doc'], 2)).toMatchObject({
      error: { code: 'cli.personal.which' },
    });
    // Without a terminal nobody can be asked, so nothing is done.
    expect(await json(['users', 'erase', 'mu00000001'], 1)).toMatchObject({ error: { code: 'cli.confirmation_needed' } });
    expect(await json(['users', 'erase', 'mu00000001', '--yes', '--reason', 'asked for'])).toMatchObject({ users: 1 });
    expect(await json(['users', 'show', 'mu00000001'], 1)).toMatchObject({ error: { code: 'users.not_found' } });
    const list = path.join(files.directory, 'erasures.jsonl');
    expect(await json(['erasures', 'list', '--out', list])).toMatchObject({ erasures: [{ users: 1, reason: 'asked for' }], written: 1 });
    expect(readFileSync(list, 'utf8')).not.toContain('mu00000001');
    expect(await json(['erasures', 'reapply', list])).toEqual({ users: 0 });
  });

  it('merges two records of one person, and parts them', async () => {
    await test.db.pool.query(
      `update users set account_type = 'INTERNAL', external_id = null where primary_id in ('mu00000011', 'mu00000012')`,
    );
    const shown = await muster(['users', 'merge', 'mu00000011', 'mu00000012', '--preview', '--leave', 'job_description']);
    expect(shown).toMatchObject({ status: 0, stdout: expect.stringContaining('mu00000011 is kept, mu00000012 is given up.') });
    expect(await json(['users', 'merge', 'mu00000011', 'mu00000012'], 1)).toMatchObject({ error: { code: 'cli.confirmation_needed' } });
    const merged = await json(['users', 'merge', 'mu00000011', 'mu00000012', '--take', 'last_name', '--confirm']);
    expect(merged).toMatchObject({ keep: 'mu00000011', give_up: 'mu00000012' });
    expect(await json(['users', 'show', 'mu00000012'])).toMatchObject({ primary_id: 'mu00000011' });
    expect(await json(['jobs', 'undo', String(merged['id']), '--yes'])).toMatchObject({ counts: { changed: 2 } });
    expect(await json(['users', 'show', 'mu00000012'])).toMatchObject({ primary_id: 'mu00000012' });
  });

  it('previews and runs a purge', async () => {
    await test.db.pool.query(`update users set purge_date = '2020-01-01', expiry_date = '2020-01-01'
      where primary_id in ('mu00000002', 'mu00000003', 'mu00000004'); update users set loans = 1 where primary_id = 'mu00000004'`);
    expect(await json(['purge', 'preview'])).toMatchObject({ members: 3, erasable: 2, kept: [{ primary_id: 'mu00000004' }] });
    expect(await json(['purge', 'run', '--yes'])).toMatchObject({
      kind: 'purge',
      state: 'COMPLETED_SUCCESS',
      counts: { changed: 2, skipped: 1 },
    });
    expect((await muster(['jobs', 'list'])).stdout).toContain('Purge users');
  });

  it('shows the audit and what is kept how long', async () => {
    const found = await json(['audit', 'search', '--operation', 'purge.*']);
    expect(found).toMatchObject({ entries: [{ operation: 'purge.run' }, { operation: 'purge.preview' }, { operation: 'purge.preview' }] });
    const csv = path.join(files.directory, 'audit.csv');
    expect(await json(['audit', 'export', csv])).toMatchObject({ entries: expect.any(Number), file: csv });
    expect(existsSync(csv)).toBe(true);
    const shown = await muster(['retention', 'show']);
    expect(shown.status).toBe(0);
    expect(shown.stdout).toContain('Search texts in the audit');
    expect(await json(['retention', 'apply'])).toEqual({ removed: [] });
  });

  it('tells what remains of those who were purged', async () => {
    expect(await json(['purge', 'statistics'])).toMatchObject({ users: 2 });
    expect((await muster(['purge', 'statistics'])).stdout).toContain('Erased by purges: 2 users.');
    expect((await muster(['purge', 'statistics', '--to', '2020-01-31'])).stdout).toContain('Erased by purges: 0 users.');
  });

  it('has a large run wait for somebody else', async () => {
    await json(['sets', 'create', 'All', '--where', 'primary_id is not empty']);
    await test.db.pool.query(`insert into settings (name, value) values ('approval', '{"above": 5}')`);
    await test.db.pool.query(`update users set status = 'ACTIVE', expiry_date = null, account_type = 'INTERNAL', external_id = null
      where primary_id = 'mu00000010'`);
    await test.db.pool.query(
      `insert into user_roles (user_id, type, scope) select id, '50', 'INSTITUTION' from users where primary_id = 'mu00000010'`,
    );
    const plan = path.join(files.directory, 'plan.json');
    writeFileSync(plan, '{"changes": [{"change": "job_description", "set": "x"}]}');
    const change = ['--plan', plan];
    const run = await json(['jobs', 'run', '--set', 'All', ...change, '--yes'], 1);
    expect(run).toMatchObject({ state: 'MANUAL_HANDLING_REQUIRED' });
    expect(await json(['jobs', 'waiting'])).toMatchObject({ jobs: [{ id: run['id'], approvable: false }] });
    expect(await json(['jobs', 'approve', String(run['id'])], 1)).toMatchObject({ error: { code: 'access.own_approval' } });
    expect(await json(['--as', 'mu00000010', 'jobs', 'approve', String(run['id'])])).toMatchObject({ state: 'COMPLETED_SUCCESS' });
    const other = await json(['jobs', 'run', '--set', 'All', ...change, '--yes'], 1);
    expect(await json(['--as', 'mu00000010', 'jobs', 'reject', String(other['id']), '--reason', 'no'])).toMatchObject({
      state: 'USER_ABORTED',
    });
    expect(await json(['--as', 'mu00000010', 'jobs', 'subscribe', '--waiting'])).toMatchObject({ subscriptions: [{ kind: 'waiting' }] });
  });
});
