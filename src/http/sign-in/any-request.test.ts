import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/support/database.ts';
import { addAccount, useSignInServer } from '../../../test/support/sign-in-server.ts';
import { createProvider, perform } from '../../access/index.ts';

const test = useTestDatabase();
const http = useSignInServer(test);
let cookie = '';

beforeAll(async () => {
  await addAccount(test.db.pool, { id: 'eva', password: 'a heron on the roof' });
  await perform(await http.app.contextFor(undefined, 'test', 'en'), createProvider, {
    code: 'uni',
    label: { en: 'U', de: 'U' },
    issuer: 'http://127.0.0.1:9',
    client_id: 'x',
  });
  const answer = await fetch(`${http.url}/api/session`, {
    method: 'POST',
    body: JSON.stringify({ identifier: 'eva', password: 'a heron on the roof' }),
    headers: { 'content-type': 'application/json' },
  });
  cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
});

const PATHS = [
  '/sign-in',
  '/signed-in',
  '/sign-out',
  '/set-password',
  '/change-password',
  '/sign-in/oidc/uni',
  '/sign-in/oidc/uni/callback',
  '/api/session',
  '/api/session/password',
  '/api/password-links',
];
const FIELDS = ['identifier', 'password', 'again', 'current', 'token', 'next', 'csrf', 'lang', 'state', 'code', 'error', 'iss', 'response'];

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    '\0',
    '\r\nx: y',
    '//evil.example',
    '<script>',
    "'; drop table users; --",
    '%00',
    '../../etc/passwd',
    'x'.repeat(3_000),
  ),
);
const fields = fc.dictionary(fc.constantFrom(...FIELDS), text, { maxKeys: 5 });
const raw = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom('{', '[]', 'null', '{"identifier":{"a":1}}', '=&=&%', '%zz'),
);
const request = fc.record({
  path: fc.constantFrom(...PATHS),
  method: fc.constantFrom('GET', 'POST', 'DELETE'),
  query: fields,
  body: fc.oneof(
    fields.map((given) => ({ type: 'application/json', body: JSON.stringify(given) })),
    fields.map((given) => ({ type: 'application/x-www-form-urlencoded', body: new URLSearchParams(given).toString() })),
    fc.record({
      type: fc.constantFrom('application/json', 'application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x', 'x'),
      body: raw,
    }),
  ),
  cookie: fc.constantFrom(
    'none',
    'session',
    'muster_session=%00',
    'muster_session=a=b; muster_oidc=;;;=',
    '__Host-muster_session=x',
    ';;;',
  ),
  language: fc.constantFrom('de', 'en;q=x', '*', ';;q=,', 'de;q=99999999999999999999'),
});

it('whatever is asked, the answer is never an internal error, leads nowhere else and shows no inner things', async () => {
  await fc.assert(
    fc.asyncProperty(request, async (given) => {
      const response = await fetch(`${http.url}${given.path}?${new URLSearchParams(given.query)}`, {
        method: given.method,
        redirect: 'manual',
        headers: {
          'accept-language': given.language,
          cookie: given.cookie === 'session' ? cookie : given.cookie,
          ...(given.method === 'GET' ? {} : { 'content-type': given.body.type }),
        },
        ...(given.method === 'GET' ? {} : { body: given.body.body }),
      });
      const answer = await response.text();
      expect([200, 202, 303, 400, 401, 403, 404, 410, 413, 415, 422, 429, 502], answer.slice(0, 300)).toContain(response.status);
      expect(answer).not.toMatch(/node_modules|\.ts:\d|<script/);
      const location = response.headers.get('location');
      if (location !== null) expect(new URL(location, http.url).origin).toBe(http.url);
    }),
    { numRuns: 400, seed: 7 },
  );
});
