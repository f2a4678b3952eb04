import { createKey } from '../access/index.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { useTestServer } from '../../test/support/http.ts';
import { runsBench } from '../../test/support/runs.ts';

const test = useTestDatabase();
const http = useTestServer(test);
const bench = runsBench(test);
const keys: Record<string, string> = {};

beforeAll(async () => {
  await bench.users(
    { primary_id: 'root', last_name: 'Root', user_roles: [{ type: '26', scope: 'INSTITUTION', status: 'ACTIVE' }] },
    { primary_id: 'manager', last_name: 'Manager', user_roles: [{ type: '21', scope: 'INSTITUTION', status: 'ACTIVE' }] },
    { primary_id: 'reader', last_name: 'Reader' },
  );
  for (const owner of ['root', 'manager']) {
    const made = await createKey.run(bench.ctx, createKey.input.parse({ name: owner, owner }));
    keys[owner] = made.key;
  }
});

const ask = (address: string, init: RequestInit = {}): Promise<Response> => fetch(`${http.url}${address}`, init);

describe('a real API key', () => {
  it('opens our own API with its owner’s rights, and Alma’s', async () => {
    expect(await (await ask('/api/users/reader', { headers: { authorization: `apikey ${keys['manager']}` } })).json()).toMatchObject({
      primary_id: 'reader',
    });
    expect((await ask(`/api/keys?apikey=${keys['manager']}`)).status).toBe(403);
    const listed = await ask(`/api/keys?apikey=${keys['root']}`);
    expect(listed.status).toBe(200);
    expect(await listed.text()).not.toContain(keys['root']);
    const alma = await ask(`/almaws/v1/users/reader?apikey=${keys['manager']}`, { headers: { accept: 'application/json' } });
    expect([alma.status, ((await alma.json()) as Record<string, unknown>)['primary_id']]).toEqual([200, 'reader']);
  });

  it('is told apart from a wrong one, and no more', async () => {
    for (const key of ['mus_1_wrong', `${keys['root']}x`, 'x'.repeat(600)]) {
      const answer = await ask('/api/operations', { headers: { 'x-api-key': key } });
      expect(answer.status).toBe(401);
      expect(await answer.json()).toMatchObject({ code: 'access.bad_key' });
    }
  });

  it('whose answer shows a secret is not written down with its Idempotency-Key', async () => {
    const headers = { 'x-api-key': keys['root'] ?? '', 'idempotency-key': 'new-key', 'content-type': 'application/json' };
    const body = JSON.stringify({ name: 'another', owner: 'manager' });
    const made = await ask('/api/keys', { method: 'POST', headers, body });
    expect(made.status).toBe(201);
    const again = await ask('/api/keys', { method: 'POST', headers, body });
    expect(again.status).toBe(409);
    expect(await again.json()).toMatchObject({ code: 'http.idempotency_not_kept' });
    const { rows } = await test.db.pool.query<{ kept: boolean }>(`select body is not null as kept from idempotency_keys`);
    expect(rows).toEqual([{ kept: false }]);
  });
});

describe('a session that is not there', () => {
  it('is 401, and the sign-in page is open to everybody', async () => {
    const answer = await ask('/api/operations', { headers: { cookie: 'muster_session=unknown' } });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: 'access.no_session' });
    expect((await ask('/sign-in')).status).toBe(200);
  });
});
