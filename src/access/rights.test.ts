import { beforeEach, describe, expect, it } from 'vitest';
import { userActor } from '../../test/support/actors.ts';
import { useTestDatabase } from '../../test/support/database.ts';
import { type Actor, type Context, declaredSettings, declareSetting, readSetting } from '../core/index.ts';
import { z } from 'zod';
import {
  ADMINISTRATOR,
  canGrant,
  getSetting,
  listSettings,
  outranksSql,
  perform,
  reportHolders,
  rightsOf,
  setRole,
  setSetting,
  showOwnRights,
  showRoles,
} from './index.ts';
import sql from 'sql-template-tag';

const test = useTestDatabase();

const DESK_HOURS = declareSetting({
  name: 'test.desk_hours',
  label: { en: 'Hours', de: 'Stunden' },
  schema: z.number().int().min(1).max(24),
  default: 8,
  privilege: 'settings:write',
});

function contextOf(actor: Actor): Context {
  return {
    db: test.db,
    actor,
    source: 'test',
    language: 'en',
    timeZone: 'Europe/Berlin',
    dataDir: '/nowhere',
    doorbell: { ring: async () => undefined },
  };
}

const as = async (...roles: string[]): Promise<Context> => contextOf(await userActor(test.db.pool, roles));
const local = (): Context => contextOf(ADMINISTRATOR);
const saved = async (role: string) => (await perform(local(), showRoles, { role })).roles[0];

beforeEach(async () => {
  await test.db.pool.query('delete from settings; delete from audit');
});

describe('what roles may do', () => {
  it('is shown with labels, also for a role that may do nothing', async () => {
    const all = await perform(await as('26'), showRoles, {});
    expect(all.roles.find((role) => role.role === '21')).toMatchObject({
      label: 'User Manager',
      grants: { all: true, roles: ['26', '50'] },
    });
    expect(all.privileges.find((privilege) => privilege.name === 'users:read')?.label).toBe('See and search users');
    expect(await saved('204')).toMatchObject({ role: '204', label: 'Cataloger', privileges: [], grants: { all: false, roles: [] } });
    await expect(perform(local(), showRoles, { role: '4711' })).rejects.toMatchObject({ code: 'access.unknown_role' });
  });

  it('is set, holds at once and is audited; what is not named stays', async () => {
    const before = await saved('221');
    await perform(await as('26'), setRole, { role: '221', privileges: ['own:read', 'users:read', 'users:write'], closed: ['notes'] });
    expect(await saved('221')).toMatchObject({
      privileges: ['own:read', 'users:read', 'users:write'],
      closed: ['notes'],
      grants: before?.grants,
    });
    const rights = await rightsOf(test.db.pool, [{ type: '221', scope: 'INSTITUTION' }]);
    expect(rights).toMatchObject({ privileges: ['own:read', 'users:read', 'users:write'], closed: ['notes'] });
    const { rows } = await test.db.pool.query(`select actor, entity_id, outcome from audit where operation = 'access.set_role'`);
    expect(rows).toEqual([{ actor: 'somebody', entity_id: '221', outcome: 'done' }]);
    await perform(local(), setRole, { role: '221', privileges: before?.privileges, closed: [] });
  });

  it('is never more than its giver has', async () => {
    await perform(local(), setRole, {
      role: '52',
      privileges: ['own:read', 'users:read', 'access:read', 'access:write'],
      grants: { all: false, roles: ['51', '200'] },
    });
    const fulfilment = await as('52');
    await expect(perform(fulfilment, setRole, { role: '51', privileges: ['own:read', 'users:delete'] })).rejects.toMatchObject({
      code: 'access.more_than_own',
    });
    await expect(perform(fulfilment, setRole, { role: '51', grants: { all: false, roles: ['26'] } })).rejects.toMatchObject({
      code: 'access.more_than_own',
    });
    await expect(perform(fulfilment, setRole, { role: '51', grants: { all: true, roles: [] } })).rejects.toMatchObject({
      code: 'access.more_than_own',
    });
    await expect(perform(fulfilment, setRole, { role: '21', privileges: ['own:read'] })).rejects.toMatchObject({
      code: 'access.role_above',
    });
    await expect(perform(fulfilment, setRole, { role: '52', privileges: ['own:read'] })).rejects.toMatchObject({
      code: 'access.role_above',
    });
    await perform(fulfilment, setRole, { role: '51', privileges: ['own:read', 'users:read', 'access:read'] });
    expect((await saved('51'))?.privileges).toContain('access:read');
  });

  it('keeps the administrator’s role able to give rights, and nobody shuts themselves out', async () => {
    await expect(perform(local(), setRole, { role: '26', privileges: ['own:read'] })).rejects.toMatchObject({
      code: 'access.administrator_role',
    });
    await perform(local(), setRole, { role: '53', privileges: ['access:read', 'access:write'], grants: { all: false, roles: ['53'] } });
    await expect(perform(await as('53'), setRole, { role: '53', privileges: ['access:read'] })).rejects.toMatchObject({
      code: 'access.own_rights',
    });
    expect((await saved('53'))?.privileges).toContain('access:write');
  });

  it('is refused without the privilege', async () => {
    await expect(perform(await as('50'), setRole, { role: '200', privileges: [] })).rejects.toMatchObject({ code: 'access.denied' });
    await expect(perform(await as('200'), showRoles, {})).rejects.toMatchObject({ code: 'access.denied' });
  });

  it('is told to everybody about themselves', async () => {
    expect(await perform(await as('200'), showOwnRights, {})).toMatchObject({
      kind: 'user',
      roles: [{ type: '200', label: 'Patron', scope: 'INSTITUTION', library: false }],
      privileges: [{ name: 'own:read' }],
      grants: { all: false, roles: [] },
    });
    expect((await perform(local(), showOwnRights, {})).grants).toEqual({ all: true, roles: [] });
  });
});

