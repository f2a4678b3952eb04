import { beforeAll, describe, expect, it } from 'vitest';
import { userActor } from '../../test/support/actors.ts';
import { useTestDatabase } from '../../test/support/database.ts';
import { doorsFor } from '../../test/support/doors.ts';
import { useTestServer } from '../../test/support/http.ts';
import { ADMINISTRATOR } from '../access/index.ts';
import { type Health, healthOf } from '../app/health.ts';
import type { Actor } from '../core/index.ts';
import { createHttpServer } from './server.ts';

describe('the HTTP server', () => {
  const test = useTestDatabase();
  const actors: Record<string, Actor> = { admin: ADMINISTRATOR };
  const http = useTestServer(test, { parts: () => ({ doors: doorsFor(() => actors) }) });
  beforeAll(async () => {
    actors['patron'] = await userActor(test.db.pool, ['200'], { name: 'patron' });
  });
  const operate = (name: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${http.url}/api/operations/${name}`, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });

  it('takes a key from each of the places that programs put it', async () => {
    const places: [string, Record<string, string>][] = [
      ['', { authorization: 'apikey admin' }],
      ['', { authorization: 'APIKEY admin' }],
      ['', { 'x-api-key': 'admin' }],
      ['?apikey=admin', {}],
      ['?apiKey=admin', {}],
    ];
    for (const [query, headers] of places) {
      const answer = await operate(`template.list${query}`, {}, headers);
      expect([answer.status, await answer.json()]).toEqual([200, { templates: [] }]);
    }
    for (const [query, headers] of [
      ['', {}],
      ['?apikey=other', {}],
      ['', { authorization: 'Basic admin' }],
    ] as [string, Record<string, string>][]) {
      const answer = await operate(`template.list${query}`, {}, headers);
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toBe('apikey');
    }
  });

  it('takes a session, and for what writes its proof as well', async () => {
    const cookie = 'other=1; as=admin';
    expect((await operate('template.list', {}, { cookie })).status).toBe(403);
    expect((await operate('template.list', {}, { cookie, 'x-csrf-token': 'csrf-admin' })).status).toBe(200);
  });

  it('tells errors as problems, in the caller’s language, under the number of the request', async () => {
    const answer = await operate('template.list', {}, { authorization: 'apikey patron', 'accept-language': 'de-AT, en;q=0.5' });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    const problem = (await answer.json()) as Record<string, unknown>;
    expect(problem).toMatchObject({
      type: 'urn:muster:problem:access.denied',
      title: 'Nicht erlaubt',
      status: 403,
      code: 'access.denied',
      instance: answer.headers.get('x-request-id'),
      params: { privilege: 'jobs:read', actor: 'patron' },
    });
    const { rows } = await test.db.pool.query('select outcome, source, address, request_id from audit where actor = $1', ['patron']);
    expect(rows).toEqual([{ outcome: 'refused', source: 'http', address: '127.0.0.1', request_id: problem['instance'] }]);
  });

  it('says field by field what is wrong with an input', async () => {
    const english = await operate('job.list', { limit: 'many', other: 1 }, { authorization: 'apikey admin' });
    expect(english.status).toBe(422);
    expect(await english.json()).toMatchObject({
      code: 'input.invalid',
      errors: [
        { path: 'limit', message: 'Invalid input: expected number, received string' },
        { path: '', message: 'Unrecognized key: "other"' },
      ],
    });
    const german = await operate('job.show', {}, { authorization: 'apikey admin', 'accept-language': 'de' });
    expect(await german.json()).toMatchObject({ title: 'Ungültige Eingabe', errors: [{ path: 'id', message: 'fehlt' }] });
  });

  it('knows what it does not have, and what is no JSON', async () => {
    const admin = { authorization: 'apikey admin' };
    expect(await (await operate('no.such', {}, admin)).json()).toMatchObject({ status: 404, code: 'http.unknown_operation' });
    expect(await (await fetch(`${http.url}/api/nothing?apikey=admin`)).json()).toMatchObject({ status: 404, code: 'http.no_route' });
    expect(await (await operate('job.list', '{"limit":', admin)).json()).toMatchObject({ status: 400, code: 'http.bad_json' });
    expect(await (await operate('job.list', 'x', { ...admin, 'content-type': 'text/csv' })).json()).toMatchObject({ status: 415 });
    expect(await (await operate('job.show', { id: 99 }, admin)).json()).toMatchObject({
      status: 404,
      code: 'runs.not_found',
      params: { id: 99 },
    });
  });

  it('tells even of an address that is none as a problem', async () => {
    const answer = await fetch(`${http.url}/api/users/%ZZ`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/problem+json; charset=utf-8']);
    expect(await answer.json()).toMatchObject({ code: 'http.bad_request' });
    const long = await fetch(`${http.url}/api/users/${'x'.repeat(400)}`);
    expect([long.status, long.headers.get('content-type')]).toEqual([414, 'application/problem+json; charset=utf-8']);
    expect(await long.json()).toMatchObject({ code: 'http.address_too_long', title: 'Bad request' });
  });

  it('takes a request without a body that says it is JSON', async () => {
    const json = { authorization: 'apikey admin', 'content-type': 'application/json' };
    for (const [method, path, status] of [
      ['GET', '/api/sets', 200],
      ['DELETE', '/api/sets/none', 404],
      ['POST', '/api/operations/set.list', 200],
      ['POST', '/api/sets', 422],
    ] as const) {
      expect((await fetch(`${http.url}${path}`, { method, headers: json })).status, `${method} ${path}`).toBe(status);
    }
  });

  it('lets nobody name a file of the server', async () => {
    const admin = { authorization: 'apikey admin' };
    for (const [name, input] of [
      ['users.import', { file: '/etc/passwd' }],
      ['users.import', { mapping: '/etc/passwd' }],
      ['users.export', { where: 'everyone', format: 'csv', file: '/tmp/stolen.csv' }],
      ['set.create', { name: 'x', file: '/etc/passwd' }],
      ['job.report', { id: 1, csv: '/tmp/stolen.csv' }],
    ] as const) {
      expect(await (await operate(name, input, admin)).json(), name).toMatchObject({ status: 422, code: 'http.local_path' });
    }
  });

  it('lists what there is to choose from, to those who are signed in', async () => {
    const admin = { headers: { authorization: 'apikey admin' } };
    expect(await (await fetch(`${http.url}/api/code-tables/UserGroups`, admin)).json()).toMatchObject({
      name: 'UserGroups',
      codes: expect.any(Array),
    });
    expect((await fetch(`${http.url}/api/code-tables/None`, admin)).status).toBe(404);
    for (const address of ['changes', 'filters', 'code-tables', 'operations']) {
      expect((await fetch(`${http.url}/api/${address}`, admin)).status, address).toBe(200);
      expect((await fetch(`${http.url}/api/${address}`)).status, address).toBe(401);
    }
  });
});

describe('the health routes', () => {
  const test = useTestDatabase();
  let health: Health;
  const http = useTestServer(test, {
    config: { trustedProxies: ['127.0.0.1'] },
    parts: (app) => ({
      health: async () => (health = await healthOf(app.db, { attending: () => true, stop: async () => undefined }, idle)),
    }),
  });
  const idle = { wake: () => undefined, states: () => [], stop: async () => undefined };

  it('tell this machine the details, others the result', async () => {
    expect(await (await fetch(`${http.url}/healthz`)).json()).toEqual({ status: 'ok' });
    const own = await (await fetch(`${http.url}/health`)).json();
    expect(own).toEqual(health);
    expect(own).toMatchObject({ status: 'ok', database: { state: 'ok' }, migrations: { state: 'ok' } });
    const other = { headers: { 'x-forwarded-for': '198.51.100.7' } };
    expect(await (await fetch(`${http.url}/health`, other)).json()).toEqual({ status: 'ok' });
    expect(await (await fetch(`${http.url}/readyz`)).json()).toEqual({ status: 'ok' });
  });

  it('do not call a server ready whose database is of another version', async () => {
    await test.db.pool.query(`delete from muster_migrations where number = (select max(number) from muster_migrations)`);
    const answer = await fetch(`${http.url}/readyz`);
    expect([answer.status, await answer.json()]).toEqual([503, { status: 'failing' }]);
    expect((await fetch(`${http.url}/healthz`)).status).toBe(200);
  });
});

describe('a server that stops', () => {
  const test = useTestDatabase();
  const http = useTestServer(test);

  it('finishes what is under way and takes nothing more', async () => {
    const server = await createHttpServer({ app: http.app, doors: doorsFor(() => ({ admin: ADMINISTRATOR })) });
    const url = await server.listen({ host: '127.0.0.1', port: 0 });
    const blocker = await test.db.pool.connect();
    await blocker.query('begin; lock table sets in exclusive mode');
    const headers = { 'x-api-key': 'admin', 'content-type': 'application/json' };
    const made = fetch(`${url}/api/sets`, { method: 'POST', headers, body: JSON.stringify({ name: 'Late', where: 'everyone' }) });
    await expect
      .poll(async () => (await test.db.pool.query(`select from pg_locks where not granted and relation = 'sets'::regclass`)).rowCount)
      .toBe(1);
    const closed = server.close();
    await expect
      .poll(() =>
        fetch(`${url}/healthz`).then(
          () => 'answers',
          () => 'is gone',
        ),
      )
      .toBe('is gone');
    await blocker.query('commit');
    blocker.release();
    expect((await made).status).toBe(201);
    await closed;
  });
});
