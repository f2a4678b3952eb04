/** Uploads that no form sends: odd boundaries, names and sizes, parts cut off, nested and twice. Answered, never with a 500, and nothing stays behind. */
import { readdirSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ADMINISTRATOR } from '../../src/access/index.ts';
import { OPERATIONS } from '../../src/app/operations.ts';
import { localPathsOf } from '../../src/http/local-paths.ts';
import { ROUTES } from '../../src/http/routes.ts';
import { useTestDatabase } from '../support/database.ts';
import { doorsFor } from '../support/doors.ts';
import { useTestServer } from '../support/http.ts';

const test = useTestDatabase();
const server = useTestServer(test, {
  parts: () => ({ doors: doorsFor(() => ({ admin: ADMINISTRATOR })), limits: { perMinute: 10_000_000 } }),
});

const UPLOADS = [...OPERATIONS.values()].filter((operation) => {
  const { reads = [], named = {} } = localPathsOf(operation);
  return reads.length + Object.keys(named).length > 0;
});

const ADDRESSES = UPLOADS.flatMap((operation) => [
  { method: 'POST', address: `/api/operations/${operation.name}`, parts: partsOf(operation.name) },
  ...ROUTES.filter((route) => route.operation === operation.name && route.method !== 'GET').map((route) => ({
    method: route.method,
    address: route.path.replace(/:\w+/g, '1'),
    parts: partsOf(operation.name),
  })),
]);

function partsOf(name: string): readonly string[] {
  const operation = OPERATIONS.get(name);
  if (operation === undefined) throw new Error(name);
  const { reads = [], named = {} } = localPathsOf(operation);
  return [...reads, ...Object.keys(named)];
}

interface Sent {
  readonly type: string;
  readonly body: Buffer;
  /** The client goes away after the body, though it has promised more. */
  readonly leaves: boolean;
}

/** The status; null when the connection ended without one. */
function send(
  method: string,
  address: string,
  { type, body, leaves }: Sent,
): Promise<{ readonly status: number | null; readonly text: string }> {
  return new Promise((resolve) => {
    const request = http.request(`${server.url}${address}`, {
      method,
      agent: false,
      headers: { 'x-api-key': 'admin', 'content-type': type, 'content-length': body.length + (leaves ? 500 : 0) },
    });
    request.on('error', () => resolve({ status: null, text: '' }));
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('error', () => resolve({ status: response.statusCode ?? null, text }));
      response.on('close', () => resolve({ status: response.statusCode ?? null, text }));
    });
    if (leaves) request.write(body, () => setTimeout(() => request.destroy(), 20));
    else request.end(body);
  });
}

const boundary = fc.oneof(
  { weight: 5, arbitrary: fc.constant('----frontier7') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', '-', '--', 'a b', 'ä', 'x'.repeat(70), 'x'.repeat(2_000), '"', 'a;b', 'a"b', '=?', '%0d%0a'),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 30 }).map((text) => text.replace(/[^\x21-\x7e]/g, '')) },
);

const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('file', 'mapping', 'input', 'name', 'mode', 'format') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '',
      '__proto__',
      'constructor',
      'file[0]',
      'input.file',
      '../file',
      'n\0',
      'x'.repeat(3_000),
      'ñ',
      'file";x="',
    ),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 20 }) },
);

