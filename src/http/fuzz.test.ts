/** Every address with inputs that nobody would send on purpose: an answer comes, it is no 5xx, and it tells nothing of the inside. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { doorsFor } from '../../test/support/doors.ts';
import { useTestServer } from '../../test/support/http.ts';
import { runsBench } from '../../test/support/runs.ts';
import { ADMINISTRATOR } from '../access/index.ts';
import { OPERATIONS } from '../app/operations.ts';
import { ROUTES } from './routes.ts';
import { inputSchema, type JsonSchema } from './schemas.ts';

const test = useTestDatabase();
const http = useTestServer(test, {
  parts: () => ({ doors: doorsFor(() => ({ admin: ADMINISTRATOR })), limits: { perMinute: 10_000_000 } }),
});
const bench = runsBench(test);

/** Makes up to ten million users when it is told to. */
const TOO_LARGE: ReadonlySet<string> = new Set(['users.generate']);

beforeAll(async () => {
  await bench.users({ primary_id: 'u1', last_name: 'One' }, { primary_id: '2', last_name: 'Two' });
  await bench.run(await bench.set('everyone', 'S'), { changes: [{ change: 'job_description', set: 'x' }] });
});

const oddText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '',
    ' ',
    '\0',
    'u1',
    'S',
    '1',
    '-1',
    '0',
    '99999999999999999999',
    'NaN',
    '%',
    '_',
    "'",
    '"',
    '\\',
    '../../etc/passwd',
    '\ud800',
    '\u202e',
    'everyone',
    '2026-02-30',
    '2026-02-28',
  ),
  fc.constant('x'.repeat(5_000)),
);
const oddValue = fc.oneof(
  oddText,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.jsonValue({ maxDepth: 3 }),
  fc.array(oddText, { maxLength: 3 }),
);

/** Mostly what the schema wants, now and then something else. */
function valueFor(schema: JsonSchema): fc.Arbitrary<unknown> {
  const choices = schema['enum'];
  const { type, properties, items, anyOf } = schema;
  const fitting: fc.Arbitrary<unknown> = Array.isArray(choices)
    ? fc.constantFrom(...choices)
    : anyOf !== undefined
      ? fc.oneof(...anyOf.map(valueFor))
      : type === 'integer' || type === 'number'
        ? fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom(-1, 2 ** 31, 2 ** 53 - 1, 0.5))
        : type === 'boolean'
          ? fc.boolean()
          : type === 'array'
            ? fc.array(items === undefined ? oddValue : valueFor(items), { maxLength: 3 })
            : type === 'object' && properties !== undefined
              ? objectFor(schema)
              : oddText;
  return fc.oneof({ arbitrary: fitting, weight: 8 }, { arbitrary: oddValue, weight: 1 });
}

function objectFor({ properties = {}, required = [] }: JsonSchema): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, valueFor(schema)])), {
    requiredKeys: required.filter((name) => name in properties),
  });
}

const statuses = new Map<number, number>();

async function expectCalm(method: string, address: string, body?: unknown): Promise<void> {
  const answer = await fetch(`${http.url}${address}`, {
    method,
    headers: { 'x-api-key': 'admin', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
  const told = `${method} ${address} ${JSON.stringify(body)?.slice(0, 400)} → ${answer.status} ${text.slice(0, 300)}`;
  expect(answer.status, told).toBeLessThan(500);
  expect(text, told).not.toMatch(/\bat .*\.ts:\d+|node_modules|syntax error at|relation "|column "/);
}

const RUNS = 6;

describe('inputs that nobody would send on purpose', () => {
  for (const operation of OPERATIONS.values()) {
    if (TOO_LARGE.has(operation.name)) continue;
    it(`${operation.name} takes calmly`, async () => {
      await fc.assert(
        fc.asyncProperty(objectFor(inputSchema(operation)), (input) => expectCalm('POST', `/api/operations/${operation.name}`, input)),
        { numRuns: RUNS },
      );
    });
  }

  it('in addresses and queries are taken calmly', async () => {
    const routes = ROUTES.filter((route) => !TOO_LARGE.has(route.operation) && (route.method === 'GET' || route.path.includes(':')));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...routes),
        fc.array(oddText, { minLength: 3, maxLength: 3 }),
        oddValue,
        async (route, texts, value) => {
          const operation = OPERATIONS.get(route.operation);
          const fields = operation === undefined ? [] : Object.keys(inputSchema(operation).properties ?? {});
          const text = (n: number): string => encodeURIComponent((texts[n] ?? '').toWellFormed().slice(0, 200) || 'x');
          const address = route.path.replace(/:\w+/g, () => text(0));
          const query = fields.map((name, n) => `${name}=${text(n % 3)}`).join('&');
          if (route.method === 'GET' || route.method === 'DELETE') await expectCalm(route.method, `${address}?${query}&cursor=${text(1)}`);
          else await expectCalm(route.method, address, value ?? {});
        },
      ),
      { numRuns: RUNS * 25 },
    );
  });

  it('were not all turned away at the door', () => {
    expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 404, 422]));
    expect(statuses.has(429)).toBe(false);
  });
});
