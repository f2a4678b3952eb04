import sql from 'sql-template-tag';
import { beforeEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { userActor } from '../../../test/support/actors.ts';
import { useTestDatabase } from '../../../test/support/database.ts';
import { type Actor, AppError, type Context, type Privilege, PRIVILEGES, todayIn } from '../../core/index.ts';
import { createKey, listKeys, perform, resolveActor, resolveKey, revokeKey } from '../index.ts';

const test = useTestDatabase();
const today = todayIn('Europe/Berlin');
const ADMINISTRATOR: Actor = { kind: 'administrator', name: 'administrator' };

const contextOf = (actor: Actor = ADMINISTRATOR): Context => ({
  db: test.db,
  actor,
  source: 'test',
  language: 'en',
  timeZone: 'Europe/Berlin',
  dataDir: '/nowhere',
  doorbell: { ring: async () => undefined },
});

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );

async function person(id: string, ...roles: string[]): Promise<number> {
  const { rows } = await test.db.pool.query<{ id: number }>(sql`insert into users (primary_id) values (${id}) returning id`);
  const userId = rows[0]?.id ?? 0;
  for (const role of roles)
    await test.db.pool.query(sql`insert into user_roles (user_id, type, scope) values (${userId}, ${role}, 'INSTITUTION')`);
  return userId;
}

const make = (input: z.input<typeof createKey.input>, actor?: Actor) => perform(contextOf(actor), createKey, input);
const resolve = (key: string, address?: string) => resolveKey(test.db.pool, key, today, address);
const privileges = async (key: string): Promise<readonly Privilege[]> => {
  const actor = await resolve(key);
  return actor.kind === 'user' ? actor.rights.privileges : [];
};

beforeEach(() => test.db.pool.query('delete from users; delete from audit'));

describe('an API key', () => {
  it('acts as its owner, with the owner’s rights of today, and is known by its hash alone', async () => {
    const id = await person('robot', '21');
    const made = await make({ name: 'Discovery', owner: 'ROBOT', exempt_from_guard: true });
    expect(made.key).toMatch(new RegExp(`^mus_${made.id}_[A-Za-z0-9_-]{43}$`));
    expect(made.key.startsWith(made.shown)).toBe(true);
    expect(await resolve(made.key)).toMatchObject({
      kind: 'user',
      name: 'robot',
      userId: id,
      key: { id: made.id, name: 'Discovery', exemptFromGuard: true },
    });
    expect(await privileges(made.key)).toContain('jobs:run');
    await test.db.pool.query(`update user_roles set expiry_date = '2020-01-01'`);
    expect(await privileges(made.key)).toEqual([]);
    const random = made.key.split('_').slice(2).join('_');
    for (const table of ['api_keys', 'audit']) {
      expect(JSON.stringify((await test.db.pool.query(`select t::text as row from ${table} t`)).rows)).not.toContain(random);
    }
    const { keys } = await perform(contextOf(), listKeys, {});
    expect(JSON.stringify(keys)).not.toContain(random);
    expect(keys).toMatchObject([{ id: made.id, shown: made.shown, owner: 'robot', revoked_at: null }]);
  });

  it('narrows: to what reads, to areas, to both', async () => {
    await person('robot', '26');
    expect(await privileges((await make({ name: 'a', owner: 'robot' })).key)).toEqual(PRIVILEGES);
    const reading = await privileges((await make({ name: 'b', owner: 'robot', read_only: true })).key);
    expect(reading).toContain('users:read');
    expect(reading.filter((p) => !p.endsWith(':read'))).toEqual([]);
    expect(await privileges((await make({ name: 'c', owner: 'robot', areas: ['users', 'sets'] })).key)).toEqual(
      PRIVILEGES.filter((p) => /^(users|sets):/.test(p)),
    );
    expect(await privileges((await make({ name: 'd', owner: 'robot', areas: ['users'], read_only: true })).key)).toEqual(['users:read']);
    expect(await codeOf(make({ name: 'e', owner: 'robot', areas: ['kitchen'] }))).toBe('input.invalid');
    expect(await codeOf(make({ name: 'f', owner: 'robot', expires_on: '2027-02-30' }))).toBe('input.invalid');
  });

  it('is refused when it is unknown, revoked or expired, or its owner is inactive or expired', async () => {
    await person('robot', '21');
    const made = await make({ name: 'a', owner: 'robot' });
    const code = (key: string) => codeOf(resolve(key));
    for (const key of [
      '',
      'mus_1_',
      `${made.key}x`,
      made.key.slice(0, -1),
      made.key.replace(/.$/, (c) => (c === 'a' ? 'b' : 'a')),
      made.key.toUpperCase(),
    ]) {
      expect(await code(key)).toBe('access.bad_key');
    }
    expect(await code(made.key)).toBe('done');
    await test.db.pool.query(`update users set status = 'INACTIVE'`);
    expect(await code(made.key)).toBe('access.bad_key');
    await test.db.pool.query(`update users set status = 'ACTIVE', expiry_date = '2020-01-01'`);
    expect(await code(made.key)).toBe('access.bad_key');
    await test.db.pool.query(`update users set expiry_date = null`);
    const ended = await make({ name: 'b', owner: 'robot', expires_on: '2026-01-01' });
    const lastDay = await make({ name: 'c', owner: 'robot', expires_on: today });
    expect([await code(ended.key), await code(lastDay.key)]).toEqual(['access.bad_key', 'done']);
    expect(await perform(contextOf(), revokeKey, { id: made.id })).toMatchObject({ revoked_by: 'administrator' });
    expect(await code(made.key)).toBe('access.bad_key');
    expect(await codeOf(perform(contextOf(), revokeKey, { id: 999_999 }))).toBe('access.no_such_key');
  });

  it('says when and from where it was last used, to the minute', async () => {
    await person('robot', '21');
    const made = await make({ name: 'a', owner: 'robot' });
    await resolve(made.key, '192.0.2.1');
    await resolve(made.key, '192.0.2.2');
    const shown = async () => (await perform(contextOf(), listKeys, { owner: 'robot' })).keys[0];
    expect(await shown()).toMatchObject({ last_used_address: '192.0.2.1', last_used_at: expect.any(String) });
    await test.db.pool.query(`update api_keys set last_used_at = now() - interval '61 seconds'`);
    await resolve(made.key, '192.0.2.2');
    expect(await shown()).toMatchObject({ last_used_address: '192.0.2.2' });
  });
});

