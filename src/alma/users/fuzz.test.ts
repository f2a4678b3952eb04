import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { useAlmaServer } from '../../../test/support/alma-server.ts';

const { ask } = useAlmaServer();

beforeAll(async () => {
  expect((await ask('POST', '/users', { body: { primary_id: 'a', last_name: 'Adler' } })).status).toBe(200);
});

const word = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('a', '%', '_', '*', '\\', "'", '"', '\0', '-1', '1e9', 'null', 'ALL~*', 'last_name~\\'),
);
const NAMES = [
  'q',
  'limit',
  'offset',
  'order_by',
  'expand',
  'view',
  'user_id_type',
  'modify_date_from',
  'format',
  'op',
  'override',
  'recalculate_roles',
  'x',
];
const query = fc
  .array(fc.tuple(fc.constantFrom(...NAMES), word), { maxLength: 4 })
  .map((pairs) => pairs.map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`).join('&'));
const path = fc.oneof(
  fc.constant('/users'),
  word.map((id) => `/users/${encodeURIComponent(id.toWellFormed())}`),
  fc
    .tuple(word, fc.constantFrom('loans', 'requests', 'fees', 'personal-data', 'x'))
    .map(([id, part]) => `/users/${encodeURIComponent(id.toWellFormed())}/${part}`),
);
const MEMBERS = [
  'primary_id',
  'first_name',
  'status',
  'account_type',
  'external_id',
  'birth_date',
  'contact_info',
  'user_note',
  'user_role',
  'user_identifier',
  'user_block',
  'user_statistic',
  'rs_library',
  'library_notice',
  'loans',
  'password',
  'pin_number',
  'is_researcher',
  'link',
  '__proto__',
];
const record = fc.dictionary(fc.constantFrom(...MEMBERS), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 6 });
const body = fc.oneof(
  fc.constant(undefined),
  record,
  fc.string({ maxLength: 60 }),
  record.map(
    (r) =>
      `<user>${Object.keys(r)
        .map((name) => `<${name}>x</${name}>`)
        .join('')}</user>`,
  ),
);

it('answers whatever comes, and never that it is at fault itself', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
      path,
      query,
      body,
      fc.constantFrom('application/json', 'application/xml', 'text/plain', ''),
      async (method, where, asked, sent, type) => {
        const answer = await ask(method, `${where}?${asked}`, { type, body: method === 'GET' ? undefined : sent });
        expect(answer.status, `${method} ${where}?${asked} ${JSON.stringify(sent)} → ${answer.text}`).toBeLessThan(500);
        expect(answer.text).not.toMatch(/\bat .*\.ts:\d+/);
      },
    ),
    { numRuns: 400 },
  );
}, 120_000);
