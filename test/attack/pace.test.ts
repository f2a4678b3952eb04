/** What the server takes from one honest program as it is installed: Alma itself lets 25 to 50 calls a second through. */
import { beforeAll, expect, it } from 'vitest';
import { createKey } from '../../src/access/index.ts';
import { useTestDatabase } from '../support/database.ts';
import { useTestServer } from '../support/http.ts';
import { runsBench } from '../support/runs.ts';

const test = useTestDatabase();
const http = useTestServer(test);
const bench = runsBench(test);
let key = '';

beforeAll(async () => {
  await bench.users(
    { primary_id: 'program', last_name: 'Program', user_roles: [{ type: '21', scope: 'INSTITUTION', status: 'ACTIVE' }] },
    { primary_id: 'reader', last_name: 'Reader' },
  );
  key = (await createKey.run(bench.ctx, createKey.input.parse({ name: 'program', owner: 'program' }))).key;
});

const look = (): Promise<Response> =>
  fetch(`${http.url}/almaws/v1/users/reader?format=json`, { headers: { authorization: `apikey ${key}` } });

it('sixty calls at once with one key are all answered', async () => {
  const answers = await Promise.all(Array.from({ length: 60 }, look));
  expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
  expect(new Set(await Promise.all(answers.map(async (answer) => ((await answer.json()) as { primary_id: string }).primary_id)))).toEqual(
    new Set(['reader']),
  );
});

it('a key that is revoked is bad with the next call, also while others ask with it', async () => {
  const before = Array.from({ length: 20 }, look);
  await test.db.pool.query(`update api_keys set revoked_at = now() where name = 'program'`);
  const after = await Promise.all(Array.from({ length: 20 }, look));
  await Promise.all(before);
  expect(after.every((answer) => answer.status >= 400)).toBe(true);
});