describe('settings', () => {
  it('have a default, are set and reset, and are checked against their schema', async () => {
    expect(await readSetting(test.db.pool, DESK_HOURS)).toBe(8);
    const set = await perform(await as('26'), setSetting, { name: 'test.desk_hours', value: 10 });
    expect(set).toMatchObject({ value: 10, default: 8, set: true, modified_by: 'somebody' });
    expect(await readSetting(test.db.pool, DESK_HOURS)).toBe(10);
    await expect(perform(local(), setSetting, { name: 'test.desk_hours', value: 25 })).rejects.toMatchObject({ code: 'input.invalid' });
    expect(await perform(local(), setSetting, { name: 'test.desk_hours', reset: true })).toMatchObject({ value: 8, set: false });
    await expect(perform(local(), getSetting, { name: 'nothing' })).rejects.toMatchObject({ code: 'access.unknown_setting' });
  });

  it('that no longer fit count as not set', async () => {
    await test.db.pool.query(`insert into settings (name, value) values ('test.desk_hours', '"many"')`);
    expect(await readSetting(test.db.pool, DESK_HOURS)).toBe(8);
  });

  it('are all listed, and about rights only settable by who may write rights', async () => {
    const { settings } = await perform(await as('21'), listSettings, {});
    expect(settings.map((setting) => setting.name)).toEqual(declaredSettings().map((setting) => setting.name));
    expect(settings.find((setting) => setting.name === 'access.managers_no_staff_roles')).toMatchObject({
      value: false,
      privilege: 'access:write',
    });
    await perform(local(), setRole, { role: '56', privileges: ['settings:write'] });
    await expect(perform(await as('56'), setSetting, { name: 'access.managers_no_staff_users', value: true })).rejects.toMatchObject({
      code: 'access.denied',
    });
  });
});

