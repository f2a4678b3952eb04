import { beforeAll, expect, it } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { doorsFor } from '../../test/support/doors.ts';
import { useTestServer } from '../../test/support/http.ts';
import { runsBench } from '../../test/support/runs.ts';
import { ADMINISTRATOR } from '../access/index.ts';

const test = useTestDatabase();
const http = useTestServer(test, { parts: () => ({ doors: doorsFor(() => ({ admin: ADMINISTRATOR })) }) });
const bench = runsBench(test);
const PEOPLE = 30;

beforeAll(async () => {
  await bench.users(...Array.from({ length: PEOPLE }, (_, n) => ({ primary_id: `u${n}`, last_name: 'Crowd' })));
});

/** Many more at once than there are connections: whoever holds one must not wait for a second. */
it('many requests of every kind at once are all answered', async () => {
  const headers = { 'x-api-key': 'admin', 'content-type': 'application/json' };
  const send = (method: string, address: string, body?: unknown): Promise<Response> =>
    fetch(`${http.url}${address}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const upload = (n: number): Promise<Response> => {
    const form = new FormData();
    form.set('file', new File([`primary_id,last_name\nnew${n},New\n`], 'n.csv'));
    return fetch(`${http.url}/api/users/import`, { method: 'POST', headers: { 'x-api-key': 'admin' }, body: form });
  };
  const plan = { changes: [{ change: 'job_description', set: 'x' }] };
  const answers = await Promise.all(
    Array.from({ length: PEOPLE }, (_, n) => [
      send('PATCH', `/api/users/u${n}`, { changes: [{ change: 'job_description', set: `${n}` }] }),
      send('POST', '/api/sets', { name: `Set ${n}`, where: 'everyone' }),
      send('GET', `/api/users/export?format=csv&where=${encodeURIComponent(`primary_id = "u${n}"`)}`),
      send('POST', '/api/operations/users.query', { limit: 5 }),
      send('GET', `/api/users/u${n}`),
      ...(n < 10 ? [upload(n), send('POST', '/api/operations/set.create', { name: `Other ${n}`, where: 'everyone', itemize: true })] : []),
    ]).flat(),
  );
  const bad = await Promise.all(answers.filter((answer) => !answer.ok).map((answer) => answer.text()));
  expect(bad).toEqual([]);
  const set = await bench.set('everyone', 'Previewed');
  const previews = await Promise.all(Array.from({ length: 20 }, () => send('POST', '/api/previews', { set, plan })));
  expect(new Set(previews.map((answer) => answer.status))).toEqual(new Set([200]));
}, 120_000);
