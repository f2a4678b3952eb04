/** Requests that no HTTP client sends: two lengths, bodies without an end, packed bodies, names that lead elsewhere. */
import { existsSync, readdirSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { gzipSync } from 'node:zlib';
import { ADMINISTRATOR } from '../../src/access/index.ts';
import { useTestDatabase } from '../support/database.ts';
import { doorsFor } from '../support/doors.ts';
import { useTestServer } from '../support/http.ts';

const test = useTestDatabase();
const http = useTestServer(test, {
  parts: () => ({ doors: doorsFor(() => ({ admin: ADMINISTRATOR })), limits: { perMinute: 1_000_000 } }),
});

const LIST = '/api/operations/set.list';
const HEAD = `POST ${LIST} HTTP/1.1\r\nHost: x\r\nX-API-Key: admin\r\nContent-Type: application/json\r\n`;

/** Sends bytes, then `more` again and again; answers what came back when the server has closed. */
function raw(text: string, more?: string): Promise<{ readonly answer: string; readonly sent: number }> {
  return new Promise((resolve) => {
    let answer = '';
    let sent = 0;
    const socket = net.connect(Number(new URL(http.url).port), '127.0.0.1', () => socket.write(text, feed));
    // The server is in this process: it has to get its turn between two parts.
    const feed = (): void => {
      if (more === undefined || !socket.writable) return;
      sent += more.length;
      if (socket.write(more)) setImmediate(feed);
      else socket.once('drain', () => setImmediate(feed));
    };
    socket.on('data', (part: Buffer) => {
      answer += part.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.once('close', () => resolve({ answer, sent }));
  });
}

const statusesIn = (answer: string): string[] => [...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((found) => found[1] ?? '');

it.each([
  [
    'a length and chunks',
    'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /api/keys HTTP/1.1\r\nHost: x\r\nX-API-Key: admin\r\n\r\n',
  ],
  ['two lengths', 'Content-Length: 2\r\nContent-Length: 60\r\n\r\n{}GET /api/keys HTTP/1.1\r\nHost: x\r\nX-API-Key: admin\r\n\r\n'],
  ['an encoding that is none', 'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\nGET /api/keys HTTP/1.1\r\nHost: x\r\nX-API-Key: admin\r\n\r\n'],
  ['a header with a line of its own', 'X-Forwarded-Host: a\n b\r\nContent-Length : 2\r\n\r\n{}'],
])('%s: the connection is refused and nothing behind it is read as a request', async (_name, rest) => {
  const { answer } = await raw(HEAD + rest);
  expect(statusesIn(answer)).toEqual(['400']);
});

it('a body without an end is cut off at the limit', async () => {
  const part = ' '.repeat(65_536);
  const { answer, sent } = await raw(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`, `10000\r\n${part}\r\n`);
  expect(sent).toBeGreaterThan(16 * 1024 * 1024);
  expect(sent).toBeLessThan(64 * 1024 * 1024);
  expect(statusesIn(answer).filter((status) => status !== '413')).toEqual([]);
}, 20_000);

it('a packed body is not unpacked', async () => {
  for (const address of [LIST, '/almaws/v1/users']) {
    const body = new Uint8Array(gzipSync(Buffer.alloc(20_000_000, 32)));
    const answer = await fetch(`${http.url}${address}`, {
      method: 'POST',
      headers: { 'x-api-key': 'admin', 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body,
    });
    expect(answer.status, address).toBeGreaterThanOrEqual(400);
    expect(answer.status, address).toBeLessThan(500);
  }
});

it('a file’s name leads nowhere, and a field names no file of the server', async () => {
  const outside = path.join(os.tmpdir(), 'muster-attack-outside.csv');
  for (const name of [
    '../../../../../../tmp/muster-attack-outside.csv',
    outside,
    '..\\..\\x.csv',
    'a\0b.csv',
    '\u202e.csv',
    '.',
    '..',
    'x'.repeat(5_000),
  ]) {
    const form = new FormData();
    form.set('file', new File(['primary_id,last_name\nsomebody,Some\n'], name));
    const answer = await fetch(`${http.url}/api/users/import`, { method: 'POST', headers: { 'x-api-key': 'admin' }, body: form });
    expect(answer.status, name.slice(0, 60)).toBeLessThan(500);
    expect(await answer.text()).not.toContain(http.dataDir);
  }
  expect(existsSync(outside)).toBe(false);
  await expect.poll(() => readdirSync(path.join(http.dataDir, 'uploads'))).toEqual([]);
  for (const file of ['/etc/passwd', '../../etc/passwd', 'file:///etc/passwd']) {
    const answer = await fetch(`${http.url}/api/operations/users.import`, {
      method: 'POST',
      headers: { 'x-api-key': 'admin', 'content-type': 'application/json' },
      body: JSON.stringify({ file }),
    });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([422, 'http.local_path']);
  }
});

it('ids with odd characters are nobody', async () => {
  for (const id of ['%00', 'a%00b', '%ED%A0%80', '%FF', '%E2%80%AE', '..%2F..%2Fetc%2Fpasswd', '%0d%0aX-Evil:%201']) {
    for (const base of ['/api/users', '/almaws/v1/users']) {
      const answer = await fetch(`${http.url}${base}/${id}`, { headers: { 'x-api-key': 'admin' } });
      expect(answer.status, `${base}/${id}`).toBeGreaterThanOrEqual(400);
      expect(answer.status, `${base}/${id}`).toBeLessThan(500);
      expect(answer.headers.get('x-evil')).toBeNull();
    }
  }
});
