import { beforeEach, describe, expect, it } from 'vitest';
import { userActor } from '../../../test/support/actors.ts';
import { useTestDatabase } from '../../../test/support/database.ts';
import { codeOf, PASSWORD, today, signInBench } from '../../../test/support/sign-in.ts';
import type { Context } from '../../core/index.ts';
import {
  endOwnSessions,
  endSession,
  endSessions,
  hashPassword,
  listOwnSessions,
  listSessions,
  openSession,
  perform,
  resolveSession,
  signIn,
} from '../index.ts';

const test = useTestDatabase();
const bench = signInBench(test);
const { contextOf, person, setHash } = bench;
const HASH = await hashPassword(PASSWORD);

beforeEach(() => bench.clear());

describe('a session', () => {
  const live = (token: string) => codeOf(resolveSession(test.db.pool, token, today));

  it('is known by its token, of which the database has the hash alone, and has its own CSRF value', async () => {
    await person('anna');
    const [one, two] = [
      await signIn(contextOf(), { identifier: 'anna', password: PASSWORD, agent: 'Browser' }),
      await signIn(contextOf(), { identifier: 'anna', password: PASSWORD }),
    ];
    const [first, second] = [await resolveSession(test.db.pool, one.token, today), await resolveSession(test.db.pool, two.token, today)];
    expect(first.csrf).not.toBe(second.csrf);
    expect((await resolveSession(test.db.pool, one.token, today)).csrf).toBe(first.csrf);
    expect(Date.parse(first.expiresAt)).toBeGreaterThan(Date.now());
    const stored = JSON.stringify((await test.db.pool.query(`select s::text as row from sessions s`)).rows);
    for (const secret of [one.token, two.token, first.csrf, second.csrf]) expect(stored).not.toContain(secret);
    for (const token of ['', 'x', `${one.token}x`]) expect(await live(token)).toBe('access.no_session');
    await endSession(contextOf(), one.token);
    expect([await live(one.token), await live(two.token)]).toEqual(['access.no_session', 'done']);
    await endSession(contextOf(), one.token);
    const { rows } = await test.db.pool.query<object>(`select actor, entity_id, outcome from audit where operation = 'session.sign_out'`);
    expect(rows).toEqual([{ actor: 'anna', entity_id: 'anna', outcome: 'done' }]);
  });

  it('ends by time, by idleness, and when its user is made inactive, expires, becomes external or gets another password', async () => {
    const id = await person('anna');
    const fresh = async () => (await signIn(contextOf(), { identifier: 'anna', password: PASSWORD })).token;
    const after = async (change: string, back: string): Promise<unknown> => {
      const token = await fresh();
      expect(await live(token)).toBe('done');
      await test.db.pool.query(change);
      const end = await live(token);
      await test.db.pool.query(back);
      return end;
    };
    const cases = [
      [`update sessions set expires_at = now()`, 'delete from sessions'],
      [`update sessions set last_seen_at = now() - make_interval(secs => idle_seconds + 1)`, 'delete from sessions'],
      [`update users set status = 'INACTIVE'`, `update users set status = 'ACTIVE'`],
      [`update users set expiry_date = '2020-01-01'`, `update users set expiry_date = null`],
      [`update users set account_type = 'EXTERNAL', external_id = 'SIS'`, `update users set account_type = 'INTERNAL', external_id = null`],
      [`update users set credential_state = 'pending'`, `update users set credential_state = 'password'`],
    ] as const;
    for (const [change, back] of cases) expect(await after(change, back), change).toBe('access.no_session');
    const token = await fresh();
    await setHash(id, HASH);
    expect(await live(token)).toBe('access.no_session');
  });

  it('stays while it is used: seen is kept to the minute', async () => {
    await person('anna');
    const { token } = await signIn(contextOf(), { identifier: 'anna', password: PASSWORD });
    await test.db.pool.query(`update sessions set last_seen_at = now() - interval '59 minutes'`);
    expect(await live(token)).toBe('done');
    const { rows } = await test.db.pool.query(`select last_seen_at > now() - interval '10 seconds' as seen from sessions`);
    expect(rows).toEqual([{ seen: true }]);
  });

  it('of an identity provider holds as long as the provider may sign such users in', async () => {
    const id = await person('eva', { account_type: 'EXTERNAL', external_id: 'SIS' });
    await test.db.pool.query(
      `insert into identity_providers (code, label_en, label_de, issuer, client_id) values ('uni', 'Uni', 'Uni', 'https://idp.example.org', 'muster')`,
    );
    const { token } = await openSession(contextOf(), { userId: id, method: 'oidc', provider: 'uni', agent: null });
    expect(await resolveSession(test.db.pool, token, today)).toMatchObject({
      provider: 'uni',
      mustChangePassword: false,
      actor: { name: 'eva' },
    });
    await test.db.pool.query(`update identity_providers set enabled = false`);
    expect(await live(token)).toBe('access.no_session');
  });

  it('is listed and ended by its user, who sees none but their own', async () => {
    await person('anna', {}, ['200']);
    await person('berta', {}, ['200']);
    const [here, there] = [
      await signIn(contextOf(), { identifier: 'anna', password: PASSWORD }),
      await signIn(contextOf(), { identifier: 'anna', password: PASSWORD }),
    ];
    const other = await signIn(contextOf(), { identifier: 'berta', password: PASSWORD });
    const anna: Context = { ...contextOf(), actor: here.actor };
    const { sessionId } = await resolveSession(test.db.pool, there.token, today);
    const { sessionId: othersId } = await resolveSession(test.db.pool, other.token, today);
    expect((await perform(anna, listOwnSessions, {})).sessions.map((s) => [s.user, s.id === sessionId])).toEqual([
      ['anna', true],
      ['anna', false],
    ]);
    expect(await codeOf(perform(anna, endOwnSessions, { id: othersId }))).toBe('access.no_such_session');
    expect(await perform(anna, endOwnSessions, { id: sessionId })).toEqual({ ended: 1 });
    expect([await live(here.token), await live(there.token)]).toEqual(['done', 'access.no_session']);
    expect(await perform(anna, endOwnSessions, {})).toEqual({ ended: 1 });
    expect([await live(here.token), await live(other.token)]).toEqual(['access.no_session', 'done']);
    expect(await perform({ ...contextOf(), actor: { kind: 'administrator', name: 'administrator' } }, listOwnSessions, {})).toEqual({
      sessions: [],
    });
  });

  it('is listed and ended by staff, but not of users who outrank them', async () => {
    await person('anna');
    await person('chief', {}, ['26']);
    await signIn(contextOf('192.0.2.5'), { identifier: 'anna', password: PASSWORD, agent: 'Browser' });
    await signIn(contextOf(), { identifier: 'anna', password: PASSWORD });
    const boss = await signIn(contextOf(), { identifier: 'chief', password: PASSWORD });
    const desk: Context = { ...contextOf(), actor: await userActor(test.db.pool, ['21'], { name: 'desk', userId: 999_999 }) };
    const { sessions } = await perform(desk, listSessions, { user: 'anna' });
    expect(sessions).toHaveLength(2);
    expect(sessions[1]).toMatchObject({ user: 'anna', method: 'password', address: '192.0.2.5', agent: 'Browser' });
    const all = await perform(desk, listSessions, { limit: 2 });
    expect(all.sessions.map((s) => s.user)).toEqual(['chief', 'anna']);
    expect((await perform(desk, listSessions, { limit: 2, before: all.next ?? 0 })).sessions.map((s) => s.user)).toEqual(['anna']);
    expect(await codeOf(perform(desk, endSessions, { user: 'chief' }))).toBe('access.outranked');
    expect(await codeOf(perform(desk, endSessions, { id: all.sessions[0]?.id }))).toBe('access.outranked');
    expect(await codeOf(perform(desk, endSessions, {}))).toBe('access.which_sessions');
    expect(await perform(desk, endSessions, { id: sessions[0]?.id })).toEqual({ ended: 1 });
    expect(await codeOf(perform(desk, endSessions, { id: sessions[0]?.id }))).toBe('access.no_such_session');
    expect(await perform(desk, endSessions, { user: 'anna' })).toEqual({ ended: 1 });
    expect(await live(boss.token)).toBe('done');
  });
});
