import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ADMINISTRATOR, createKey } from '../../src/access/index.ts';
import { parseInput } from '../../src/core/index.ts';
import { useTestDatabase } from '../support/database.ts';
import { Browser } from '../support/browser.ts';
import { useTestServer } from '../support/http.ts';
import { startProvider } from '../support/oidc.ts';
import { addAccount } from '../support/sign-in-server.ts';

const test = useTestDatabase();
const http = useTestServer(test);

it('no password and no key is in the log, in the audit or in an answer', async () => {
  const { app, url } = http;
  app.log.level = 'trace';
  await test.db.pool.query(`with u as (insert into users (primary_id, last_name) values ('program', 'Program') returning id)
    insert into user_roles (user_id, type, scope) select id, '50', 'INSTITUTION' from u`);
  const { key } = await createKey.run(
    app.contextOf(ADMINISTRATOR, 'test', 'en'),
    parseInput(createKey.input, { name: 'secrets', owner: 'program' }),
  );
  const passwords = ['granit-Welle-42', 'quarz-Nebel-77', 'wrong-One-99', 'basalt-Regen-13'] as const;
  const [first, second, wrong, third] = passwords;
  const answers: string[] = [];
  const ask = async (method: string, where: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> => {
    const answer = await fetch(`${url}${where}`, {
      method,
      headers: {
        accept: 'application/json',
        origin: url,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      redirect: 'manual',
    });
    answers.push(await answer.clone().text());
    return answer;
  };
  const auth = { authorization: `apikey ${key}` };
  const user = { primary_id: 'anna', last_name: 'Amsel', account_type: { value: 'INTERNAL' }, password: first };

  expect((await ask('POST', '/almaws/v1/users', user, auth)).status).toBe(200);
  expect((await ask('PUT', `/almaws/v1/users/anna?apikey=${key}`, { ...user, password: second })).status).toBe(200);
  expect((await ask('PUT', '/almaws/v1/users/anna', { ...user, password: third, user_note: { user_note: [] } }, auth)).status).toBe(400);
  expect((await ask('PUT', '/almaws/v1/users/anna', `{"password":"${third}"`, auth)).status).toBe(400);
  expect((await ask('POST', '/almaws/v1/users/anna?op=auth', undefined, { ...auth, 'exl-user-pw': wrong })).status).toBe(400);
  expect((await ask('POST', '/api/session', { identifier: 'anna', password: wrong })).status).toBe(401);
  expect((await ask('POST', '/api/session', { identifier: 'anna', password: { is: third } })).status).toBeGreaterThanOrEqual(400);
  const session = await ask('POST', '/api/session', { identifier: 'anna', password: second });
  expect(session.status).toBe(200);
  const cookie = session.headers.get('set-cookie')?.split(';')[0] ?? '';
  expect((await ask('GET', `/api/users?text=x&apikey=${key}`)).status).toBe(200);
  expect((await ask('GET', `/api/nowhere?apikey=${key}`)).status).toBe(404);
  expect((await ask('GET', '/api/users/%00?fields=x', undefined, auth)).status).toBeGreaterThanOrEqual(400);

  const log = readFileSync(path.join(http.dataDir, 'muster.log'), 'utf8');
  expect(log.length).toBeGreaterThan(500);
  const { rows } = await test.db.pool.query(`select a::text as row from audit a`);
  expect(rows.length).toBeGreaterThan(3);
  const places = { log, audit: JSON.stringify(rows), answers: answers.join('\n') };
  const token = cookie.slice(cookie.indexOf('=') + 1);
  expect(token.length).toBeGreaterThan(20);
  const found = Object.entries(places).flatMap(([place, text]) =>
    [...passwords, key, token, '$argon2'].flatMap((secret, i) => (text.includes(secret) ? [`${place} has secret ${i}`] : [])),
  );
  expect(found).toEqual([]);
});

describe('over the whole server', () => {
  const answers: string[] = [];
  let key = '';
  let from = 0;

  beforeEach(async () => {
    http.app.log.level = 'trace';
    answers.length = 0;
    from = readFileSync(path.join(http.dataDir, 'muster.log'), 'utf8').length;
    await test.db.pool.query('delete from api_keys; delete from users; truncate audit');
    await addAccount(test.db.pool, { id: 'root', roles: ['26'] });
    const made = await createKey.run(
      http.app.contextOf(ADMINISTRATOR, 'test', 'en'),
      parseInput(createKey.input, { name: 'whole server', owner: 'root' }),
    );
    key = made.key;
  });

  /** Requests as the page and programs make them; `shown`: the answer is the one that may tell a secret. */
  async function ask(
    method: string,
    where: string,
    { body, headers = {}, shown = false }: { body?: unknown; headers?: Record<string, string>; shown?: boolean } = {},
  ): Promise<{ readonly status: number; readonly headers: Headers; readonly json: Record<string, unknown> }> {
    const answer = await fetch(`${http.url}${where}`, {
      method,
      headers: {
        accept: 'application/json',
        origin: http.url,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
    });
    const text = await answer.text();
    if (!shown) answers.push(text);
    return {
      status: answer.status,
      headers: answer.headers,
      json: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {},
    };
  }

  /** Where any of these stands: the log since the test began, the audit, answers; and what the runs say. */
  async function placesOf(secrets: Readonly<Record<string, string>>): Promise<readonly string[]> {
    const log = readFileSync(path.join(http.dataDir, 'muster.log'), 'utf8').slice(from);
    expect(log).toContain('"request"');
    const rows = async (table: string): Promise<string> =>
      JSON.stringify((await test.db.pool.query(`select t::text as row from ${table} t`)).rows);
    const places = {
      log,
      audit: await rows('audit'),
      runs: await rows('runs'),
      journal: await rows('journal'),
      answers: answers.join('\n'),
    };
    expect(places.audit.length).toBeGreaterThan(10);
    return Object.entries(secrets).flatMap(([name, secret]) => {
      expect(secret.length, name).toBeGreaterThan(7);
      const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')];
      return Object.entries(places).flatMap(([place, text]) => (forms.some((form) => text.includes(form)) ? [`${name} in ${place}`] : []));
    });
  }

  it('a password that somebody changes, and the session before and after', async () => {
    await addAccount(test.db.pool, { id: 'anna', password: 'granit-Welle-42' });
    const first = await ask('POST', '/api/session', { body: { identifier: 'anna', password: 'granit-Welle-42' }, shown: true });
    expect(first.status).toBe(200);
    const cookie = first.headers.get('set-cookie')?.split(';')[0] ?? '';
    const csrf = String(first.json['csrf']);
    const headers = { cookie, 'x-csrf-token': csrf };
    const change = (current: string, password: string) =>
      ask('POST', '/api/session/password', { body: { current, password }, headers, shown: true });
    expect((await change('wrong-One-99', 'quarz-Nebel-77')).status).toBe(401);
    expect((await change('granit-Welle-42', 'anna-anna')).status).toBe(422);
    const changed = await change('granit-Welle-42', 'quarz-Nebel-77');
    expect(changed.status).toBe(200);
    const after = changed.headers.get('set-cookie')?.split(';')[0] ?? '';
    const token = (text: string): string => text.slice(text.indexOf('=') + 1);
    const secrets = { old: 'granit-Welle-42', new: 'quarz-Nebel-77', wrong: 'wrong-One-99', weak: 'anna-anna', hash: '$argon2id$' };
    expect(await placesOf({ ...secrets, before: token(cookie), after: token(after), csrf })).toEqual([]);
  });

  it('a one-time link, a temporary password, and the password set by the link', async () => {
    await addAccount(test.db.pool, { id: 'anna', password: 'granit-Welle-42' });
    const auth = { authorization: `apikey ${key}` };
    const made = await ask('POST', '/api/users/anna/sign-in-link', { body: {}, headers: auth, shown: true });
    expect(made.status, JSON.stringify(made.json)).toBe(201);
    const link = new URL(String(made.json['link'] ?? made.json['url']));
    const token = [...link.searchParams.values()][0] ?? link.hash.replace(/^#(?:\w+=)?/, '');
    const temporary = await ask('POST', '/api/users/anna/temporary-password', { body: {}, headers: auth, shown: true });
    expect(temporary.status).toBe(201);
    const again = await ask('POST', '/api/users/anna/sign-in-link', { body: {}, headers: auth, shown: true });
    const second = new URL(String(again.json['link'] ?? again.json['url']));
    const usable = [...second.searchParams.values()][0] ?? second.hash.replace(/^#(?:\w+=)?/, '');
    expect((await ask('GET', `${second.pathname}${second.search}`)).status).toBeLessThan(500);
    answers.pop(); // the page has the link in its form, for whoever has it already
    expect((await ask('POST', '/api/password-links', { body: { token: usable, password: 'short' } })).status).toBe(422);
    expect((await ask('POST', '/api/password-links', { body: { token: usable, password: 'basalt-Regen-13' } })).status).toBe(200);
    expect((await ask('POST', '/api/password-links', { body: { token, password: 'basalt-Regen-14' } })).status).toBeGreaterThanOrEqual(400);
    const secrets = { token, usable, temporary: String(temporary.json['password']), set: 'basalt-Regen-13', refused: 'basalt-Regen-14' };
    expect(await placesOf(secrets)).toEqual([]);
  });

  it('the client secret of an identity provider, and what comes back from it', async () => {
    const provider = await startProvider({ callback: `${http.url}/sign-in/oidc/uni/callback`, signedOut: `${http.url}/sign-in` });
    try {
      const auth = { authorization: `apikey ${key}` };
      const body = {
        code: 'uni',
        label: { en: 'University', de: 'Universität' },
        issuer: provider.issuer,
        client_id: provider.clientId,
        client_secret: provider.clientSecret,
      };
      expect((await ask('POST', '/api/providers', { body, headers: auth })).status).toBe(201);
      expect((await ask('GET', '/api/providers', { headers: auth })).status).toBe(200);
      expect((await ask('POST', '/api/providers/uni/test', { body: {}, headers: auth })).status).toBe(200);
      expect(
        (await ask('PATCH', '/api/providers/uni', { body: { client_secret: 'another-Secret-0123456789' }, headers: auth })).status,
      ).toBe(200);
      expect((await ask('PATCH', '/api/providers/uni', { body: { client_secret: provider.clientSecret }, headers: auth })).status).toBe(
        200,
      );
      await addAccount(test.db.pool, { id: 'kai', columns: { account_type: 'EXTERNAL', external_id: 'SIS' } });
      provider.person = { sub: 'kai' };
      const browser = new Browser();
      const codes: string[] = [];
      let { headers, url } = await browser.look(`${http.url}/sign-in/oidc/uni`);
      for (let step = 0; step < 10 && headers.get('location') !== null; step += 1) {
        const target = new URL(headers.get('location') ?? '', url);
        codes.push(...['code', 'state', 'nonce'].flatMap((name) => target.searchParams.get(name) ?? []));
        ({ headers, url } = await browser.look(target.href));
      }
      expect(codes.length).toBeGreaterThan(2);
      expect(browser.cookie(http.url, 'muster_session')).toBeDefined();
      const told = Object.fromEntries([...new Set(codes)].map((code, i) => [`code ${i}`, code]));
      const session = browser.cookie(http.url, 'muster_session') ?? '';
      expect(await placesOf({ ...told, session, client: provider.clientSecret, other: 'another-Secret-0123456789' })).toEqual([]);
    } finally {
      await provider.close();
    }
  });

  it('the secret of a webhook, and keys in addresses', async () => {
    const auth = { 'x-api-key': key };
    const made = await ask('POST', '/api/webhooks', {
      body: { url: 'http://127.0.0.1:9/hook', events: ['run.finished'] },
      headers: auth,
      shown: true,
    });
    expect(made.status, JSON.stringify(made.json)).toBe(201);
    const address = `/api/webhooks/${String(made.json['id'])}`;
    const renewed = await ask('PATCH', address, { body: { new_secret: true }, headers: auth, shown: true });
    expect(renewed.status).toBe(200);
    for (const where of [
      '/api/webhooks',
      '/api/users?text=x',
      '/api/nowhere',
      '/almaws/v1/users/nobody',
      '/almaws/v1/nowhere',
      '/api/keys',
    ])
      await ask('GET', `${where}${where.includes('?') ? '&' : '?'}apikey=${key}`);
    await ask('DELETE', `${address}?apikey=${key}`);
    const wrong = `${key.slice(0, -4)}AAAA`;
    expect((await ask('GET', `/api/users?apikey=${wrong}`)).status).toBe(401);
    expect(await placesOf({ key, wrong, first: String(made.json['secret']), second: String(renewed.json['secret']) })).toEqual([]);
  });

  it('the values of a statement that fails inside', async () => {
    const auth = { authorization: `apikey ${key}` };
    // Nothing that could happen: the database refuses what it should take, and quotes the whole row.
    await test.db.pool.query(`alter table credentials add constraint refuses check (hash = 'nothing') not valid`);
    try {
      const record = { primary_id: 'berta', last_name: 'Geheimname', account_type: { value: 'INTERNAL' }, password: 'granit-Welle-42' };
      expect((await ask('POST', '/almaws/v1/users', { body: record, headers: auth })).status).toBe(500);
      expect((await ask('POST', '/api/users', { body: { record }, headers: auth })).status).toBe(409);
      const log = readFileSync(path.join(http.dataDir, 'muster.log'), 'utf8').slice(from);
      expect(log).toContain('23514');
      expect(await placesOf({ password: 'granit-Welle-42', hash: '$argon2id$', name: 'Geheimname' })).toEqual([]);
    } finally {
      await test.db.pool.query('alter table credentials drop constraint refuses');
    }
  });
});
