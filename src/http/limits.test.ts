import net from 'node:net';
import { Writable } from 'node:stream';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { doorsFor } from '../../test/support/doors.ts';
import { useTestServer } from '../../test/support/http.ts';
import { userActor } from '../../test/support/actors.ts';
import { ADMINISTRATOR } from '../access/index.ts';
import { type Actor, AppError } from '../core/index.ts';

const test = useTestDatabase();
const actors: Record<string, Actor> = { admin: ADMINISTRATOR, other: ADMINISTRATOR };
const doors = doorsFor(() => actors);
const lines: string[] = [];
const log = pino(
  { level: 'debug' },
  new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(String(chunk));
      done();
    },
  }),
);

const strict = useTestServer(test, { parts: () => ({ doors, limits: { perMinute: 5 } }) });
const narrow = useTestServer(test, { parts: () => ({ doors, limits: { atOnce: 1, headersMs: 300, requestMs: 600 } }) });
const proxied = useTestServer(test, { config: { trustedProxies: ['127.0.0.1'] }, parts: (app) => ({ app: { ...app, log }, doors }) });

/** Sends bytes as they are; answers what comes back until the server closes. */
async function raw(url: string, text: string): Promise<string> {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = net.connect(Number(port), '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (part: Buffer) => {
      answer += part.toString('utf8');
    });
    socket.once('close', () => resolve(answer));
    socket.once('error', reject);
  });
}

