/** With Muster's own keys: what a program gets that has one, and what of it is left behind. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { almaClient, errorOf } from '../../../test/support/alma.ts';
import { useTestDatabase } from '../../../test/support/database.ts';
import { useTestServer } from '../../../test/support/http.ts';
import { ADMINISTRATOR, createKey, perform, revokeKey } from '../../access/index.ts';

const test = useTestDatabase();
const server = useTestServer(test);
const ask = almaClient(() => server.url);

it('a key has its owner’s rights or fewer, ends at once, and stands in no log', async () => {
  const { pool } = test.db;
  await pool.query(`with u as (insert into users (primary_id, last_name) values ('program', 'Program') returning id)
    insert into user_roles (user_id, type, scope) select id, '21', 'INSTITUTION' from u`);
  const ctx = server.app.contextOf(ADMINISTRATOR, 'cli', 'en');
  const full = await perform(ctx, createKey, { name: 'full', owner: 'program' });
  const reads = await perform(ctx, createKey, { name: 'reads', owner: 'program', read_only: true });
  const body = { primary_id: 'a', last_name: 'Adler' };
  expect(errorOf(await ask('POST', '/users', { key: reads.key, body })).code).toBe('UNAUTHORIZED');
  expect((await ask('POST', '/users', { key: full.key, body })).status).toBe(200);
  expect((await ask('GET', `/users/a?apikey=${reads.key}`, { key: null })).status).toBe(200);
  expect((await ask('GET', '/users/ME', { key: reads.key })).json['primary_id']).toBe('program');
  const { rows } = await pool.query<{ operation: string; outcome: string; key_id: number; source: string; entity_id: string }>(
    `select operation, outcome, key_id, source, entity_id from audit where source = 'alma' order by id`,
  );
  expect(rows).toEqual([
    { operation: 'user.create', outcome: 'refused', key_id: reads.id, source: 'alma', entity_id: null },
    { operation: 'user.create', outcome: 'done', key_id: full.id, source: 'alma', entity_id: 'a' },
    { operation: 'users.show', outcome: 'done', key_id: reads.id, source: 'alma', entity_id: 'a' },
    { operation: 'users.show', outcome: 'done', key_id: reads.id, source: 'alma', entity_id: 'program' },
  ]);
  await perform(ctx, revokeKey, { id: full.id });
  expect(errorOf(await ask('GET', '/users/a', { key: full.key })).code).toBe('UNAUTHORIZED');
  await pool.query(`update users set status = 'INACTIVE' where primary_id = 'program'`);
  expect(errorOf(await ask('GET', '/users/a', { key: reads.key })).code).toBe('UNAUTHORIZED');
  const log = await readFile(path.join(server.dataDir, 'muster.log'), 'utf8').catch(() => '');
  const { rows: kept } = await pool.query<{ text: string }>(`select string_agg(to_jsonb(a)::text, ' ') as text from audit a`);
  for (const key of [full.key, reads.key]) expect(`${log} ${kept[0]?.text}`).not.toContain(key);
});
