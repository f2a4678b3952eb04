import { mkdtempSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchFiles } from '../../../test/support/fetch-files.ts';
import { refusal as refusalOf } from '../../../test/support/refusal.ts';
import { TEST_CERTIFICATE, TEST_KEY } from '../../../test/support/tls.ts';
import type { FetchOptions, Origin } from './index.ts';

const SECRET = 'Bearer correct-horse-battery-staple';

let dataDir: string;
let into: string;
let server: https.Server;
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'muster-https-'));
  into = path.join(dataDir, 'into');
  server = https.createServer({ cert: TEST_CERTIFICATE, key: TEST_KEY }, (request, response) => answer(request, response));
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  await rm(dataDir, { recursive: true, force: true });
});

function source(more: object = {}) {
  const { port } = server.address() as AddressInfo;
  return { kind: 'https' as const, url: `https://127.0.0.1:${port}/exports/users.xml?token=abc`, ca: TEST_CERTIFICATE, ...more };
}

function options(more: Partial<FetchOptions> = {}): FetchOptions {
  return { into, dataDir, known: () => false, ...more };
}

async function refusal(work: Promise<unknown>): Promise<string> {
  const { code, text } = await refusalOf(work);
  expect(text).not.toContain('battery');
  expect(text).not.toContain('abc');
  expect(await readdir(into).catch(() => [])).toEqual([]);
  return code;
}

describe('fetching over HTTPS', () => {
  it('fetches the file with the secret in its header', async () => {
    const content = Buffer.alloc(3_000_000, 'users');
    const headers: unknown[] = [];
    answer = (request, response) => {
      headers.push(request.headers.authorization, request.headers['x-key']);
      response.setHeader('etag', '"1"').end(content);
    };
    const [file] = await fetchFiles(source(), SECRET, options());
    expect(file).toMatchObject({
      name: 'users.xml',
      bytes: 3_000_000,
      origin: { kind: 'https', name: 'users.xml', etag: '"1"', sha256: null },
    });
    expect((await readFile(file?.path ?? '')).equals(content)).toBe(true);
    await fetchFiles(source({ header: 'X-Key' }), SECRET, options());
    expect(headers).toEqual([SECRET, undefined, undefined, SECRET]);
  });

  it.each([
    ['ETag', { etag: '"7"' }],
    ['Last-Modified', { 'last-modified': 'Fri, 27 Nov 2026 22:00:00 GMT' }],
    ['content', {}],
  ])('knows a file again by its %s', async (_, headers) => {
    answer = (_request, response) => response.writeHead(200, headers).end('users');
    const [file] = await fetchFiles(source(), null, options());
    const seen: Origin[] = [];
    const known = (origin: Origin): boolean => {
      seen.push(origin);
      return JSON.stringify(origin) === JSON.stringify(file?.origin);
    };
    expect(await fetchFiles(source(), null, options({ known }))).toEqual([]);
    expect(seen).toHaveLength(1);
    expect(await readdir(into)).toHaveLength(1);
  });

  it('does not read what it knows', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { etag: '"1"', 'content-length': 5_000_000 });
      response.write('users');
    };
    expect(await fetchFiles(source(), null, options({ known: () => true }))).toEqual([]);
  });

  it('trusts nobody whose certificate it cannot check', async () => {
    answer = (_request, response) => response.end('users');
    const { ca: _, ...without } = source();
    expect(await refusal(fetchFiles(without, SECRET, options()))).toBe('feeds.source_certificate');
    expect(await refusal(fetchFiles(source({ ca: tls.rootCertificates[0] }), SECRET, options()))).toBe('feeds.source_certificate');
  });

  it('says what the server answered, and follows no redirect', async () => {
    for (const status of [204, 401, 403, 404, 500]) {
      answer = (_request, response) => response.writeHead(status).end();
      expect(await refusal(fetchFiles(source(), SECRET, options()))).toBe('feeds.source_status');
    }
    let asked = 0;
    answer = (_request, response) => {
      asked += 1;
      response.writeHead(302, { location: '/elsewhere?token=abc' }).end();
    };
    expect(await refusal(fetchFiles(source(), SECRET, options()))).toBe('feeds.source_redirect');
    expect(asked).toBe(1);
  });

  it('keeps nothing of an answer that is cut, however it is sent', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': 1_000_000 });
      response.write(Buffer.alloc(300_000), () => response.destroy());
    };
    expect(await refusal(fetchFiles(source(), SECRET, options()))).toBe('feeds.source_cut');
    answer = (_request, response) => {
      response.writeHead(200);
      response.write(Buffer.alloc(300_000), () => response.destroy());
    };
    expect(await refusal(fetchFiles(source(), SECRET, options()))).toBe('feeds.source_lost');
    answer = (_request, response) => {
      response.shouldKeepAlive = false;
      response.useChunkedEncodingByDefault = false;
      response.writeHead(200, { connection: 'close' });
      response.end('without an end that one could tell');
    };
    expect(await refusal(fetchFiles(source(), SECRET, options()))).toBe('feeds.source_no_length');
  });

  it('gives up on a server that says nothing, says it too slowly, or never ends', async () => {
    answer = () => undefined;
    expect(await refusal(fetchFiles(source(), SECRET, options({ limits: { connectMs: 500 } })))).toBe('feeds.source_unreachable');
    answer = (_request, response) => {
      response.writeHead(200);
      response.write('begun');
    };
    expect(await refusal(fetchFiles(source(), SECRET, options({ limits: { idleMs: 500 } })))).toBe('feeds.source_silent');
    answer = (_request, response) => {
      const drip = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(drip));
    };
    expect(await refusal(fetchFiles(source(), SECRET, options({ limits: { totalMs: 1_500 } })))).toBe('feeds.source_too_slow');
    answer = (_request, response) => {
      const pour = (): void => {
        if (!response.destroyed) response.write(Buffer.alloc(100_000), () => setImmediate(pour));
      };
      pour();
    };
    expect(await refusal(fetchFiles(source(), SECRET, options({ limits: { maxBytes: 2_000_000 } })))).toBe('feeds.source_too_large');
  });

  it('refuses what is too large before it comes, and ends when it is aborted', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': 5_000_000 });
      response.write('begun');
    };
    expect(await refusal(fetchFiles(source(), SECRET, options({ limits: { maxBytes: 2_000_000 } })))).toBe('feeds.source_too_large');
    const abort = new AbortController();
    setTimeout(() => abort.abort(new Error('stopped by the test')), 300);
    await expect(fetchFiles(source(), SECRET, options({ signal: abort.signal }))).rejects.toThrow('stopped by the test');
    expect(await readdir(into)).toEqual([]);
  });

  it('says when nobody is there, and when the secret fits into no header', async () => {
    expect(await refusal(fetchFiles(source({ url: 'https://127.0.0.1:1/' }), SECRET, options()))).toBe('feeds.source_unreachable');
    expect(await refusal(fetchFiles(source(), `${SECRET}\nX: y`, options()))).toBe('feeds.source_header');
  });
});
