import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser } from '../../../test/support/browser.ts';
import { useTestDatabase } from '../../../test/support/database.ts';
import { useTestServer } from '../../../test/support/http.ts';
import { startProvider, type TestProvider } from '../../../test/support/oidc.ts';
import { addAccount } from '../../../test/support/sign-in-server.ts';
import { createProvider, perform } from '../../access/index.ts';

/** Sign-in as a part of the server that people meet: what it opens, and what it does not. */
const test = useTestDatabase();
const http = useTestServer(test);
let provider: TestProvider;

beforeAll(async () => {
  provider = await startProvider({ callback: `${http.url}/sign-in/oidc/uni/callback`, signedOut: `${http.url}/sign-in` });
  provider.person = { sub: 'manager' };
  await perform(await http.app.contextFor(undefined, 'test', 'en'), createProvider, {
    code: 'uni',
    label: { en: 'University', de: 'Universität' },
    issuer: provider.issuer,
    client_id: provider.clientId,
    client_secret: provider.clientSecret,
  });
  await addAccount(test.db.pool, { id: 'manager', columns: { account_type: 'INTEXTAUTH' }, roles: ['21'] });
  await addAccount(test.db.pool, { id: 'fresh', password: 'a heron on the roof', temporary: true, roles: ['21'] });
});
afterAll(() => provider.close());

interface Signed {
  readonly csrf: string;
  readonly user: { readonly privileges: readonly string[] };
}

async function call(path: string, cookie: string, init: RequestInit = {}): Promise<readonly [number, Record<string, unknown>]> {
  const response = await fetch(http.url + path, {
    ...init,
    headers: { cookie, ...(init.body === undefined ? {} : { 'content-type': 'application/json' }), ...init.headers },
  });
  return [response.status, (await response.json()) as Record<string, unknown>];
}

describe('a session opened through an identity provider', () => {
  it('calls the API with the rights of its user, and writes with the session’s proof only', async () => {
    const browser = new Browser();
    const arrived = await browser.open(`${http.url}/sign-in/oidc/uni`);
    // What stands there is the page's own business, and it may not be built.
    expect(arrived.url).toBe(`${http.url}/`);
    const cookie = `muster_session=${browser.cookie(http.url, 'muster_session')}`;
    const [, session] = await call('/api/session', cookie);
    const { csrf, user } = session as unknown as Signed; // the shape that the schema has checked
    expect(user.privileges).toContain('jobs:run');
    expect(user.privileges).not.toContain('settings:write');
    expect((await call('/api/sets', cookie))[0]).toBe(200);
    const body = JSON.stringify({ name: 'Everybody', where: 'everyone' });
    expect(await call('/api/sets', cookie, { method: 'POST', body })).toMatchObject([403, { code: 'access.csrf' }]);
    expect((await call('/api/sets', cookie, { method: 'POST', body, headers: { 'x-csrf-token': csrf } }))[0]).toBe(201);
    const denied = await call('/api/providers/uni', cookie, { method: 'DELETE', headers: { 'x-csrf-token': csrf } });
    expect(denied).toMatchObject([403, { code: 'access.denied' }]);
  });
});

describe('a session with a temporary password', () => {
  it('opens nothing before the password is changed', async () => {
    const browser = new Browser();
    await browser.send(`${http.url}/sign-in`, { identifier: 'fresh', password: 'a heron on the roof' });
    const cookie = `muster_session=${browser.cookie(http.url, 'muster_session')}`;
    expect((await call('/api/sets', cookie))[0]).toBe(403);
    expect((await call('/api/session', cookie))[0]).toBe(200);
  });
});

it('the pages keep their own headers beside those of the server', async () => {
  const page = await new Browser().open(`${http.url}/sign-in`);
  expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'/);
  expect(page.headers.get('referrer-policy')).toBe('same-origin');
  expect((await new Browser().open(`${http.url}/set-password?token=x`)).headers.get('referrer-policy')).toBe('no-referrer');
});