describe('limits', () => {
  it('hold for each caller, not for others and not for those who watch', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 7; n += 1)
      statuses.push((await fetch(`${strict.url}/api/changes`, { headers: { authorization: 'apikey admin' } })).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);
    const refused = await fetch(`${strict.url}/api/changes?apikey=admin`, { headers: { 'accept-language': 'de' } });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ code: 'http.too_many_requests', title: 'Zu viele Anfragen' });
    expect((await fetch(`${strict.url}/api/changes?apikey=other`)).status).toBe(200);
    expect((await fetch(`${strict.url}/metrics`)).status).toBe(200);
  });

  it('do not let made-up keys multiply an address’s allowance', async () => {
    const statuses = new Set<number>();
    for (let n = 0; n < 60; n += 1) statuses.add((await fetch(`${strict.url}/api/changes?apikey=guess${n}`)).status);
    expect(statuses).toEqual(new Set([401, 429]));
  });

  it('let go of a client that is too slow with its headers or its body', async () => {
    const headers = await raw(narrow.url, 'GET /api/changes HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    expect(headers).toMatch(/^HTTP\/1\.1 408 /);
    const body = await raw(
      narrow.url,
      'POST /api/operations/set.list HTTP/1.1\r\nHost: x\r\nX-API-Key: admin\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
    );
    expect(body).toMatch(/^HTTP\/1\.1 408 /);
    // It is not counted as busy for ever.
    await expect.poll(async () => (await fetch(`${narrow.url}/api/changes?apikey=admin`)).status).toBe(200);
  });

  it('refuse further requests while as many as may be are under way, rather than queue them', async () => {
    const { port } = new URL(narrow.url);
    const socket = net.connect(Number(port), '127.0.0.1');
    socket.write(
      'POST /api/operations/set.list HTTP/1.1\r\nHost: x\r\nX-API-Key: admin\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
    );
    await expect.poll(async () => (await fetch(`${narrow.url}/api/changes?apikey=admin`)).status, { interval: 20 }).toBe(503);
    expect((await fetch(`${narrow.url}/metrics`)).status).toBe(200);
    socket.destroy();
    await expect.poll(async () => (await fetch(`${narrow.url}/api/changes?apikey=admin`)).status).toBe(200);
  });

  it('refuse a body that is too large before it has all come', async () => {
    const answer = await raw(
      narrow.url,
      `POST /api/operations/set.list HTTP/1.1\r\nHost: x\r\nX-API-Key: admin\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${17 * 1024 * 1024}\r\n\r\n{`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('http.body_too_large');
  });

  it('read no body of somebody who is nobody', async () => {
    const answer = await raw(
      proxied.url,
      'POST /api/operations/set.list HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
  });
});

describe('a proxy', () => {
  const given = {
    'x-forwarded-for': '198.51.100.7',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'library.example.org',
    'x-request-id': 'proxy-request-1',
  };

  it('that is trusted says who calls, under which address, and the number of the request', async () => {
    const answer = await fetch(`${proxied.url}/api/openapi.json`, { headers: given });
    expect(answer.headers.get('x-request-id')).toBe('proxy-request-1');
    expect(await answer.json()).toMatchObject({ servers: [{ url: 'https://library.example.org' }] });
    await fetch(`${proxied.url}/api/operations/set.list?apikey=admin`, { method: 'POST', headers: given });
    const { rows } = await test.db.pool.query(`select address from audit where request_id = 'proxy-request-1'`);
    expect(rows).toEqual([{ address: '198.51.100.7' }]);
  });

  it('that is not trusted says nothing', async () => {
    const answer = await fetch(`${narrow.url}/api/openapi.json`, { headers: given });
    expect(answer.headers.get('x-request-id')).not.toBe('proxy-request-1');
    expect(await answer.json()).toMatchObject({ servers: [{ url: narrow.url }] });
  });

  it('cannot plant anything through its headers', async () => {
    for (const host of ['evil.example.org/path', 'a b', '"><script>', 'user@evil.example.org', 'x'.repeat(400)]) {
      const answer = await fetch(`${proxied.url}/api/openapi.json`, { headers: { 'x-forwarded-host': host } });
      expect(((await answer.json()) as { servers: { url: string }[] }).servers[0]?.url, host).toBe(proxied.url);
    }
    const number = await fetch(`${proxied.url}/api/openapi.json`, { headers: { 'x-request-id': 'a"b<c>' } });
    expect(number.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    const proto = await fetch(`${proxied.url}/api/openapi.json`, { headers: { 'x-forwarded-proto': 'javascript' } });
    expect(((await proto.json()) as { servers: { url: string }[] }).servers[0]?.url).toBe(proxied.url);
  });

  it('does not open the metrics to those behind it', async () => {
    actors['patron'] = await userActor(test.db.pool, ['200'], { name: 'patron' });
    actors['manager'] = await userActor(test.db.pool, ['21'], { name: 'manager' });
    expect((await fetch(`${proxied.url}/metrics`, { headers: given })).status).toBe(401);
    expect((await fetch(`${proxied.url}/metrics?apikey=patron`, { headers: given })).status).toBe(403);
    const answer = await fetch(`${proxied.url}/metrics?apikey=manager`, { headers: given });
    expect(answer.status).toBe(200);
    const text = await answer.text();
    for (const name of [
      'process_cpu_seconds_total',
      'nodejs_eventloop_lag_p99_seconds',
      'muster_http_request_duration_seconds_bucket',
      'muster_database_connections',
    ]) {
      expect(text).toContain(name);
    }
    expect(text).toContain('route="/api/operations/:name"');
  });
});

describe('the log', () => {
  it('has no key, cookie or query in it, not even when something breaks', async () => {
    const breaking = useBroken();
    actors['secret-key-of-somebody'] = ADMINISTRATOR;
    lines.length = 0;
    for (const address of ['/api/users?text=Personal-Name&apikey=secret-key-of-somebody', '/nowhere?apiKey=secret-key-of-somebody']) {
      await fetch(`${proxied.url}${address}`, {
        headers: { cookie: 'muster_session=secret-cookie', 'x-api-key': 'secret-key-of-somebody' },
      });
    }
    await fetch(`${proxied.url}/api/operations/set.list?apikey=secret-key-of-somebody`, {
      method: 'POST',
      headers: {
        authorization: 'apikey secret-key-of-somebody',
        cookie: 'muster_session=secret-cookie',
        'content-type': 'application/json',
      },
      body: '{"search":"Personal-Name"',
    });
    breaking();
    const text = lines.join('');
    expect(text).toContain('/api/users');
    expect(text).toContain('broken');
    for (const secret of ['secret-key-of-somebody', 'secret-cookie', 'Personal-Name', 'apikey=']) expect(text).not.toContain(secret);
  });

  /** A failure that nobody expected, with secrets within reach. */
  function useBroken(): () => void {
    const { resolveKey } = doors;
    doors.resolveKey = async (_db, key) => {
      if (key === 'secret-key-of-somebody') throw new TypeError('broken');
      throw new AppError('http.not_signed_in', {});
    };
    return () => {
      doors.resolveKey = resolveKey;
    };
  }

  it('tells the caller of an unexpected failure only its number', async () => {
    const undo = useBroken();
    const answer = await fetch(`${proxied.url}/api/changes?apikey=secret-key-of-somebody`);
    undo();
    expect(answer.status).toBe(500);
    const text = await answer.text();
    expect(text).not.toContain('broken');
    expect(text).not.toContain('.ts');
    expect(JSON.parse(text)).toMatchObject({ code: 'http.internal', instance: answer.headers.get('x-request-id') });
  });
});

describe('answers', () => {
  it('carry the headers that keep browsers safe', async () => {
    const { headers } = await fetch(`${proxied.url}/api/openapi.json`);
    expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none';form-action 'none';base-uri 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('strict-transport-security')).toBeNull();
  });
});