describe('User Managers narrowed by the library', () => {
  it('give and take the role Patron only', async () => {
    await perform(local(), setSetting, { name: 'access.managers_no_staff_roles', value: true });
    const manager = await userActor(test.db.pool, ['21']);
    expect([canGrant(manager, '200'), canGrant(manager, '32'), canGrant(manager, '26')]).toEqual([true, false, false]);
    expect(canGrant(await userActor(test.db.pool, ['21', '50']), '32')).toBe(true);
    expect(canGrant(await userActor(test.db.pool, ['21', { type: '50', scope: 'MAIN', library: true }]), '32')).toBe(false);
  });

  it('do not edit staff', async () => {
    const { rows } = await test.db.pool.query<{ id: number }>(`
      with desk as (insert into users (primary_id) values ('desk') returning id), patron as (insert into users (primary_id) values ('patron') returning id),
        r as (insert into user_roles (user_id, type, scope) select id, '32', 'INSTITUTION' from desk union all select id, '200', 'INSTITUTION' from patron)
      select id from desk union all select id from patron`);
    const ids = rows.map((row) => row.id);
    const outranked = async (actor: Actor) => {
      const condition = outranksSql(actor, sql`x.id`);
      if (condition === null) return 0;
      const found = await test.db.pool.query(sql`select x.id from unnest(${ids}::bigint[]) as x (id) where ${condition}`);
      return found.rows.length;
    };
    expect(await outranked(await userActor(test.db.pool, ['21']))).toBe(0);
    await perform(local(), setSetting, { name: 'access.managers_no_staff_users', value: true });
    expect(await outranked(await userActor(test.db.pool, ['21']))).toBe(1);
    expect(await outranked(await userActor(test.db.pool, ['50']))).toBe(0);
    expect(canGrant(await userActor(test.db.pool, ['21']), '32')).toBe(false);
  });
});

describe('the report of who holds what', () => {
  it('shows holders by role, filtered, counted and page by page', async () => {
    await test.db.pool.query('delete from users');
    await test.db.pool.query(
      `insert into codes (table_name, code, label_en, label_de) values ('Libraries', 'MAIN', 'Main', 'Haupt') on conflict do nothing`,
    );
    await test.db.pool.query(`
      with u as (insert into users (primary_id, first_name, last_name, status, expiry_date) values
        ('ada', 'Ada', 'Ark', 'ACTIVE', null), ('bo', null, 'Bell', 'INACTIVE', null), ('cy', 'Cy', 'Cole', 'ACTIVE', '2000-01-01') returning id, primary_id)
      insert into user_roles (user_id, type, scope, status, expiry_date)
      select u.id, r.type, r.scope, r.status, r.expiry::date from u join (values
        ('ada', '21', 'INSTITUTION', 'ACTIVE', null), ('ada', '200', 'INSTITUTION', 'ACTIVE', '2099-12-31'), ('ada', '32', 'MAIN', 'ACTIVE', '2020-01-31'),
        ('bo', '21', 'INSTITUTION', 'ACTIVE', null), ('cy', '21', 'INSTITUTION', 'INACTIVE', null)) r (who, type, scope, status, expiry) on r.who = u.primary_id
      order by u.id`);
    const report = async (input: object) => perform(await as('21'), reportHolders, input);
    const all = await report({});
    expect(all.totals).toEqual([
      { role: '200', label: 'Patron', users: 1, in_force: 1 },
      { role: '21', label: 'User Manager', users: 3, in_force: 1 },
      { role: '32', label: 'Circulation Desk Operator', users: 1, in_force: 0 },
    ]);
    expect(all.roles[0]).toMatchObject({ role: '200', primary_id: 'ada', name: 'Ada Ark', in_force: true, library: false });
    expect((await report({ role: '21', in_force: true })).roles.map((row) => row.primary_id)).toEqual(['ada']);
    expect((await report({ status: 'INACTIVE' })).roles.map((row) => row.primary_id)).toEqual(['cy']);
    expect((await report({ scope: 'MAIN' })).roles).toMatchObject([
      { role: '32', library: true, expiry_date: '2020-01-31', in_force: false },
    ]);
    expect((await report({ expiring_before: '2027-01-01' })).roles.map((row) => row.role)).toEqual(['32']);
    expect((await report({ staff_only: true })).roles.map((row) => row.role)).toEqual(['21', '21', '21', '32']);
    const seen: string[] = [];
    for (let after: string | undefined; ; ) {
      const page = await report({ limit: 2, ...(after === undefined ? {} : { after }) });
      seen.push(...page.roles.map((row) => `${row.role} ${row.primary_id}`));
      if (page.next === null) break;
      after = page.next;
    }
    expect(seen).toEqual(all.roles.map((row) => `${row.role} ${row.primary_id}`));
    await expect(report({ after: 'nonsense' })).rejects.toMatchObject({ code: 'access.bad_cursor' });
    await expect(perform(await as('32'), reportHolders, {})).rejects.toMatchObject({ code: 'access.denied' });
  });
});
