import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { useTestDatabase } from '../support/database.ts';
import { json as ask, muster as call, PATIENT, temporaryDirectory } from './muster.ts';

const test = useTestDatabase();
const files = temporaryDirectory();
const data = path.join(files.directory, 'data');
const env = (): Record<string, string> => ({ DATABASE_URL: test.url, MUSTER_DATA: data });
const json = (args: readonly string[], status = 0): Promise<Record<string, unknown>> => ask(args, { env: env(), status });

beforeAll(async () => {
  mkdirSync(data);
  await test.db.pool.query(`
    insert into feed_profiles (code, name, created_by) values ('SIS', 'Students', 'test');
    insert into users (primary_id, last_name, account_type, external_id) values ('a1', 'One', 'EXTERNAL', 'SIS'), ('a2', 'Two', 'EXTERNAL', 'SIS');`);
});
afterAll(() => files.remove());

it('counts, exports, and says where the file is', PATIENT, async () => {
  const change = path.join(files.directory, 'change.json');
  writeFileSync(change, JSON.stringify({ change: 'job_description', set: 'Changed' }));
  await json(['users', 'edit', 'a1', '--change', readFileSync(change, 'utf8')]);
  const said = await call(['feeds', 'export', 'SIS', '--dry-run'], { env: env() });
  expect(said.stdout).toContain('Changed in the library: 1 of 2 users. Nothing was exported.');
  const copy = path.join(files.directory, 'copy.json');
  const done = await json(['feeds', 'export', 'sis', '--format', 'alma-json', '--file', copy]);
  expect(done).toMatchObject({ users: 1, code: 'SIS', format: 'alma-json', file: copy, sent_to: null });
  expect(JSON.parse(readFileSync(copy, 'utf8'))).toMatchObject({ total_record_count: 1, user: [{ primary_id: 'a1' }] });
  expect(readFileSync(path.join(data, String(done['kept'])), 'utf8')).toBe(readFileSync(copy, 'utf8'));
  const german = await call(['--lang', 'de', 'feeds', 'export', 'SIS', '--all'], { env: env() });
  expect(german.stdout).toMatch(
    /Exportierte Benutzer: 2\nAufbewahrt als exports\/SIS-.*\.xml im Datenverzeichnis\nDer nächste Export beginnt bei /,
  );
  expect((await json(['feeds', 'export', 'NOBODY'], 1))['error']).toMatchObject({ code: 'feeds.profile_not_found' });
});
