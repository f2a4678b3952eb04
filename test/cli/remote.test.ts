import { createHmac } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKey, perform } from '../../src/access/index.ts';
import { UPLOAD_LIMIT } from '../../src/app/index.ts';
import { ApiClient, RemoteError } from '../../src/cli/client.ts';
import { startWorker, type Worker } from '../../src/queue/index.ts';
import { listRuns } from '../../src/runs/index.ts';
import { createSet, listSets, showSet } from '../../src/sets/index.ts';
import { useTestDatabase } from '../support/database.ts';
import { useTestServer } from '../support/http.ts';
import { type Listener, startListener } from '../support/listener.ts';
import { sampleUser } from '../support/sample-users.ts';
import { contextOf } from '../support/sets.ts';
import { type Answer, documentOf, muster, PATIENT, temporaryDirectory } from './muster.ts';

/** A real server with a worker on this machine, and the real command asking it; the command has no installation of its own. */
const test = useTestDatabase();
const http = useTestServer(test);
const files = temporaryDirectory();
let worker: Worker;
let key = '';
let readingKey = '';

beforeAll(async () => {
  await test.db.pool.query(`
    with made as (insert into users (primary_id, last_name) values ('chief', 'Chief'), ('manager', 'Manager') returning id, primary_id)
    insert into user_roles (user_id, type, scope) select id, case primary_id when 'chief' then '26' else '21' end, 'INSTITUTION' from made`);
  const ctx = contextOf(test.db);
  key = (await perform(ctx, createKey, { name: 'the command', owner: 'chief' })).key;
  readingKey = (await perform(ctx, createKey, { name: 'only looks', owner: 'manager', read_only: true })).key;
  worker = startWorker(http.app.tasks, { concurrency: 1, log: pino({ level: 'silent' }) });
});
afterAll(async () => {
  await worker.stop();
  files.remove();
});

const env = (more: Record<string, string> = {}): Record<string, string> => ({ MUSTER_SERVER: http.url, MUSTER_KEY: key, ...more });
const call = (args: readonly string[], more?: Record<string, string>, input = ''): Promise<Answer> =>
  muster(args, { env: env(more), input });

async function json(args: readonly string[], status = 0, more?: Record<string, string>): Promise<Record<string, unknown>> {
  const answer = await call([...args, '--json'], more);
  expect(answer.status, `${args.join(' ')}\n${answer.stdout}\n${answer.stderr}`).toBe(status);
  return documentOf(answer);
}

function file(name: string, content: string | object): string {
  const target = path.join(files.directory, name);
  writeFileSync(target, typeof content === 'string' ? content : JSON.stringify(content));
  return target;
}

