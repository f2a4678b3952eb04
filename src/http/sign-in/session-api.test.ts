import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/support/database.ts';
import { addAccount, useSignInServer } from '../../../test/support/sign-in-server.ts';

const test = useTestDatabase();
const http = useSignInServer(test);
const PASSWORD = 'a heron on the roof';

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly cookies: readonly string[];
}

async function call(method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const response = await fetch(http.url + path, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown>, cookies: response.headers.getSetCookie() };
}

const signIn = (identifier: string, password: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  call('POST', '/api/session', { identifier, password }, headers);

/** The cookie as the browser would send it back. */
function cookieOf(answer: Answer): string {
  return answer.cookies.find((line) => line.startsWith('muster_session='))?.split(';')[0] ?? '';
}

beforeAll(async () => {
  await addAccount(test.db.pool, { id: 'eva', password: PASSWORD, roles: ['21', '200'] });
  await addAccount(test.db.pool, { id: 'ended', password: PASSWORD, columns: { status: 'INACTIVE' } });
  await addAccount(test.db.pool, { id: 'fresh', password: PASSWORD, temporary: true, roles: ['21'] });
  await addAccount(test.db.pool, { id: 'outside', columns: { account_type: 'EXTERNAL', external_id: 'SIS' } });
});

beforeEach(() => test.db.pool.query('truncate sign_in_throttle'));

describe('a session', () => {
  it('begins with identifier and password, says who it is, and ends', async () => {
    const begun = await signIn('EVA', PASSWORD);
    expect(begun.status).toBe(200);
    expect(begun.body).toMatchObject({
      user: { primary_id: 'eva', name: 'Eva Beispiel', roles: [{ type: '21' }, { type: '200', label: { de: 'Benutzer der Bibliothek' } }] },
      must_change_password: false,
    });
    expect(begun.cookies).toEqual([expect.stringMatching(/^muster_session=[\w-]{20,}; Path=\/; Expires=.*; HttpOnly; SameSite=Lax$/)]);
    const cookie = cookieOf(begun);
    const present = await call('GET', '/api/session', undefined, { cookie });
    expect(present.body).toEqual(begun.body);
    const csrf = { cookie, 'x-csrf-token': String(begun.body['csrf']) };
    const ended = await call('DELETE', '/api/session', undefined, csrf);
    expect([ended.status, ended.body]).toEqual([200, { signed_out: true, provider_sign_out: null }]);
    expect(ended.cookies).toEqual([expect.stringMatching(/^muster_session=; Path=\/; Expires=Thu, 01 Jan 1970/)]);
    expect((await call('GET', '/api/session', undefined, { cookie })).body).toMatchObject({ status: 401, code: 'access.no_session' });
  });

  it('always gets a new token, and ends the one that the browser had', async () => {
    const planted = await signIn('eva', PASSWORD, { cookie: 'muster_session=chosen-by-somebody-else' });
    expect(cookieOf(planted)).not.toContain('chosen');
    const again = await signIn('eva', PASSWORD, { cookie: cookieOf(planted) });
    expect(cookieOf(again)).not.toBe(cookieOf(planted));
    expect((await call('GET', '/api/session', undefined, { cookie: cookieOf(planted) })).status).toBe(401);
    expect((await call('GET', '/api/session', undefined, { cookie: cookieOf(again) })).status).toBe(200);
  });

  it('is answered alike for a wrong password, no such account and one without a password', async () => {
    const answers = [
      await signIn('eva', 'wrong'),
      await signIn('nobody', 'wrong'),
      await signIn('outside', 'wrong'),
      await signIn('ended', 'wrong'),
    ];
    for (const answer of answers) {
      const { instance: _instance, ...body } = answer.body;
      const { instance: _other, ...first } = answers[0]?.body ?? {};
      expect([answer.status, body, answer.cookies]).toEqual([401, first, []]);
    }
    expect((await signIn('ended', PASSWORD)).body).toMatchObject({ code: 'access.account_ended' });
  });

  it('is refused for a while after too many attempts, for accounts that exist and those that do not', async () => {
    for (const id of ['eva', 'nobody-at-all']) {
      for (let attempt = 0; attempt < 5; attempt += 1) expect((await signIn(id, 'wrong')).status).toBe(401);
      expect((await signIn(id, PASSWORD)).body).toMatchObject({ status: 429, code: 'access.locked' });
    }
  });

  it('with a temporary password may choose a new one and nothing else', async () => {
    const begun = await signIn('fresh', PASSWORD);
    expect(begun.body).toMatchObject({ must_change_password: true, user: { privileges: [] } });
    const headers = { cookie: cookieOf(begun), 'x-csrf-token': String(begun.body['csrf']) };
    const weak = await call('POST', '/api/session/password', { current: PASSWORD, password: 'fresh' }, headers);
    expect(weak.body).toMatchObject({ status: 422, code: 'access.password_weak' });
    const changed = await call('POST', '/api/session/password', { current: PASSWORD, password: 'seven owls in a tree' }, headers);
    expect(changed.body).toMatchObject({ must_change_password: false, user: { primary_id: 'fresh' } });
    expect(cookieOf(changed)).not.toBe(cookieOf(begun));
    expect((await call('GET', '/api/session', undefined, { cookie: cookieOf(begun) })).status).toBe(401);
    expect((await call('GET', '/api/session', undefined, { cookie: cookieOf(changed) })).status).toBe(200);
  });
});

describe('requests that another site has made', () => {
  it('cannot sign anybody in', async () => {
    expect((await signIn('eva', PASSWORD, { origin: 'https://evil.example' })).body).toMatchObject({ status: 403, code: 'access.csrf' });
    expect((await signIn('eva', PASSWORD, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await signIn('eva', PASSWORD, { 'sec-fetch-site': 'same-site', origin: http.url })).status).toBe(403);
    expect((await signIn('eva', PASSWORD, { origin: 'null' })).status).toBe(403);
    expect((await signIn('eva', PASSWORD, { origin: http.url, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    const form = { 'content-type': 'text/plain' };
    expect((await call('POST', '/api/session', JSON.stringify({ identifier: 'eva', password: PASSWORD }), form)).status).toBe(415);
    const encoded = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await call('POST', '/api/session', `identifier=eva&password=${PASSWORD}`, encoded)).status).toBe(415);
  });

  it('cannot end a session or change a password: they lack its token', async () => {
    const begun = await signIn('eva', PASSWORD);
    const cookie = cookieOf(begun);
    const other = String((await signIn('eva', PASSWORD)).body['csrf']);
    for (const headers of [
      { cookie },
      { cookie, 'x-csrf-token': 'x' },
      { cookie, 'x-csrf-token': '' },
      { cookie, 'x-csrf-token': other },
    ]) {
      expect((await call('DELETE', '/api/session', undefined, headers)).body).toMatchObject({ status: 403, code: 'access.csrf' });
      const change = await call('POST', '/api/session/password', { current: PASSWORD, password: 'seven owls in a tree' }, headers);
      expect(change.body).toMatchObject({ status: 403, code: 'access.csrf' });
    }
    const right = { cookie, 'x-csrf-token': String(begun.body['csrf']) };
    expect((await call('DELETE', '/api/session', undefined, { ...right, origin: 'https://evil.example' })).status).toBe(403);
    expect((await call('GET', '/api/session', undefined, { cookie })).status).toBe(200);
  });
});

describe('what comes in', () => {
  it('is bounded and checked', async () => {
    expect((await call('POST', '/api/session', { identifier: 'eva' })).body).toMatchObject({ status: 422, errors: [{ path: 'password' }] });
    expect((await call('POST', '/api/session', { identifier: 'eva', password: 'x', roles: ['26'] })).status).toBe(422);
    expect((await signIn('eva', 'x'.repeat(501))).status).toBe(422);
    expect((await call('POST', '/api/session', { identifier: 'eva', password: 'x'.repeat(20_000) })).status).toBe(413);
    expect((await call('POST', '/api/session', '{')).status).toBe(400);
    expect((await signIn('eva\0', PASSWORD)).status).toBe(401);
  });

  it('is not what the log is for', async () => {
    await signIn('eva', PASSWORD);
    const begun = await signIn('eva', PASSWORD);
    await call('POST', '/api/password-links', { token: 'a-token-that-is-none', password: 'seven owls in a tree' });
    await fetch(`${http.url}/api/session?password=in-the-address`, { headers: { cookie: cookieOf(begun) } });
    const log = http.log();
    expect(log).toContain('/api/session');
    for (const secret of [
      PASSWORD,
      cookieOf(begun).split('=')[1],
      String(begun.body['csrf']),
      'a-token-that-is-none',
      'seven owls',
      'in-the-address',
    ]) {
      expect(log).not.toContain(secret);
    }
  });
});

describe('a forgotten password', () => {
  it('is answered alike whether there is such an account or not', async () => {
    const answers = [];
    for (const identifier of ['eva', 'nobody', 'outside', 'eva', 'eva', 'eva', 'eva']) {
      const { status, body } = await call('POST', '/api/password-reset', { identifier });
      answers.push([status, body]);
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(new Set(['[202,{"accepted":true}]']));
  });

  it('is not one that another site can report', async () => {
    expect((await call('POST', '/api/password-reset', { identifier: 'eva' }, { origin: 'https://evil.example' })).status).toBe(403);
  });
});
