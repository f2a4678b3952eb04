import sql from 'sql-template-tag';
import { beforeEach, describe, expect, it } from 'vitest';
import { userActor } from '../../../test/support/actors.ts';
import { useTestDatabase } from '../../../test/support/database.ts';
import { codeOf, PASSWORD, today, signInBench } from '../../../test/support/sign-in.ts';
import type { Context } from '../../core/index.ts';
import {
  hashPassword,
  issueLink,
  issuePassword,
  perform,
  resolveSession,
  setOwnPassword,
  signIn,
  useSignInLink,
  verifyUserPassword,
} from '../index.ts';

const test = useTestDatabase();
const bench = signInBench(test);
const { contextOf, person, setHash, tries } = bench;
const HASH = await hashPassword(PASSWORD);

beforeEach(() => bench.clear());

describe('a temporary password', () => {
  it('signs in until it ends, only to be changed', async () => {
    const id = await person('anna', {}, ['26'], null);
    await setHash(id, HASH, true);
    const first = await signIn(contextOf(), { identifier: 'anna', password: PASSWORD });
    expect(first.mustChangePassword).toBe(true);
    const session = await resolveSession(test.db.pool, first.token, today);
    expect(session.mustChangePassword).toBe(true);
    expect(session.actor.rights.privileges).toEqual([]);
    await verifyUserPassword(contextOf(), 'anna', PASSWORD);

    const changed = await setOwnPassword(contextOf(), { token: first.token, current: PASSWORD, password: 'one of my very own' });
    expect((await resolveSession(test.db.pool, changed.token, today)).actor.rights.privileges).toContain('access:keys');
    expect(await codeOf(resolveSession(test.db.pool, first.token, today))).toBe('access.no_session');
    expect((await signIn(contextOf(), { identifier: 'anna', password: 'one of my very own' })).mustChangePassword).toBe(false);

    await setHash(id, HASH, true);
    await test.db.pool.query(`update credentials set expires_at = now() - interval '1 second' where temporary`);
    expect(await tries('anna', PASSWORD)).toBe('access.bad_credentials');
    expect(await codeOf(verifyUserPassword(contextOf(), 'anna', PASSWORD))).toBe('access.bad_credentials');
  });

  it('comes from the desk on a slip, ends after the days that the library has set, and is journalled', async () => {
    const id = await person('anna', { last_name: 'Amsel' });
    const session = await signIn(contextOf(), { identifier: 'anna', password: PASSWORD });
    await test.db.pool.query(
      `insert into settings (name, value) values ('sign_in.temporary_days', '3') on conflict (name) do update set value = '3'`,
    );
    const desk: Context = { ...contextOf(), actor: await userActor(test.db.pool, ['221'], { name: 'desk', userId: 999_999 }) };
    const slip = await perform(desk, issuePassword, { user: 'anna' });
    await test.db.pool.query(`delete from settings where name = 'sign_in.temporary_days'`);
    expect(Date.parse(slip.expires_at) - Date.now()).toBeGreaterThan(2.9 * 86_400_000);
    expect(Date.parse(slip.expires_at) - Date.now()).toBeLessThan(3.1 * 86_400_000);
    expect(await codeOf(resolveSession(test.db.pool, session.token, today))).toBe('access.no_session');
    expect(await tries('anna', PASSWORD)).toBe('access.bad_credentials');
    expect(await signIn(contextOf(), { identifier: 'anna', password: slip.password })).toMatchObject({ mustChangePassword: true });
    const { rows } = await test.db.pool.query<{ kind: string; created_by: string; diff: object; row: string }>(sql`
      select r.kind, r.created_by, j.diff, r::text as row from journal j join runs r on r.id = j.run_id where j.user_id = ${id}`);
    expect(rows).toMatchObject([
      {
        kind: 'edit',
        created_by: 'desk',
        diff: { fields: { credential_id: [expect.any(Number), expect.any(Number)], force_password_change: [false, true] }, rows: [] },
      },
    ]);
    expect(JSON.stringify(rows)).not.toContain('argon2');
    expect(JSON.stringify((await test.db.pool.query('select a::text as row from audit a')).rows)).not.toContain(slip.password);
  });
});