const fileName = fc.oneof(
  fc.constantFrom(
    'list.csv',
    '',
    '.',
    '..',
    '../../x',
    '/etc/passwd',
    'C:\\x.csv',
    'a\0b',
    'x'.repeat(5_000),
    '%2e%2e%2f',
    'a\u202eb.csv',
    '\ud800',
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
);

const content = fc.oneof(
  fc.constantFrom(
    '',
    'primary_id\nu1\n',
    'primary_id,last_name\nx,y\n',
    '{"user":[{"primary_id":"x"}]}',
    '<users><user><primary_id>x</primary_id></user></users>',
    '{"name":"S"}',
    '{"__proto__":{"a":1},"name":1}',
    '{"file":"/etc/passwd"}',
    'PK\u0003\u0004',
    '\r\n------frontier7\r\n',
    '------frontier7--',
    'x'.repeat(70_000),
    '['.repeat(20_000),
  ),
  fc.string({ unit: 'binary', maxLength: 200 }),
);

/** Text of a header: as it is written, or as whatever it is. */
const quoted = (text: string): string => text.replace(/[\r\n]/g, ' ');

const part = fc
  .record({
    name: fc.option(name, { freq: 12 }),
    fileName: fc.option(fileName),
    star: fc.boolean(),
    type: fc.option(
      fc.constantFrom('text/csv', 'application/json', 'multipart/mixed; boundary=----frontier7', 'x', '', 'text/plain; charset=utf-16'),
    ),
    encoding: fc.option(fc.constantFrom('base64', 'quoted-printable', 'gzip', '7bit'), { freq: 6 }),
    content,
    lineEnd: fc.constantFrom('\r\n', '\r\n', '\r\n', '\n'),
  })
  .map((given) => {
    const lines = [
      `Content-Disposition: form-data${given.name === null ? '' : `; name="${quoted(given.name)}"`}${
        given.fileName === null
          ? ''
          : given.star
            ? `; filename*=UTF-8''${quoted(given.fileName)}`
            : `; filename="${quoted(given.fileName)}"`
      }`,
      ...(given.type === null ? [] : [`Content-Type: ${given.type}`]),
      ...(given.encoding === null ? [] : [`Content-Transfer-Encoding: ${given.encoding}`]),
    ];
    return `${lines.join(given.lineEnd)}${given.lineEnd}${given.lineEnd}${given.content}`;
  });

const sent: fc.Arbitrary<Sent> = fc
  .record({
    boundary,
    told: fc.option(boundary, { freq: 8 }),
    parts: fc.oneof(
      { weight: 6, arbitrary: fc.array(part, { maxLength: 4 }) },
      { weight: 1, arbitrary: fc.array(part, { minLength: 60, maxLength: 70 }) },
    ),
    preamble: fc.constantFrom('', '', '', 'hello\r\n', '\0'),
    end: fc.constantFrom('--\r\n', '--\r\n', '--\r\n', '--', '', '\r\n', '--\r\nmore'),
    cut: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 4 }),
    leaves: fc.boolean(),
    quotes: fc.boolean(),
  })
  .map(({ boundary: limit, told, parts, preamble, end, cut, leaves, quotes }) => {
    const text = `${preamble}${parts.map((each) => `--${limit}\r\n${each}\r\n`).join('')}--${limit}${end}`;
    const body = Buffer.from(text, 'utf8');
    const label = (told ?? limit).replace(/[^\x20-\x7e]/g, '?');
    return {
      type: `multipart/form-data; boundary=${quotes ? `"${label.replace(/["\\]/g, '')}"` : label}`,
      body: cut === null ? body : body.subarray(0, Math.floor(body.length * cut)),
      leaves,
    };
  });

/** A form in which fields and files are called what every object of JavaScript has; they have taken the server in before. */
const NAMES_OF_EVERY_OBJECT: [Sent][] = [
  ['input', '{"__proto__":{"a":1},"name":1}'],
  ['input', '{"constructor":"x","toString":1}'],
  ['constructor"; filename="x', 'u1'],
  ['__proto__"; filename="x', 'u1'],
].map(([name, text]) => [
  {
    type: 'multipart/form-data; boundary=-f',
    body: Buffer.from(`---f\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n---f--\r\n`),
    leaves: false,
  },
]);

/** Nothing of an upload is left, once the server has noticed that the client has gone. */
async function expectNothingLeft(told: string): Promise<void> {
  await expect
    .poll(() => ['uploads', 'downloads'].flatMap((kind) => entriesOf(path.join(server.dataDir, kind))), { message: told, timeout: 5_000 })
    .toEqual([]);
}

function entriesOf(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

describe('uploads', () => {
  it('have an address for every operation that reads a file', () => {
    expect(UPLOADS.length).toBeGreaterThan(5);
    expect(ADDRESSES.length).toBeGreaterThan(UPLOADS.length);
  });

  it.each(ADDRESSES)(
    '$method $address takes calmly what no form sends',
    async ({ method, address, parts }) => {
      const answered = new Set<number | null>();
      await fc.assert(
        fc.asyncProperty(sent, async (given) => {
          const { status, text } = await send(method, address, given);
          answered.add(status);
          const told = `${given.type.slice(0, 100)} ${JSON.stringify(given.body.toString('latin1').slice(0, 600))} → ${status} ${text.slice(0, 300)}`;
          if (!given.leaves) expect(status, told).not.toBeNull();
          expect(status ?? 0, told).toBeLessThan(500);
          expect(text, told).not.toMatch(/\bat .*\.ts:\d+|node_modules|\/uploads\/|syntax error at/);
        }),
        { numRuns: 40, interruptAfterTimeLimit: 20_000, examples: NAMES_OF_EVERY_OBJECT },
      );
      await expectNothingLeft(address);
      expect([...answered].some((status) => status !== null && status >= 400)).toBe(true);
      // The server is well, and a good form still gets through to the operation.
      const form = new FormData();
      for (const each of parts.slice(0, 1)) form.set(each, new File(['primary_id\nnobody\n'], 'a.csv'));
      const answer = await fetch(`${server.url}${address}`, { method, headers: { 'x-api-key': 'admin' }, body: form });
      expect(answer.status).toBeLessThan(500);
      await answer.arrayBuffer();
      await expectNothingLeft(address);
    },
    60_000,
  );
});
