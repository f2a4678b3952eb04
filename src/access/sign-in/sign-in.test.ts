import sql from 'sql-template-tag';
import { beforeEach, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/support/database.ts';
import { userActor } from '../../../test/support/actors.ts';
import { AppError, type Context, todayIn } from '../../core/index.ts';
import {
  endOwnSessions,
  endSession,
  endSessions,
  hashPassword,
  issueLink,
  issuePassword,
  listOwnSessions,
  listSessions,
  openSession,
  perform,
  resolveSession,
  setOwnPassword,
  signIn,
  useSignInLink,
  verifyUserPassword,
} from '../index.ts';

const test = useTestDatabase();
const PASSWORD = 'a fairly long sentence';
const today = todayIn('Europe/Berlin');
let address = 0;

/** As somebody who is nobody yet, from an address of their own unless one is given. */
function contextOf(from?: string): Context {
  address += 1;
  return {
    db: test.db,
    actor: { kind: 'system', name: 'sign-in' },
    source: 'http',
    origin: { address: from ?? `10.0.${Math.floor(address / 250)}.${address % 250}`, requestId: null },
    language: 'en',
    timeZone: 'Europe/Berlin',
    dataDir: '/nowhere',
    doorbell: { ring: async () => undefined },
  };
}

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );

const tries = (identifier: string, password: string, from?: string) => codeOf(signIn(contextOf(from), { identifier, password }));

async function person(
  id: string,
  columns: Readonly<Record<string, string>> = {},
  roles: readonly string[] = [],
  password: string | null = PASSWORD,
): Promise<number> {
  const names = ['primary_id', ...Object.keys(columns)];
  const { rows } = await test.db.pool.query<{ id: number }>(
    `insert into users (${names.join(', ')}) values (${names.map((_, i) => `$${i + 1}`).join(', ')}) returning id`,
    [id, ...Object.values(columns)],
  );
  const userId = rows[0]?.id ?? 0;
  for (const role of roles)
    await test.db.pool.query(sql`insert into user_roles (user_id, type, scope) values (${userId}, ${role}, 'INSTITUTION')`);
  if (password !== null) await setHash(userId, await hashPassword(password));
  return userId;
}

async function setHash(userId: number, hash: string, temporary = false): Promise<void> {
  await test.db.pool.query(sql`
    with c as (insert into credentials (user_id, kind, hash, temporary, expires_at)
      values (${userId}::bigint, 'password', ${hash}::text, ${temporary}::boolean, case when ${temporary}::boolean then now() + interval '1 day' end) returning id)
    update users u set credential_state = 'password', credential_id = c.id from c where u.id = ${userId}::bigint`);
}

const HASH = await hashPassword(PASSWORD);

beforeEach(async () => {
  await test.db.pool.query('delete from sign_in_throttle; delete from journal; delete from users; delete from runs; delete from audit');
});

describe('signing in', () => {
  it('takes the primary id and any identifier of a type that signs in, in whichever case', async () => {
    const id = await person('Anna.Muster');
    await test.db.pool.query(
      sql`insert into user_identifiers (user_id, type, value) values (${id}, 'BARCODE', 'B-100'), (${id}, 'ORCID', '0000-1'), (${id}, 'HOUSEHOLD', 'H7')`,
    );
    await test.db.pool.query(
      `update codes set properties = '{"sign_in": false}' where table_name = 'UserIdentifierTypes' and code = 'ORCID'`,
    );
    await test.db.pool.query(sql`insert into user_identifiers (user_id, type, value, status) values (${id}, '01', 'OLD-CARD', 'INACTIVE')`);
    for (const name of ['Anna.Muster', ' anna.MUSTER ', 'b-100']) expect(await tries(name, PASSWORD), name).toBe('done');
    for (const name of ['0000-1', 'H7', 'OLD-CARD', '', 'a\0b', 'x'.repeat(10_000)])
      expect(await tries(name, PASSWORD), name.slice(0, 20)).toBe('access.bad_credentials');
    expect(await tries('anna.muster', `${PASSWORD}!`)).toBe('access.bad_credentials');
    expect(await tries('anna.muster', PASSWORD.repeat(1000))).toBe('access.bad_credentials');
    const { actor } = await signIn(contextOf(), { identifier: 'b-100', password: PASSWORD });
    expect(actor).toMatchObject({ kind: 'user', name: 'Anna.Muster', userId: id });
  });

  it('is for internal users, active and not expired; who does not know the password learns nothing', async () => {
    await person('external', { account_type: 'EXTERNAL', external_id: 'SIS' });
    await person('elsewhere', { account_type: 'INTEXTAUTH' });
    await person('asleep', { status: 'INACTIVE' });
    await person('ended', { expiry_date: '2020-01-01' });
    await person('last-day', { expiry_date: today });
    await person('without', {}, [], null);
    const pending = await person('pending');
    await test.db.pool.query(sql`update users set credential_state = 'pending' where id = ${pending}`);
    await person('administrator');
    const answers = await Promise.all(['external', 'elsewhere', 'without', 'pending', 'nobody'].map((id) => tries(id, PASSWORD)));
    expect(new Set(answers)).toEqual(new Set(['access.bad_credentials']));
    for (const id of ['asleep', 'ended']) {
      expect(await tries(id, PASSWORD)).toBe('access.account_ended');
      expect(await tries(id, 'wrong')).toBe('access.bad_credentials');
    }
    expect(await tries('last-day', PASSWORD)).toBe('done');
    expect(await tries('administrator', PASSWORD)).toBe('access.reserved_name');
  });

  it('is written down, refused or done, without what was typed', async () => {
    await person('anna');
    await tries('anna', PASSWORD, '192.0.2.7');
    await tries('anna', 'hunter22hunter22');
    await tries('hunter22hunter22', 'anna');
    const { rows } = await test.db.pool.query<object>(
      `select actor, operation, entity_id, outcome, detail, address from audit order by id`,
    );
    expect(rows).toMatchObject([
      { actor: 'anna', operation: 'session.sign_in', entity_id: 'anna', outcome: 'done', address: '192.0.2.7' },
      { actor: 'sign-in', entity_id: 'anna', outcome: 'refused', detail: { code: 'access.bad_credentials' } },
      { actor: 'sign-in', entity_id: null, outcome: 'refused', detail: { code: 'access.bad_credentials' } },
    ]);
    const everything = await test.db.pool.query(
      `select a::text as row from audit a union all select t::text from sign_in_throttle t union all select s::text from sessions s`,
    );
    expect(JSON.stringify(everything.rows)).not.toMatch(/hunter22|fairly long/);
  });
});

