import { beforeAll, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/support/database.ts';
import { addAccount, useSignInServer } from '../../../test/support/sign-in-server.ts';

/** People come by https to a path of a proxy's host; the proxy comes by http to us. */
const test = useTestDatabase();
const http = useSignInServer(test, { publicUrl: 'https://library.example.org/muster', trustedProxies: ['127.0.0.1'] });
const PASSWORD = 'a heron on the roof';
const THROUGH = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'library.example.org', 'x-forwarded-for': '192.0.2.7' };

beforeAll(() => addAccount(test.db.pool, { id: 'eva', password: PASSWORD }));

function send(path: string, fields: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>>): Promise<Response> {
  return fetch(http.url + path, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams(fields),
    headers: { ...THROUGH, ...headers },
  });
}

describe('behind a proxy that speaks https', () => {
  it('gives a cookie that only this host can set and that never goes in the clear', async () => {
    const answer = await send('/sign-in', { identifier: 'eva', password: PASSWORD }, { origin: 'https://library.example.org' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/muster/signed-in']);
    const [cookie = ''] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-muster_session=[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/);
    const token = cookie.slice(cookie.indexOf('=') + 1, cookie.indexOf(';'));
    const whole = await fetch(`${http.url}/api/session`, { headers: { ...THROUGH, cookie: `__Host-muster_session=${token}` } });
    expect(whole.status).toBe(200);
    // A neighbouring host can plant a cookie of the plain name, so it opens nothing here.
    const planted = await fetch(`${http.url}/api/session`, { headers: { ...THROUGH, cookie: `muster_session=${token}` } });
    expect(planted.status).toBe(401);
    const { rows } = await test.db.pool.query('select address from sessions');
    expect(rows).toEqual([{ address: '192.0.2.7' }]);
  });

  it('links to where people are, whatever the headers say', async () => {
    const page = await (
      await fetch(`${http.url}/sign-in`, { headers: { ...THROUGH, 'x-forwarded-host': 'evil.example"><script>' } })
    ).text();
    expect(page).toContain('action="/muster/sign-in"');
    expect(page).toContain('href="/muster/forgot-password"');
    expect(page).not.toContain('evil.example');
  });

  it('believes the public address to be the origin, and no other', async () => {
    const fields = { identifier: 'eva', password: PASSWORD };
    for (const origin of [
      'https://evil.example',
      'http://library.example.org',
      'https://library.example.org.evil.example',
      http.url,
      'null',
    ]) {
      expect([origin, (await send('/sign-in', fields, { origin })).status]).toEqual([origin, 403]);
    }
    const forged = await send('/sign-in', fields, {
      origin: 'https://evil.example',
      'x-forwarded-host': 'evil.example',
      host: 'evil.example',
    });
    expect(forged.status).toBe(403);
  });
});
