import { beforeAll, describe, expect, it } from 'vitest';
import { almaClient, errorOf } from '../../../test/support/alma.ts';
import { userActor } from '../../../test/support/actors.ts';
import { useTestDatabase } from '../../../test/support/database.ts';
import { doorsFor } from '../../../test/support/doors.ts';
import { essence } from '../../../test/support/feeds.ts';
import { useTestServer } from '../../../test/support/http.ts';
import { SAMPLE_EXTERNAL, SAMPLE_INTERNAL } from '../../../test/support/sample-users.ts';
import type { Actor } from '../../core/index.ts';

const actors: Record<string, Actor> = { key: { kind: 'administrator', name: 'administrator' } };
const test = useTestDatabase();
const server = useTestServer(test, { parts: () => ({ doors: doorsFor(() => actors), limits: { perMinute: 1_000_000 } }) });
const ask = almaClient(() => server.url);

beforeAll(async () => {
  actors['manager'] = await userActor(test.db.pool, ['21'], { name: 'manager', userId: 900_001 });
  actors['desk'] = await userActor(test.db.pool, ['32'], { name: 'desk', userId: 900_002 });
  actors['root'] = await userActor(test.db.pool, ['26'], { name: 'root', userId: 900_003 });
});

/** Members that only answers have, or that Muster sets itself. */
const READ_ONLY = new Set([
  'link',
  'full_name',
  'status_date',
  'last_patron_activity_date',
  'loans',
  'requests',
  'fees',
  'password',
  'pin_number',
  'linking_id',
  'source_link_id',
  'source_institution_code',
  'proxy_for_user',
  'researcher',
  'created_by',
  'created_date',
  'desc',
  'segment_type',
]);

function content(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(content);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([name, member]) => (READ_ONLY.has(name) ? [] : [[name, content(member)]])));
}

const person = (id: string, more: object = {}) => ({
  primary_id: id,
  first_name: 'Ada',
  last_name: 'Byron',
  account_type: { value: 'INTERNAL' },
  user_group: { value: 'STAFF' },
  ...more,
});

async function count(sql: string): Promise<number> {
  return Number((await test.db.pool.query<{ n: number }>(`select count(*) as n from ${sql}`)).rows[0]?.n);
}

describe('one user', () => {
  it.each([
    ['internal', SAMPLE_INTERNAL],
    ['external', SAMPLE_EXTERNAL],
  ])('is created, read, replaced by itself and found unchanged: %s', async (_name, sample) => {
    const created = await ask('POST', '/users', { body: sample });
    expect(created.status, created.text).toBe(200);
    expect(essence(content(created.json))).toEqual(essence(content(sample)));
    const id = encodeURIComponent(sample.primary_id);
    const read = await ask('GET', `/users/${id}`);
    expect(read.json).toEqual(created.json);
    const runs = await count('runs');
    const again = await ask('PUT', `/users/${id}`, { body: read.json });
    expect(again.status, again.text).toBe(200);
    expect(again.json).toEqual(read.json);
    expect(await count('runs'), 'nothing differs, so nothing is written').toBe(runs);
    // The same by XML.
    const xml = await ask('GET', `/users/${id}`, { accept: 'application/xml' });
    const byXml = await ask('PUT', `/users/${id}`, { accept: 'application/xml', type: 'application/xml', body: xml.text });
    expect(byXml.status, byXml.text).toBe(200);
    expect(byXml.text).toBe(xml.text);
    expect((await ask('GET', `/users/${id}`)).json).toEqual(read.json);
    expect(await count('runs')).toBe(runs);
  });

  it('unknown is 400 with a text as code', async () => {
    const answer = await ask('GET', '/users/nobody');
    expect(answer.status).toBe(400);
    expect(errorOf(answer)).toEqual({ code: '401861', message: 'User with identifier nobody was not found.' });
    expect(errorOf(await ask('GET', '/users/nobody?user_id_type=BARCODE'))).toMatchObject({ code: '401890' });
  });

  it('needs a key that may', async () => {
    for (const key of [null, 'wrong']) {
      const answer = await ask('GET', '/users', { key });
      expect(answer).toMatchObject({ status: 400, type: 'application/xml;charset=UTF-8' });
      expect(errorOf(answer)).toEqual({ code: 'UNAUTHORIZED', message: 'API-key not defined or not configured to allow this API.' });
    }
    expect(errorOf(await ask('POST', '/users', { key: 'desk', body: person('x') }))).toMatchObject({ code: 'UNAUTHORIZED' });
  });
});
