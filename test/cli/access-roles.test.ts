import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../support/database.ts';
import { json as ask, muster as call, PATIENT, temporaryDirectory } from './muster.ts';

/** Roles, profiles, rules, the report and settings on the command line; every command is a process of its own. */
const test = useTestDatabase();
const files = temporaryDirectory();
const env = (): Record<string, string> => ({ DATABASE_URL: test.url, MUSTER_DATA: path.join(files.directory, 'data') });
const json = (args: readonly string[], status = 0): Promise<Record<string, unknown>> => ask(args, { env: env(), status });
const words = async (args: readonly string[]): Promise<string> => (await call(args, { env: env() })).stdout;

beforeAll(async () => {
  mkdirSync(path.join(files.directory, 'data'));
  await test.db.pool.query(`with u as (insert into users (primary_id, first_name) values ('=ada', 'Ada') returning id)
    insert into user_roles (user_id, type, scope, expiry_date) select id, '21', 'INSTITUTION', '2027-01-31' from u`);
});
afterAll(() => files.remove());

describe('muster access', PATIENT, () => {
  it('shows and sets what a role may do', async () => {
    expect(await words(['access', 'roles', '21', '--lang', 'de'])).toMatch(
      /Benutzer-Manager[\s\S]*users:write {2}Benutzer ändern[\s\S]*alle Rollen außer 26, 50/,
    );
    expect(
      await json([
        'access',
        'set-role',
        '221',
        '--give',
        'users:write, users:export',
        '--take',
        'access:sign-in',
        '--may-grant',
        '200',
        '--close',
        'notes',
      ]),
    ).toMatchObject({
      role: '221',
      privileges: ['own:read', 'users:read', 'users:write', 'users:export'],
      grants: { all: false, roles: ['200'] },
      closed: ['notes'],
    });
    expect(await json(['access', 'set-role', '221', '--give', 'flying'], 1)).toMatchObject({ error: { code: 'input.invalid' } });
    expect(await json(['access', 'me'])).toMatchObject({ name: 'administrator', grants: { all: true, roles: [] } });
    expect(await json(['access', 'me', '--as', '=ada'])).toMatchObject({ roles: [{ type: '21', label: 'User Manager' }] });
  });

  it('keeps profiles and rules', async () => {
    const file = path.join(files.directory, 'roles.json');
    writeFileSync(
      file,
      JSON.stringify([
        { type: '32', scope: 'MAIN' },
        { type: '200', expiry_date: 'today + 1 year' },
      ]),
    );
    expect(await json(['access', 'profiles', 'create', 'Desk', '--file', file])).toMatchObject({
      roles: [{ type: '32' }, { type: '200' }],
    });
    expect(await json(['access', 'profiles', 'create', 'Patron', '--roles', '200', '--description', 'Everybody'])).toMatchObject({
      name: 'Patron',
    });
    expect(await words(['access', 'profiles', 'list'])).toMatch(/Desk +32 \(MAIN\), 200/);
    await json(['access', 'rules', 'create', 'Otherwise', '--gives', 'Patron']);
    expect(
      await json(['access', 'rules', 'create', 'Desk', '--when', 'job_category = "Circulation"', '--gives', 'Desk,Patron']),
    ).toMatchObject({
      position: 1,
      profiles: ['Desk', 'Patron'],
      enabled: true,
    });
    expect(await json(['access', 'rules', 'update', 'Desk', '--off', '--rename', 'Counter'])).toMatchObject({
      name: 'Counter',
      enabled: false,
    });
    expect(await words(['access', 'rules', 'list'])).toMatch(
      /1 {2}Counter +job_category = "Circulation"[\s\S]*Otherwise +otherwise \(default rule\)/,
    );
    expect(await json(['access', 'profiles', 'delete', 'Desk'], 1)).toMatchObject({ error: { code: 'access.profile_in_use' } });
    expect(await json(['access', 'rules', 'delete', 'Counter'])).toEqual({ deleted: 'Counter' });
    expect(await json(['access', 'profiles', 'delete', 'Desk'])).toEqual({ deleted: 'Desk' });
  });

  it('reports who holds what, also as CSV', async () => {
    expect(await json(['access', 'report', '--expiring-before', '2027-02-01'])).toMatchObject({
      roles: [{ role: '21', primary_id: '=ada' }],
      next: null,
    });
    const file = path.join(files.directory, 'holders.csv');
    expect(await json(['access', 'report', '--csv', file])).toEqual({ lines: 1, file });
    expect(readFileSync(file, 'utf8')).toBe(
      "\uFEFFrole,label,scope,status,expiry_date,primary_id,name,user_status,user_expiry_date,in_force\r\n21,User Manager,INSTITUTION,ACTIVE,2027-01-31,'=ada,Ada,ACTIVE,,true\r\n",
    );
  });

  it('lists and sets settings', async () => {
    expect(await words(['settings', 'list'])).toMatch(/guard +\{"share":20/);
    expect(await json(['settings', 'set', 'library.name', 'City Library'])).toMatchObject({ value: 'City Library', set: true });
    expect(await json(['settings', 'set', 'access.managers_no_staff_roles', 'true'])).toMatchObject({ value: true });
    expect((await words(['settings', 'get', 'library.name'])).trim()).toBe('City Library');
    expect(await json(['settings', 'set', 'library.name', '--default'])).toMatchObject({ value: null, set: false });
    expect(await json(['settings', 'set', 'nothing', '1'], 1)).toMatchObject({ error: { code: 'access.unknown_setting' } });
  });
});
