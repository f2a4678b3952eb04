import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../support/database.ts';
import { answerOf, json as ask, muster as call, PATIENT, start, temporaryDirectory } from './muster.ts';

const PLAN = {
  changes: [
    { change: 'account_type', set: 'INTERNAL', credentials: 'password' },
    { change: 'job_description', set: 'changed' },
  ],
};

/** The first line that a process says, which `--json` makes its one document. */
async function firstDocument(child: ChildProcess): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (part: Buffer) => {
      text += part.toString('utf8');
      if (text.includes('\n')) resolve(JSON.parse(text) as Record<string, unknown>);
    });
    child.once('close', () => reject(new Error(`It ended without a word.`)));
  });
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if (await holds()) return;
    await sleep(50);
  }
  throw new Error('It did not come about.');
}

describe('a data directory with its embedded database', PATIENT, () => {
  const files = temporaryDirectory();
  const data = path.join(files.directory, 'data');
  const json = (...args: string[]): Promise<Record<string, unknown>> => ask([...args, '--data', data]);
  const running: ChildProcess[] = [];

  afterEach(async () => {
    for (const child of running.splice(0)) child.kill('SIGKILL');
    await call(['stop', '--data', data]);
  });
  afterAll(() => files.remove());

  it('is started by whichever command comes first, shared by commands at the same time, and left at rest', async () => {
    const made = await Promise.all(['1', '2', '3'].map((seed) => json('users', 'generate', '--count', '200', '--seed', seed)));
    expect(made.map((result) => result['created'])).toEqual([200, 200, 200]);
    expect(await json('sets', 'create', 'All of them', '--where', 'everyone')).toMatchObject({ members: 600 });
    expect(await json('stop')).toEqual({ server: false, database: false });
  });

  it('has one server at most, which tells its health, works for commands, and ends with “stop”', async () => {
    const server = start(['start', '--port', '0', '--json', '--data', data]);
    running.push(server);
    const told = await firstDocument(server);
    expect(told).toMatchObject({ data, pid: expect.any(Number), url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) });
    await until(
      async () => ((await (await fetch(`${String(told['url'])}/health`)).json()) as { queue: { state: string } }).queue.state === 'ok',
    );
    const response = await fetch(`${String(told['url'])}/health`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      status: 'ok',
      database: { state: 'ok' },
      queue: { state: 'ok' },
      worker: { state: 'ok' },
    });
    expect((await fetch(`${String(told['url'])}/other`)).status).toBe(404);

    const second = await call(['start', '--port', '0', '--data', data]);
    expect(second.status).toBe(1);
    expect(second.stderr).toContain('db.server_running: ');

    await json('sets', 'create', 'Some', '--where', 'account_type = "EXTERNAL"');
    const plan = path.join(files.directory, 'plan.json');
    writeFileSync(plan, JSON.stringify(PLAN));
    const run = (await json('jobs', 'run', '--set', 'Some', '--plan', plan, '--yes')) as {
      id: number;
      state: string;
      letters: { channels: { email: Readonly<Record<string, number>> } };
    };
    expect(run.state).toBe('COMPLETED_SUCCESS');
    // The server sends the letters, the command does not wait for them; those on paper wait for somebody who prints them.
    const mails = Object.values(run.letters.channels.email).reduce((sum, count) => sum + count, 0);
    await until(async () => {
      const { total } = await json('outbox', 'list', '--run', String(run.id), '--state', 'sent', '--limit', '1');
      return total === mails;
    });

    const ended = answerOf(server);
    expect(await json('stop')).toEqual({ server: true, database: true });
    expect(await ended).toMatchObject({ status: 0 });
    expect(await json('stop')).toEqual({ server: false, database: false });
  });

  it('goes on working when PostgreSQL itself is killed', async () => {
    const server = start(['start', '--port', '0', '--json', '--data', data]);
    running.push(server);
    const { url } = await firstDocument(server);
    await json('users', 'generate', '--count', '2000', '--seed', '9');
    await json('sets', 'create', 'Before the kill', '--where', 'everyone');
    const plan = path.join(files.directory, 'kill.json');
    writeFileSync(plan, JSON.stringify({ changes: [{ change: 'job_description', set: 'survived' }] }));
    const { id } = (await json('jobs', 'run', '--set', 'Before the kill', '--plan', plan, '--yes', '--no-wait')) as { id: number };

    const postmaster = Number(readFileSync(path.join(data, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(postmaster, 'SIGKILL');

    const run = await json('jobs', 'watch', String(id));
    expect(run).toMatchObject({ state: 'COMPLETED_SUCCESS', counts: { failed: 0 } });
    await until(async () => (await fetch(`${String(url)}/health`)).status === 200);
    expect(server.exitCode).toBeNull();
  });

  it('says when the port is not free', async () => {
    const server = start(['start', '--port', '0', '--json', '--data', data]);
    running.push(server);
    const port = new URL(String((await firstDocument(server))['url'])).port;
    const other = path.join(files.directory, 'other');
    const answer = await call(['start', '--port', port, '--data', other]);
    expect(answer.status).toBe(1);
    expect(answer.stderr).toContain('app.port_taken: ');
    expect(await ask(['stop', '--data', other])).toEqual({ server: false, database: false });
  });

  it('ends its server in good order at SIGTERM, and at Ctrl-C', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const server = start(['start', '--port', '0', '--json', '--data', data]);
      running.push(server);
      await firstDocument(server);
      const ended = answerOf(server);
      server.kill(signal);
      expect(await ended, signal).toMatchObject({ status: 0 });
    }
    expect(await json('stop')).toEqual({ server: false, database: false });
  });
});

