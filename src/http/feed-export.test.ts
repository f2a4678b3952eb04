import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { userActor } from '../../test/support/actors.ts';
import { useTestDatabase } from '../../test/support/database.ts';
import { doorsFor } from '../../test/support/doors.ts';
import { useTestServer } from '../../test/support/http.ts';
import { ADMINISTRATOR } from '../access/index.ts';
import type { Actor } from '../core/index.ts';

const test = useTestDatabase();
const actors: Record<string, Actor> = { admin: ADMINISTRATOR };
const http = useTestServer(test, { parts: () => ({ doors: doorsFor(() => actors) }) });

async function ask(address: string, { as = 'admin', ...init }: RequestInit & { as?: string; accept?: string } = {}) {
  const answer = await fetch(`${http.url}${address}`, {
    ...init,
    headers: {
      authorization: `apikey ${as}`,
      'content-type': 'application/json',
      ...(init.accept === undefined ? {} : { accept: init.accept }),
    },
  });
  return { answer, text: await answer.text() };
}

beforeAll(async () => {
  actors['patron'] = await userActor(test.db.pool, ['200'], { name: 'patron' });
  await test.db.pool.query(`
    insert into feed_profiles (code, name, created_by) values ('SIS', 'Students', 'test');
    insert into users (primary_id, last_name, account_type, external_id) values ('a1', 'One', 'EXTERNAL', 'SIS'), ('a2', 'Two', 'EXTERNAL', 'SIS');`);
});

it('is a download, of which a copy stays for a while', async () => {
  const changes = [{ change: 'job_description', set: 'Changed' }];
  expect((await ask('/api/users/a1', { method: 'PATCH', body: JSON.stringify({ changes }) })).answer.status).toBe(200);
  const counted = await ask('/api/feeds/SIS/changed');
  expect(JSON.parse(counted.text)).toEqual({ users: 1, all: 2, since: null });

  const { answer, text } = await ask('/api/feeds/SIS/export', { method: 'POST', body: '{}' });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/xml; charset=utf-8');
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="feed-export.xml"');
  const said = JSON.parse(answer.headers.get('x-muster-result') ?? '') as { kept: string };
  expect(said).toMatchObject({ users: 1, code: 'SIS', format: 'alma-xml', since: null, sent_to: null });
  expect(text).toContain('<primary_id>a1</primary_id>');
  expect(text).not.toContain('a2');
  expect(readFileSync(path.join(http.dataDir, said.kept), 'utf8')).toBe(text);
  await expect.poll(() => readdirSync(path.join(http.dataDir, 'downloads'))).toEqual([]);
});

it('is an answer in words to whoever wants no file', async () => {
  const { answer, text } = await ask('/api/operations/feed.export', {
    method: 'POST',
    body: JSON.stringify({ code: 'SIS', all: true }),
    accept: 'application/json',
  });
  expect(answer.status).toBe(200);
  expect(JSON.parse(text)).toMatchObject({ users: 2, file: null });
});

it('is for those who may export users, and never to a path that they name', async () => {
  expect((await ask('/api/feeds/SIS/export', { method: 'POST', body: '{}', as: 'patron' })).answer.status).toBe(403);
  expect((await ask('/api/feeds/SIS/changed', { as: 'patron' })).answer.status).toBe(403);
  const stolen = await ask('/api/feeds/SIS/export', { method: 'POST', body: JSON.stringify({ file: '/tmp/x' }) });
  expect([stolen.answer.status, stolen.text]).toEqual([422, expect.stringContaining('http.local_path')]);
  expect((await ask('/api/feeds/NOBODY/export', { method: 'POST', body: '{}' })).answer.status).toBe(404);
});