describe('who makes a key', () => {
  it('gives it no more rights than they have', async () => {
    await person('chief', '26');
    await person('manager', '21');
    await person('letters', '57');
    expect(await codeOf(make({ name: 'a' }))).toBe('access.key_needs_owner');
    expect(await codeOf(make({ name: 'a', owner: 'chief' }, await resolveActor(test.db.pool, 'manager', today)))).toBe('access.denied');
    await test.db.pool.query(`update access_roles set privileges = privileges || '{access:keys}' where role in ('21')`);
    const manager = await resolveActor(test.db.pool, 'manager', today);
    expect(await codeOf(make({ name: 'a', owner: 'chief' }, manager))).toBe('access.key_exceeds');
    // A part that they have as well; but the owner could still do what they could not.
    expect(await codeOf(make({ name: 'a', owner: 'chief', areas: ['users'], read_only: true }, manager))).toBe('access.outranked');
    expect(await codeOf(make({ name: 'a', owner: 'letters' }, manager))).toBe('access.key_exceeds');
    expect(await codeOf(make({ name: 'a', owner: 'letters', read_only: true }, manager))).toBe('done');
    expect((await make({ name: 'a' }, manager)).owner).toBe('manager');
    await test.db.pool.query(`update access_roles set privileges = array_remove(privileges, 'access:keys') where role in ('21')`);
  });

  it('makes none that is trusted more, when it is a key itself', async () => {
    await person('chief', '26');
    const narrow = await resolve((await make({ name: 'a', owner: 'chief', areas: ['access', 'users'] })).key);
    expect(await codeOf(make({ name: 'b' }, narrow))).toBe('access.key_exceeds');
    expect(await codeOf(make({ name: 'b', areas: ['users'] }, narrow))).toBe('done');
    expect(await codeOf(make({ name: 'b', areas: ['users'], exempt_from_guard: true }, narrow))).toBe('access.key_exceeds');
    const reader = await resolve((await make({ name: 'c', owner: 'chief', read_only: true })).key);
    expect(await codeOf(make({ name: 'd', read_only: true }, reader))).toBe('access.denied');
  });

  it('needs the privilege', async () => {
    expect(await codeOf(make({ name: 'a' }, await userActor(test.db.pool, ['50'])))).toBe('access.denied');
  });
});
