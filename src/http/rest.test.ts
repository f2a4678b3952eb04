import { readdirSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { userActor } from '../../test/support/actors.ts';
import { useTestDatabase } from '../../test/support/database.ts';
import { doorsFor } from '../../test/support/doors.ts';
import { useTestServer } from '../../test/support/http.ts';
import { runsBench } from '../../test/support/runs.ts';
import { ADMINISTRATOR } from '../access/index.ts';
import { OPERATIONS } from '../app/operations.ts';
import type { Actor } from '../core/index.ts';
import { isLocalPath, localPathsOf } from './local-paths.ts';
import { ROUTES, UNROUTED } from './routes.ts';
import { inputSchema } from './schemas.ts';

const test = useTestDatabase();
const actors: Record<string, Actor> = { admin: ADMINISTRATOR };
const http = useTestServer(test, { parts: () => ({ doors: doorsFor(() => actors) }) });
const bench = runsBench(test);

interface Asked {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
}

async function ask(method: string, address: string, body?: unknown, headers: Record<string, string> = {}): Promise<Asked> {
  const form = body instanceof FormData;
  const answer = await fetch(`${http.url}${address}`, {
    method,
    ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
    headers: { authorization: 'apikey admin', ...(body === undefined || form ? {} : { 'content-type': 'application/json' }), ...headers },
  });
  const text = await answer.text();
  const json = answer.headers.get('content-type')?.includes('json') === true;
  return { status: answer.status, headers: answer.headers, body: json ? (JSON.parse(text) as Record<string, unknown>) : { text } };
}

beforeAll(async () => {
  actors['manager'] = await userActor(test.db.pool, ['21'], { name: 'manager' });
  actors['patron'] = await userActor(test.db.pool, ['200'], { name: 'patron' });
  const form = new FormData();
  const people = Array.from({ length: 12 }, (_, n) => `u${n},Lovelace ${String(n).padStart(2, '0')}`);
  form.set('file', new File([`primary_id,last_name\n${people.join('\n')}\n`], 'people.csv'));
  expect(await ask('POST', '/api/users/import', form)).toMatchObject({ body: { created: 12 } });
});

describe('the table of addresses', () => {
  it('has every operation, or says that it has none', () => {
    const routed = new Set(ROUTES.map((route) => route.operation));
    const missing = [...OPERATIONS.keys()].filter((name) => !routed.has(name) && !UNROUTED.has(name));
    expect(missing).toEqual([]);
    expect([...UNROUTED].filter((name) => !OPERATIONS.has(name) || routed.has(name))).toEqual([]);
  });

  it('names fields that the operations have', () => {
    for (const route of ROUTES) {
      const operation = OPERATIONS.get(route.operation);
      const fields = operation === undefined ? [] : Object.keys(inputSchema(operation).properties ?? {});
      const named = [...route.path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? '');
      const wanted = [
        ...named,
        ...(route.cursor === undefined ? [] : [route.cursor]),
        ...(route.tag !== undefined && route.method !== 'GET' ? ['match'] : []),
      ];
      expect(
        wanted.filter((name) => !fields.includes(name)),
        `${route.method} ${route.path}`,
      ).toEqual([]);
    }
  });

  it('lets no field through that looks like a path and is not known to be one', () => {
    for (const operation of OPERATIONS.values()) {
      const { reads = [], writes, named = {} } = localPathsOf(operation);
      const known = new Set([...reads, ...(writes === undefined ? [] : [writes]), ...Object.keys(named)]);
      const looking = Object.keys(inputSchema(operation).properties ?? {}).filter((field) => isLocalPath(operation, field));
      expect(
        looking.filter((field) => !known.has(field)),
        operation.name,
      ).toEqual([]);
    }
  });
});

describe('users', () => {
  it('are found and shown, and their tag guards against a lost update', async () => {
    const found = await ask('GET', '/api/users?text=lovelace&limit=3');
    expect(found).toMatchObject({ status: 200, body: { total: 12 } });
    const shown = await ask('GET', '/api/users/u1');
    expect(shown.body).toMatchObject({ primary_id: 'u1' });
    const tag = shown.headers.get('etag') ?? '';
    expect(tag).toMatch(/^"\d+\.1"$/);

    const changes = [{ change: 'job_description', set: 'first' }];
    expect(await ask('PATCH', '/api/users/u1', { changes }, { 'if-match': tag })).toMatchObject({
      status: 200,
      body: { counts: { changed: 1 } },
    });
    const lost = await ask('PATCH', '/api/users/u1', { changes: [{ change: 'job_description', set: 'second' }] }, { 'if-match': tag });
    expect(lost).toMatchObject({ status: 412, body: { code: 'users.changed' } });
    expect(await bench.value('u1', 'job_description')).toBe('first');
    expect(await ask('PATCH', '/api/users/u1', { changes }, { 'if-match': 'abc' })).toMatchObject({
      status: 400,
      body: { code: 'http.match_invalid' },
    });
    expect(await ask('GET', '/api/users/u1/history?limit=1')).toMatchObject({ status: 200, body: { entries: [{ by: 'administrator' }] } });
    expect(await ask('GET', '/api/users/nobody')).toMatchObject({ status: 404, body: { code: 'users.not_found' } });
  });

  it('of two updates with the same tag at once, one is refused', async () => {
    const tag = (await ask('GET', '/api/users/u2')).headers.get('etag') ?? '';
    const answers = await Promise.all(
      ['a', 'b'].map((set) => ask('PATCH', '/api/users/u2', { changes: [{ change: 'job_description', set }] }, { 'if-match': tag })),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 412]);
  });

  it('are imported from an upload, and exported as a download; nothing of it stays on the disk', async () => {
    const form = new FormData();
    form.set('dryRun', 'false');
    form.set('file', new File(['primary_id,last_name\nup1,Uploaded\nup2,Uploaded\n'], '../../etc/up.csv', { type: 'text/csv' }));
    const imported = await ask('POST', '/api/users/import', form);
    expect(imported).toMatchObject({ status: 200, body: { created: 2, rejected: 0 } });

    const exported = await ask('GET', `/api/users/export?format=csv&where=${encodeURIComponent('last_name = "Uploaded"')}`);
    expect(exported.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(exported.headers.get('content-disposition')).toBe('attachment; filename="users-export.csv"');
    expect(JSON.parse(exported.headers.get('x-muster-result') ?? '')).toEqual({ users: 2, format: 'csv' });
    expect(exported.body['text']).toContain('up1');
    expect(exported.body['text']).not.toContain('u1,');

    await expect.poll(() => ['uploads', 'downloads'].flatMap((kind) => readdirSync(path.join(http.dataDir, kind)))).toEqual([]);
    expect(await ask('GET', '/api/users/export?format=csv&where=everyone&file=/tmp/x')).toMatchObject({
      status: 422,
      body: { code: 'http.local_path' },
    });
  });

  it('are imported only from the file that came', async () => {
    const wrong = new FormData();
    wrong.set('file', '/etc/passwd');
    expect(await ask('POST', '/api/users/import', wrong)).toMatchObject({ status: 422, body: { code: 'http.local_path' } });
    const other = new FormData();
    other.set('input', JSON.stringify({ file: '/etc/passwd' }));
    other.set('mapping', new File(['{}'], 'm.json'));
    expect(await ask('POST', '/api/users/import', other)).toMatchObject({ status: 422, body: { code: 'http.local_path' } });
    const stray = new FormData();
    stray.set('where', new File(['x'], 'x'));
    expect(await ask('POST', '/api/users/import', stray)).toMatchObject({ status: 422, body: { code: 'http.part_unknown' } });
    expect(readdirSync(path.join(http.dataDir, 'uploads'))).toEqual([]);
  });

  it('are told what is wrong with a file by its name, not by where it lay', async () => {
    for (const [address, file] of [
      ['/api/users/import', new File([''], 'empty.csv')],
      ['/api/values', new File([''], 'empty.csv')],
      ['/api/values', new File(['PK\u0003\u0004 no workbook'], 'broken.xlsx')],
    ] as const) {
      const form = new FormData();
      form.set('file', file);
      const answer = await ask('POST', address, form);
      expect(answer.status).toBe(422);
      expect(JSON.stringify(answer.body)).toContain(file.name);
      expect(JSON.stringify(answer.body)).not.toContain(http.dataDir);
    }
  });

  it('are not imported from a file over the limit', async () => {
    await test.db.pool.query(`insert into settings (name, value) values ('http.upload_megabytes', '1')`);
    const form = new FormData();
    form.set('file', new File([`primary_id,last_name\n${'x,y\n'.repeat(400_000)}`], 'large.csv'));
    expect(await ask('POST', '/api/users/import', form)).toMatchObject({ status: 413, body: { code: 'http.body_too_large' } });
    expect(readdirSync(path.join(http.dataDir, 'uploads'))).toEqual([]);
    await test.db.pool.query(`delete from settings where name = 'http.upload_megabytes'`);
  });
});

describe('sets', () => {
  it('are made, read page by page, changed under their tag, and deleted', async () => {
    const made = await ask('POST', '/api/sets', { name: 'All', where: 'last_name starts with "Lovelace"' });
    expect(made).toMatchObject({ status: 201, body: { members: 12 } });
    const address = `/api/sets/${String(made.body['id'])}`;
    const seen: unknown[] = [];
    let next: unknown = null;
    let link: string | null = null;
    do {
      const page = await ask('GET', next === null ? `${address}/members?limit=5` : `${address}/members?limit=5&cursor=${String(next)}`);
      seen.push(...(page.body['members'] as { primary_id: string }[]).map((member) => member.primary_id));
      link ??= page.headers.get('link');
      next = page.body['next'];
    } while (next !== null);
    expect(seen).toEqual(Array.from({ length: 12 }, (_, n) => `u${n}`));
    expect(link).toMatch(new RegExp(`^<${http.url}${address}/members\\?limit=5&cursor=[\\w-]+>; rel="next"$`));
    expect(await ask('GET', `${address}/members?cursor=%5B1%5D`)).toMatchObject({ status: 422, body: { code: 'users.bad_cursor' } });

    const tag = (await ask('GET', address)).headers.get('etag') ?? '';
    expect(await ask('PATCH', address, { description: 'one' }, { 'if-match': tag })).toMatchObject({ status: 200 });
    expect(await ask('PATCH', address, { description: 'two' }, { 'if-match': tag })).toMatchObject({
      status: 412,
      body: { code: 'sets.changed' },
    });
    expect(await ask('DELETE', address, undefined, { 'if-match': tag })).toMatchObject({ status: 412 });
    expect(await ask('DELETE', address)).toMatchObject({ status: 200, body: { name: 'All' } });
    expect(await ask('GET', address)).toMatchObject({ status: 404 });
  });

  it('are made from an uploaded list, under the name of the file', async () => {
    const form = new FormData();
    form.set('input', JSON.stringify({ name: 'Listed', private: false }));
    form.set('file', new File(['u1\nu2\nnobody\n'], 'my list.txt'));
    const made = await ask('POST', '/api/sets', form);
    expect(made).toMatchObject({ status: 201, body: { members: 2, not_found: 1 } });
    expect(await ask('GET', `/api/sets/${String(made.body['id'])}`)).toMatchObject({
      body: { source: { from: 'file', what: 'my list.txt' } },
    });
  });
});

describe('runs', () => {
  it('are previewed, started once per key, and reported', async () => {
    const set = await bench.set('primary_id = "u3" or primary_id = "u4"', 'Two');
    const plan = { changes: [{ change: 'job_description', set: 'by run' }] };
    const preview = await ask('POST', '/api/previews', { set, plan });
    expect(preview).toMatchObject({ status: 200, body: { members: 2, changed: 2 } });
    const request = { set, plan, digest: preview.body['digest'] };
    const headers = { 'idempotency-key': 'start-1' };
    const started = await ask('POST', '/api/runs', request, headers);
    expect(started).toMatchObject({ status: 201 });
    expect(started.headers.get('idempotency-replayed')).toBeNull();
    const again = await ask('POST', '/api/runs', request, headers);
    expect(again).toMatchObject({ status: 201, body: started.body });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await ask('POST', '/api/runs', { ...request, name: 'Other' }, headers)).toMatchObject({
      status: 422,
      body: { code: 'http.idempotency_reused' },
    });

    await bench.work();
    const address = `/api/runs/${String(started.body['id'])}`;
    expect(await ask('GET', address)).toMatchObject({ body: { state: 'COMPLETED_SUCCESS', counts: { changed: 2 } } });
    const csv = await ask('GET', `${address}/outcomes.csv?outcome=changed`);
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(
      String(csv.body['text'])
        .split('\n')
        .filter((line) => line.includes('changed')),
    ).toHaveLength(2);
    expect(await ask('POST', `${address}/pause`)).toMatchObject({ status: 409, body: { code: 'runs.wrong_state' } });
    const { rows } = await test.db.pool.query('select count(*)::integer as runs from runs where set_name = $1', ['Two']);
    expect(rows).toEqual([{ runs: 1 }]);
  });

  it('a key whose request failed can be used again, and one that is being worked on not yet', async () => {
    const headers = { 'idempotency-key': 'fails-1' };
    expect(await ask('POST', '/api/sets', { name: 'Bad', where: 'no such field = 1' }, headers)).toMatchObject({ status: 422 });
    expect(await ask('POST', '/api/sets', { name: 'Good', where: 'everyone' }, headers)).toMatchObject({ status: 201 });
    await test.db.pool.query(`update idempotency_keys set status = null where key = 'fails-1'`);
    expect(await ask('POST', '/api/sets', { name: 'Good', where: 'everyone' }, headers)).toMatchObject({
      status: 409,
      body: { code: 'http.idempotency_in_progress' },
    });
    await test.db.pool.query(`update idempotency_keys set seen_at = now() - interval '2 minutes' where key = 'fails-1'`);
    expect(await ask('POST', '/api/sets', { name: 'Good', where: 'everyone' }, headers)).toMatchObject({
      body: { code: 'http.idempotency_interrupted' },
    });
    // Nobody else's.
    expect(
      await ask('POST', '/api/sets', { name: 'Theirs', where: 'everyone' }, { ...headers, authorization: 'apikey manager' }),
    ).toMatchObject({ status: 201 });
  });

  it('an upload with a key is taken once, and its file is part of what was asked', async () => {
    const headers = { 'idempotency-key': 'upload-1' };
    const form = (text: string, name = 'Keyed'): FormData => {
      const made = new FormData();
      made.append('input', JSON.stringify({ name }));
      made.append('file', new Blob([text]), 'list.txt');
      return made;
    };
    const first = await ask('POST', '/api/sets', form('u1\nu2\n'), headers);
    expect(first).toMatchObject({ status: 201 });
    const again = await ask('POST', '/api/sets', form('u1\nu2\n'), headers);
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    for (const other of [form('u1\nu3\n'), form('u1\nu2\n', 'Other'), form('')]) {
      expect(await ask('POST', '/api/sets', other, headers)).toMatchObject({ status: 422, body: { code: 'http.idempotency_reused' } });
    }
    const { rows } = await test.db.pool.query(`select count(*)::integer as sets from sets where name in ('Keyed', 'Other')`);
    expect(rows).toEqual([{ sets: 1 }]);
    expect(readdirSync(path.join(http.dataDir, 'uploads'))).toEqual([]);
  });

  it('two requests with the same key at the same time start one run', async () => {
    const set = await bench.set('primary_id = "u5"', 'One');
    const request = { set, plan: { changes: [{ change: 'job_description', set: 'once' }] }, confirm: true };
    const answers = await Promise.all([1, 2, 3].map(() => ask('POST', '/api/runs', request, { 'idempotency-key': 'same' })));
    expect(answers.filter((answer) => answer.status === 201).length).toBeGreaterThanOrEqual(1);
    expect(answers.every((answer) => answer.status === 201 || answer.status === 409)).toBe(true);
    const { rows } = await test.db.pool.query('select count(*)::integer as runs from runs where set_name = $1', ['One']);
    expect(rows).toEqual([{ runs: 1 }]);
  });
});

describe('who may', () => {
  it('is asked at every address', async () => {
    for (const route of ROUTES) {
      const address = route.path.replace(/:\w+/g, '1');
      const answer = await ask(route.method, address, route.method === 'GET' || route.method === 'DELETE' ? undefined : {}, {
        authorization: 'apikey nobody',
      });
      expect(answer.status, `${route.method} ${route.path}`).toBe(401);
      const patron = await ask(route.method, address, route.method === 'GET' || route.method === 'DELETE' ? undefined : {}, {
        authorization: 'apikey patron',
      });
      const own = OPERATIONS.get(route.operation)?.privilege === 'own:read';
      expect(own || patron.status === 403, `${route.method} ${route.path}: ${patron.status}`).toBe(true);
    }
  });
});