describe('the commands of a library’s day, through a server', PATIENT, () => {
  it('import users from a file, which is sent along, and tell what was wrong with it', async () => {
    const users = file('users.json', {
      user: [sampleUser('anna'), sampleUser('berta'), { ...sampleUser('carla'), expiry_date: 'some day' }],
    });
    const result = await json(['users', 'import', users]);
    expect(result).toMatchObject({ created: 2, rejected: 1, dry_run: false });
    const { rows } = await test.db.pool.query(`select name, created_by from runs where kind = 'import'`);
    expect(rows).toEqual([{ name: expect.stringContaining('users.json'), created_by: 'chief' }]);
    expect(await json(['users', 'show', 'anna'])).toMatchObject({ primary_id: 'anna' });
  });

  it('make sets from files, directly and through a pipe', async () => {
    const list = file('ids.txt', 'anna\nberta\nnobody\n');
    expect(await json(['sets', 'create', 'Both', '--file', list, '--public'])).toMatchObject({ members: 2, not_found: 1 });
    expect(await json(['sets', 'lines', 'Both'])).toMatchObject({ lines: [{ line: 3, value: 'nobody', reason: 'not_found' }] });
    const piped = await call(['sets', 'create', 'Piped', '--file', '-', '--json'], {}, 'anna\n');
    expect(documentOf(piped)).toMatchObject({ members: 1 });
    expect(await json(['sets', 'create', 'None', '--file', path.join(files.directory, 'none.txt')], 1)).toMatchObject({
      error: { code: 'cli.file_unreadable' },
    });
  });

  it('preview, run, wait for the end, report into a file here, and undo', async () => {
    const plan = file('plan.json', { changes: [{ change: 'job_description', set: 'seen from afar' }] });
    const { digest, changed } = await json(['jobs', 'preview', '--set', 'Both', '--plan', plan]);
    expect(changed).toBe(2);
    const run = await json(['jobs', 'run', '--set', 'Both', '--plan', plan, '--digest', String(digest), '--yes']);
    expect(run).toMatchObject({ state: 'COMPLETED_SUCCESS', counts: { changed: 2 }, created_by: 'chief' });
    const csv = path.join(files.directory, 'report.csv');
    const report = await json(['jobs', 'report', String(run['id']), '--csv', csv]);
    expect(report).toMatchObject({ id: run['id'], csv_rows: 2, changes: [{ changed: 2 }] });
    expect(readFileSync(csv, 'utf8')).toContain('anna,changed');
    expect(statSync(csv).mode & 0o777).toBe(0o600);
    expect(await json(['jobs', 'undo', String(run['id']), '--yes'])).toMatchObject({ state: 'COMPLETED_SUCCESS', counts: { changed: 2 } });
  });

  it('use tables of values and templates that lie there', async () => {
    expect(
      await json(['jobs', 'template', 'save', 'Faraway', '--plan', file('t.json', { changes: [{ change: 'job_description', set: 'x' }] })]),
    ).toMatchObject({
      name: 'Faraway',
    });
    expect(await json(['jobs', 'preview', '--set', 'Both', '--template', 'faraway'])).toMatchObject({ members: 2 });
    const table = file('table.csv', 'primary_id,job\nanna,reader\n');
    const values = await json(['jobs', 'values', table]);
    expect(values).toMatchObject({ rows: 1, columns: ['job'], name: expect.stringContaining('table.csv') });
  });

  it('export users into a file that appears when it is complete', async () => {
    const target = path.join(files.directory, 'export.csv');
    expect(await json(['users', 'export', target, '--set', 'Both'])).toEqual({
      users: 2,
      file: target,
      format: 'csv',
    });
    expect(readFileSync(target, 'utf8')).toMatch(/anna[\s\S]*berta/);
    expect(existsSync(`${target}.part`)).toBe(false);
    const nowhere = path.join(files.directory, 'no', 'such', 'directory.csv');
    expect(await json(['users', 'export', nowhere, '--set', 'Both'], 1)).toMatchObject({
      error: { code: 'feeds.file_unwritable' },
    });
    expect(await json(['users', 'export', target, '--set', 'No such set'], 1)).toMatchObject({
      error: { code: 'sets.not_found' },
    });
  });

  it('manage webhooks: a program here is told, and can tell that it was the server', async () => {
    const listener: Listener = await startListener();
    try {
      const { id, secret } = await json(['webhooks', 'add', listener.url, '--events', 'user.changed']);
      const change = JSON.stringify({ change: 'job_description', set: 'told' });
      expect(await json(['users', 'edit', 'anna', '--change', change])).toMatchObject({ counts: { changed: 1 } });
      await expect.poll(() => listener.heard.length, { timeout: 30_000 }).toBeGreaterThan(0);
      const [told] = listener.heard;
      const timestamp = told?.headers['x-muster-timestamp'];
      const hash = createHmac('sha256', String(secret))
        .update(`${String(timestamp)}.${told?.body ?? ''}`)
        .digest('hex');
      expect(told?.headers['x-muster-signature']).toBe(`sha256=${hash}`);
      expect(JSON.parse(told?.body ?? '')).toMatchObject({ event: 'user.changed', data: { user: 'anna', users: 1 } });
      await expect
        .poll(async () => (await json(['webhooks', 'deliveries', String(id)]))['deliveries'], { timeout: 30_000 })
        .toEqual(expect.arrayContaining([expect.objectContaining({ state: 'delivered', event: 'user.changed' })]));
      const shown = await call(['webhooks', 'list']);
      expect(shown.stdout).toContain(listener.url);
      expect(shown.stdout).not.toContain(String(secret));
      expect(await json(['webhooks', 'remove', String(id)])).toEqual({ deleted: id });
    } finally {
      await listener.close();
    }
  });
});