describe('links and slips from the desk', () => {
  it('are for internal, active users who do not outrank whoever issues them', async () => {
    await person('patron');
    await person('chief', {}, ['26']);
    await person('outside', { account_type: 'EXTERNAL', external_id: 'SIS' });
    await person('asleep', { status: 'INACTIVE' });
    const own = await person('manager', {}, ['21']);
    const manager: Context = {
      ...contextOf(),
      publicUrl: 'https://m.example.org',
      actor: await userActor(test.db.pool, ['21'], { name: 'manager', userId: own }),
    };
    for (const issue of [issueLink, issuePassword]) {
      const code = (user: string) => codeOf(perform(manager, issue as typeof issueLink, { user }));
      expect(await code('chief')).toBe('access.outranked');
      expect(await code('outside')).toBe('access.not_internal');
      expect(await code('asleep')).toBe('access.user_ended');
      expect(await code('manager')).toBe('access.own_credentials');
      expect(await code('nobody')).toBe('users.not_found');
    }
    expect(await tries('chief', PASSWORD)).toBe('done');
    const patron: Context = { ...contextOf(), actor: await userActor(test.db.pool, ['200']) };
    expect(await codeOf(perform(patron, issueLink, { user: 'patron' }))).toBe('access.denied');

    const made = await perform(manager, issueLink, { user: 'patron' });
    expect(made.url).toMatch(/^https:\/\/m\.example\.org\/set-password\?token=[\w-]{43}$/);
    // The old password holds until the link is used.
    expect(await tries('patron', PASSWORD)).toBe('done');
    const token = made.url.split('=')[1] ?? '';
    await useSignInLink(contextOf(), token, 'brand new sentence');
    expect(await tries('patron', PASSWORD)).toBe('access.bad_credentials');
    expect(await tries('patron', 'brand new sentence')).toBe('done');
    expect(JSON.stringify((await test.db.pool.query('select a::text as row from audit a')).rows)).not.toContain(token);
  });

  it('set an account free that is locked', async () => {
    await person('anna');
    for (let i = 0; i < 5; i += 1) await tries('anna', 'wrong');
    expect(await tries('anna', PASSWORD)).toBe('access.locked');
    await perform({ ...contextOf(), actor: { kind: 'administrator', name: 'administrator' } }, issueLink, { user: 'anna' });
    expect(await tries('anna', PASSWORD)).toBe('done');
  });
});

describe('a password of one’s own', () => {
  it('needs the present one, and must not be weak; other sessions end, and the token is another', async () => {
    await person('anna', { last_name: 'Amsel' });
    const here = await signIn(contextOf(), { identifier: 'anna', password: PASSWORD });
    const there = await signIn(contextOf(), { identifier: 'anna', password: PASSWORD });
    expect(here.token).not.toBe(there.token);
    const set = (current: string, password: string, token = here.token) =>
      codeOf(setOwnPassword(contextOf(), { token, current, password }));
    expect(await set('wrong', 'a new one of mine')).toBe('access.bad_credentials');
    expect(await set(PASSWORD, PASSWORD)).toBe('access.password_weak');
    expect(await set(PASSWORD, 'my amsel sings')).toBe('access.password_weak');
    expect(await set(PASSWORD, 'a new one of mine', 'x'.repeat(43))).toBe('access.no_session');
    const ends = await Promise.all([set(PASSWORD, 'a new one of mine'), set(PASSWORD, 'a new one of mine too', there.token)]);
    expect(ends.toSorted()).toEqual(['access.no_session', 'done']);
    for (const { token } of [here, there]) expect(await codeOf(resolveSession(test.db.pool, token, today))).toBe('access.no_session');
    const { rows } = await test.db.pool.query('select 1 from sessions');
    expect(rows).toHaveLength(1);
  });
});