describe('a worker', PATIENT, () => {
  const test = useTestDatabase();
  const files = temporaryDirectory();
  // No mail server answers there: the letters stay in the outbox, to be counted.
  const mail = { SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'library@example.org' };
  const env = (): Record<string, string> => ({ DATABASE_URL: test.url, MUSTER_DATA: files.directory, MUSTER_WORKERS: '1', ...mail });
  const json = (...args: string[]): Promise<Record<string, unknown>> => ask(args, { env: env() });

  beforeAll(() => mkdirSync(files.directory, { recursive: true }));
  afterAll(() => files.remove());

  it('that is killed in mid-run leaves nothing undone: whoever waits goes on, and no letter is queued twice', async () => {
    await json('users', 'generate', '--count', '20000', '--seed', '5');
    await json('sets', 'create', 'All', '--where', 'everyone');
    const plan = path.join(files.directory, 'plan.json');
    writeFileSync(plan, JSON.stringify({ changes: [{ change: 'job_description', set: 'changed' }], notify: { type: 'GENERAL_NOTICE' } }));

    const worker = start(['worker', '--json'], { env: env() });
    await firstDocument(worker);
    const { id } = (await json('jobs', 'run', '--set', 'All', '--plan', plan, '--yes', '--no-wait')) as { id: number };
    await until(async () => {
      const { rows } = await test.db.pool.query(`select from run_chunks where run_id = $1 and state = 'done'`, [id]);
      return rows.length > 0;
    });
    worker.kill('SIGKILL');
    const run = (await json('jobs', 'watch', String(id))) as { state: string; counts: Record<string, number> };
    expect(run).toMatchObject({ state: 'COMPLETED_SUCCESS', counts: { members: 20_000, changed: 20_000, failed: 0 } });
    expect(run).toMatchObject({ letters: { ledger: { queued: expect.any(Number) } } });
    const { rows } = await test.db.pool.query<{ users: number; messages: number; changed: number }>(
      `select count(distinct user_id) as users, count(*) as messages,
         (select count(*) from users where job_description = 'changed') as changed from outbox where run_id = $1`,
      [id],
    );
    expect(rows[0]?.messages).toBe(rows[0]?.users);
    expect(rows[0]?.changed).toBe(20_000);
  });

  it('writes nothing personal into the log', () => {
    expect(readFileSync(path.join(files.directory, 'muster.log'), 'utf8')).not.toContain('example.org');
  });
});
