import { beforeAll, describe, expect, it } from 'vitest';
import { almaClient, errorOf } from '../../../test/support/alma.ts';
import { useTestDatabase } from '../../../test/support/database.ts';
import { doorsFor } from '../../../test/support/doors.ts';
import { useTestServer } from '../../../test/support/http.ts';
import { perform } from '../../access/index.ts';
import type { Actor } from '../../core/index.ts';
import { mergeUsers } from '../../runs/index.ts';

const actors: Record<string, Actor> = { key: { kind: 'administrator', name: 'administrator' } };
const test = useTestDatabase();
const server = useTestServer(test, { parts: () => ({ doors: doorsFor(() => actors), limits: { perMinute: 1_000_000 } }) });
const ask = almaClient(() => server.url);
let shell = '';

const record = (primary_id: string, barcode: string) => ({
  primary_id,
  first_name: 'Ada',
  last_name: 'Twice',
  account_type: { value: 'INTERNAL' },
  user_identifier: [{ value: barcode, id_type: { value: 'BARCODE' }, status: 'ACTIVE', segment_type: 'Internal' }],
});

beforeAll(async () => {
  await ask('POST', '/users', { body: record('ada', 'A-1') });
  await ask('POST', '/users', { body: record('ada-old', 'A-2') });
  const ctx = await server.app.contextFor(undefined, 'tests', 'en');
  await perform(ctx, mergeUsers, { keep: 'ada', give_up: 'ada-old' });
  const { rows } = await test.db.pool.query<{ primary_id: string }>('select primary_id from users where merged_into is not null');
  shell = rows[0]?.primary_id ?? '';
});

describe('programs that know a merged user by the id of before', () => {
  it('get the record that was kept, by whatever led to either', async () => {
    for (const id of ['ada', 'ADA-OLD', 'A-1', 'A-2']) {
      expect([id, (await ask('GET', `/users/${id}`)).json['primary_id']]).toEqual([id, 'ada']);
    }
    expect((await ask('GET', '/users/ada-old?user_id_type=MERGED_ID')).json['primary_id']).toBe('ada');
    expect(errorOf(await ask('GET', `/users/${shell}`)).code).toBe('401861');
    expect((await ask('GET', '/users?q=last_name~Twice')).json).toMatchObject({ total_record_count: 1 });
  });

  it('replace and delete it', async () => {
    const { json } = await ask('GET', '/users/ada-old');
    const put = await ask('PUT', '/users/ada-old', { body: { ...json, first_name: 'Augusta' } });
    expect(put.status).toBe(200);
    expect((await ask('GET', '/users/ada')).json['first_name']).toBe('Augusta');
    expect((await ask('POST', '/users', { body: record('ada-old', 'A-3') })).status).toBe(400);
    expect((await ask('DELETE', '/users/ada-old')).status).toBe(204);
    expect((await ask('GET', '/users/ada')).status).toBe(400);
    expect((await test.db.pool.query('select from users')).rowCount).toBe(0);
  });
});
