import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKey, perform } from '../../src/access/index.ts';
import { useTestDatabase } from '../support/database.ts';
import { useTestServer } from '../support/http.ts';
import { contextOf } from '../support/sets.ts';
import { json as ask, muster as call, PATIENT, temporaryDirectory } from './muster.ts';

/** A feed as staff run it from a terminal and a script, here and through a server. */
const test = useTestDatabase();
const http = useTestServer(test);
const files = temporaryDirectory();
const env = (): Record<string, string> => ({ DATABASE_URL: test.url, MUSTER_DATA: path.join(files.directory, 'data') });
const json = (args: readonly string[], status = 0): Promise<Record<string, unknown>> => ask(['feeds', ...args], { env: env(), status });
const muster = (args: readonly string[]): ReturnType<typeof call> => call(args, { env: env() });

const MAPPING = { fields: { primary_id: 'id', last_name: 'name', user_group: 'group' } };

function written(name: string, content: string | object): string {
  const target = path.join(files.directory, name);
  writeFileSync(target, typeof content === 'string' ? content : JSON.stringify(content));
  return target;
}

function students(name: string, count: number, last = 'Name'): string {
  const lines = Array.from({ length: count }, (_, i) => `s${i + 1},${last} ${i + 1},S`);
  return written(name, `id,name,group\n${lines.join('\n')}\n`);
}

beforeAll(() => {
  mkdirSync(path.join(files.directory, 'data'));
  return test.db.pool.query(
    `insert into codes (table_name, code, label_en, label_de) values ('UserGroups', 'STUDENT', 'Student', 'Studierende')`,
  );
});
afterAll(() => files.remove());

describe('muster feeds', PATIENT, () => {
  it('sets up a feed, from a file and from options, and never tells its secret', async () => {
    const profile = written('profile.json', { name: 'Students', csv_mapping: MAPPING, code_maps: { user_group: { S: 'STUDENT' } } });
    expect(await json(['create', 'SIS', '--file', profile, '--guard-share', '10'])).toMatchObject({
      code: 'SIS',
      name: 'Students',
      guard_share: 10,
      absent_set: { name: expect.stringContaining('Students') as string },
    });
    const secret = written('secret', 'a-token-of-the-university\n');
    const source = '{"kind": "https", "url": "https://sis.example/users.csv"}';
    await json(['update', 'SIS', '--source', source, '--secret-file', secret, '--cron', '0 3 * * *']);
    const shown = await muster(['feeds', 'show', 'SIS']);
    expect(shown.stdout).toContain('https://sis.example/users.csv');
    expect(shown.stdout).not.toContain('a-token');
    await json(['update', 'SIS', '--file', written('back.json', { source: { kind: 'upload' }, cron: null, secret: null })]);
    expect(await json(['create', 'BAD', '--codes', '{"user_group": {"S": "NO_SUCH"}}'], 1)).toMatchObject({
      error: { code: 'feeds.profile_code' },
    });
  });

  it('loads, says what would be, and stops a script where a person is needed', async () => {
    const whole = students('students.csv', 30);
    expect(await json(['preview', 'SIS', whole])).toMatchObject({ created: 30 });
    expect(await json(['load', 'SIS', whole])).toMatchObject({ state: 'loaded', counts: { created: 30 } });
    const held = await json(['load', 'SIS', students('half.csv', 15)], 1);
    expect(held).toMatchObject({ state: 'held', counts: { absent: 15, guard: { needed: true, touched: 15, of: 30 } } });
    const id = String(held['id']);
    const said = await muster(['feeds', 'load', 'SIS', students('later.csv', 30, 'Later')]);
    expect(said.status).toBe(0);
    expect(said.stdout).toContain('waiting for its turn');
    expect((await muster(['--lang', 'de', 'feeds', 'show-file', id])).stdout).toContain('Eine Person muss sie bestätigen');
    // Without a terminal nobody can be asked, and a wrong number is no confirmation.
    expect(await json(['confirm', id], 1)).toMatchObject({ error: { code: 'cli.confirmation_needed' } });
    expect(await json(['confirm', id, '--users', '14'], 1)).toMatchObject({ error: { code: 'feeds.confirm_number' } });
    expect(await json(['confirm', id, '--users', '15'], 0)).toMatchObject({ state: 'loaded', counts: { absent: 15 } });
    const { files: came } = (await json(['files', 'SIS'])) as { files: { id: number; state: string }[] };
    expect(came.map(({ state }) => state)).toEqual(['held', 'loaded', 'loaded']);
    expect(await json(['discard', String(came[0]?.id)])).toMatchObject({ state: 'discarded' });
    expect((await muster(['feeds', 'list'])).stdout).toMatch(/SIS .*30 +15/);
  });

  it('tells what was refused and rejected with its place', async () => {
    const broken = await muster(['feeds', 'load', 'SIS', written('broken.csv', 'id,name,group\n"open')]);
    expect(broken.status).toBe(1);
    expect(broken.stdout).toContain('nothing was written');
    await test.db.pool.query(`update users set account_type = 'INTERNAL', external_id = null where primary_id = 's2'`);
    const loaded = await json(['load', 'SIS', students('again.csv', 15)]);
    expect(loaded).toMatchObject({ state: 'loaded', counts: { rejected: 1 } });
    const run = String(loaded['run_id']);
    expect(await json(['rejections', run])).toMatchObject({ rejections: [{ line: 3, primary_id: 's2' }], next: null });
    expect((await muster(['feeds', 'rejections', run, '--reason', 'feeds.user_of_other_feed'])).stdout).toContain('Nothing was rejected');
    expect(await json(['fetch', 'SIS'], 1)).toMatchObject({ error: { code: 'feeds.profile_nothing_to_fetch' } });
    expect(await json(['delete', 'SIS'], 1)).toMatchObject({ error: { code: 'feeds.profile_in_use' } });
  });

  it('sends the file along to a server', async () => {
    await test.db.pool.query(`
      with made as (insert into users (primary_id, last_name) values ('chief', 'Chief') returning id)
      insert into user_roles (user_id, type, scope) select id, '26', 'INSTITUTION' from made`);
    const { key } = await perform(contextOf(test.db), createKey, { name: 'nightly', owner: 'chief' });
    const remote = { MUSTER_SERVER: http.url, MUSTER_KEY: key };
    const loaded = await ask(['feeds', 'load', 'SIS', students('remote.csv', 16, 'Name')], { env: remote });
    expect(loaded).toMatchObject({
      state: 'loaded',
      name: 'remote.csv',
      received_by: 'chief',
      counts: { updated: 1, unchanged: 14, rejected: 1 },
    });
  });
});