describe('what is refused', PATIENT, () => {
  it('comes with the server’s code and sentence, in the language asked for, and status 1', async () => {
    const missing = await call(['sets', 'show', 'Nobody’s', '--lang', 'de']);
    expect([missing.status, missing.stdout]).toEqual([1, '']);
    expect(missing.stderr).toContain('sets.not_found: Es gibt kein Set „Nobody’s“');
    expect(await json(['sets', 'delete', 'Both'], 1, { MUSTER_KEY: readingKey })).toMatchObject({ error: { code: 'access.denied' } });
    expect(await json(['sets', 'list'], 1, { MUSTER_KEY: 'mus_1_wrong' })).toMatchObject({ error: { code: 'access.bad_key' } });
  });

  it('says that a file is too large, rather than that the line went dead', async () => {
    await test.db.pool.query(`insert into settings (name, value) values ($1, '1') on conflict (name) do update set value = '1'`, [
      UPLOAD_LIMIT.name,
    ]);
    const large = file('large.csv', `primary_id,last_name\n${'someone,Somebody\n'.repeat(600_000)}`);
    expect(await json(['users', 'import', large], 1)).toMatchObject({ error: { code: 'http.body_too_large' } });
    await test.db.pool.query('delete from settings where name = $1', [UPLOAD_LIMIT.name]);
  });

  it('is what only makes sense where Muster is installed', async () => {
    for (const args of [
      ['start', '--server', http.url],
      ['access', 'admin'],
      ['stop', '--server', http.url],
    ]) {
      expect((await json(args, args.includes('--server') ? 2 : 1))['error']).toMatchObject({ code: 'remote.local_only' });
    }
    expect(await json(['sets', 'list', '--server', http.url, '--as', 'manager'], 2)).toMatchObject({ error: { code: 'remote.both' } });
    expect(await json(['sets', 'list', '--server', 'example.org'], 2)).toMatchObject({ error: { code: 'remote.bad_server' } });
  });

  it('tells apart who is not there, who is no Muster, and a missing key', async () => {
    expect(await json(['sets', 'list', '--server', 'http://127.0.0.1:9'], 1)).toMatchObject({ error: { code: 'remote.unreachable' } });
    const other = await startListener();
    try {
      expect(await json(['sets', 'list', '--server', other.url], 1)).toMatchObject({ error: { code: 'remote.no_muster' } });
      other.answer = (response) => response.writeHead(302, { location: `${other.url}/elsewhere` }).end();
      expect(await json(['sets', 'list', '--server', other.url], 1)).toMatchObject({ error: { code: 'remote.no_muster' } });
      expect(other.heard).toHaveLength(2);
    } finally {
      await other.close();
    }
    const keyless = await muster(['sets', 'list', '--json', '--server', http.url]);
    expect([keyless.status, documentOf(keyless)]).toMatchObject([2, { error: { code: 'remote.no_key' } }]);
    const serverless = await muster(['sets', 'list', '--json', '--key', key]);
    expect([serverless.status, documentOf(serverless)]).toMatchObject([2, { error: { code: 'remote.no_server' } }]);
  });

  it('never says the key, which may come from a file', async () => {
    const inFile = await muster(['sets', 'list', '--json'], { env: { MUSTER_SERVER: http.url, MUSTER_KEY_FILE: file('key', `${key}\n`) } });
    expect(inFile.status).toBe(0);
    const wrong = await call(['sets', 'list', '--server', `${http.url}/nowhere`]);
    expect(wrong.status).toBe(1);
    expect(wrong.stdout + wrong.stderr).not.toContain(key);
  });
});

describe('the client', () => {
  it('takes and gives what the operations declare', async () => {
    const client = new ApiClient({ server: http.url, key, language: 'en' });
    const made = await client.call(createSet, { name: 'By a program', where: 'everyone' });
    expect(made).toMatchObject({ kind: 'logical', members: 4 });
    const { sets } = await client.call(listSets, {});
    const names: readonly string[] = sets.map((set) => set.name);
    expect(names).toContain('By a program');
    expect((await client.call(listRuns, { limit: 1 })).jobs[0]?.created_by).toBe('chief');
    const refused = await client.call(showSet, { set: 'none' }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RemoteError);
    expect(refused).toMatchObject({ code: 'sets.not_found', status: 404, message: expect.stringContaining('“none”') });
  });
});