describe('too many attempts', () => {
  it('lock an account after five, the same whether it exists or not, and for a growing time', async () => {
    await person('anna');
    for (const who of ['anna', 'nobody']) {
      for (let i = 0; i < 5; i += 1) expect(await tries(who, 'wrong')).toBe('access.bad_credentials');
      // Even the right password, from wherever.
      expect(await tries(who, PASSWORD)).toBe('access.locked');
    }
    const seconds = async () =>
      (
        await test.db.pool.query<{ s: number }>(
          `select round(extract(epoch from locked_until - now()))::integer as s from sign_in_throttle where key like 'user:%'`,
        )
      ).rows[0]?.s ?? 0;
    expect(await seconds()).toBeGreaterThan(0);
    expect(await seconds()).toBeLessThanOrEqual(30);
    const release = () => test.db.pool.query(`update sign_in_throttle set locked_until = now() - interval '1 second'`);
    await release();
    expect(await tries('anna', 'wrong')).toBe('access.bad_credentials');
    expect(await seconds()).toBeGreaterThan(30);
    await release();
    expect(await tries('anna', PASSWORD)).toBe('done');
    // Free again, from the beginning.
    for (let i = 0; i < 4; i += 1) await tries('anna', 'wrong');
    expect(await tries('anna', PASSWORD)).toBe('done');
  });

  it('count however many come at once, and by whichever identifier', async () => {
    const id = await person('anna');
    await test.db.pool.query(sql`insert into user_identifiers (user_id, type, value) values (${id}, 'BARCODE', 'B1')`);
    const ends = await Promise.all(Array.from({ length: 20 }, (_, i) => tries(i % 2 === 0 ? 'anna' : 'B1', 'wrong')));
    expect(ends.filter((end) => end === 'access.bad_credentials')).toHaveLength(5);
    expect(ends.filter((end) => end === 'access.locked')).toHaveLength(15);
  });

  it('lock an address after fifty, for all accounts, and no other address', async () => {
    await person('anna');
    for (let i = 0; i < 50; i += 1) await tries(`guess-${i}`, 'wrong', '192.0.2.1');
    expect(await tries('anna', PASSWORD, '192.0.2.1')).toBe('access.locked');
    expect(await tries('anna', PASSWORD, '192.0.2.2')).toBe('done');
    await test.db.pool.query(
      `update sign_in_throttle set locked_until = now() - interval '1 second', last_at = now() - interval '2 hours' where key like 'address:%'`,
    );
    expect(await tries('anna', PASSWORD, '192.0.2.1')).toBe('done');
    const { rows } = await test.db.pool.query(`select attempts, locked_until from sign_in_throttle where key = 'address:192.0.2.1'`);
    expect(rows).toEqual([{ attempts: 0, locked_until: null }]);
  });

  it('are an address’s own in IPv4, and its network’s in IPv6', async () => {
    for (const from of ['2001:db8:0:1::5', '2001:db8:0:1:ffff::', '2001:0db8:0000:0001:1:2:3:4', '2001:db8:0:2::5', '::1'])
      await tries('nobody', 'x', from);
    const { rows } = await test.db.pool.query<{ key: string; attempts: number }>(
      `select key, attempts from sign_in_throttle where key like 'address:%' order by key`,
    );
    expect(rows).toEqual([
      { key: 'address:0:0:0:0::/64', attempts: 1 },
      { key: 'address:2001:db8:0:1::/64', attempts: 3 },
      { key: 'address:2001:db8:0:2::/64', attempts: 1 },
    ]);
  });

  it('of programs that ask for everybody count for the account alone', async () => {
    await person('anna');
    const program = contextOf('192.0.2.3');
    expect(await codeOf(verifyUserPassword(program, 'anna', PASSWORD))).toBe('done');
    for (let i = 0; i < 60; i += 1) await codeOf(verifyUserPassword(program, `guess-${i}`, 'wrong'));
    expect(await codeOf(verifyUserPassword(program, 'anna', PASSWORD))).toBe('done');
    for (let i = 0; i < 5; i += 1) expect(await codeOf(verifyUserPassword(program, 'anna', 'wrong'))).toBe('access.bad_credentials');
    expect(await codeOf(verifyUserPassword(program, 'anna', PASSWORD))).toBe('access.locked');
  }, 30_000);
});

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
    await endSession(test.db.pool, one.token);
    expect([await live(one.token), await live(two.token)]).toEqual(['access.no_session', 'done']);
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
