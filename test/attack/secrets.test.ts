import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ADMINISTRATOR, createKey } from '../../src/access/index.ts';
import { parseInput } from '../../src/core/index.ts';
import { useTestDatabase } from '../support/database.ts';
import { useTestServer } from '../support/http.ts';

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
