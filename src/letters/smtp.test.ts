import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { createLettersBench, type LettersBench } from '../../test/support/letters.ts';
import { newUsers, sender, setUp } from '../../test/support/sender.ts';
import { closedPort, startMailServer, startSilentServer } from '../../test/support/smtp.ts';
import { countLetters } from './index.ts';

const database = useTestDatabase();
let bench: LettersBench;
beforeAll(async () => {
  bench = await createLettersBench(database.db);
});
afterAll(() => bench.close());

describe('a server that accepts', () => {
  test('gets each letter once, to the one recipient, with encoded names', async () => {
    const { server, run, send } = await setUp(bench, 'GENERAL_NOTICE', 3);
    const odd = await bench.user({
      primary_id: 'odd',
      first_name: 'a, b@evil.org',
      last_name: '"<x@evil.org>\r\nBcc: y@evil.org',
      emails: [{ address: 'odd@example.org' }],
    });
    const oddRun = await bench.run('WELCOME', [odd]);
    expect(await send()).toMatchObject({ sent: 4 });
    expect(await send()).toMatchObject({ sent: 0 });
    expect(server.received).toHaveLength(4);
    expect(await countLetters(database.db.pool, run)).toEqual({
      queued: 0,
      sending: 0,
      uncertain: 0,
      sent: 3,
      failed: 0,
      suppressed: 0,
      no_address: 0,
      cancelled: 0,
    });

    const mail = server.received.find((m) => m.recipients.includes('odd@example.org'));
    expect(mail?.recipients).toEqual(['odd@example.org']);
    expect(mail?.headerNames.filter((name) => ['to', 'cc', 'bcc', 'from', 'message-id', 'subject'].includes(name)).sort()).toEqual([
      'from',
      'message-id',
      'subject',
      'to',
    ]);
    expect(mail?.headers['auto-submitted']).toBe('auto-generated');
    expect(mail?.headers['message-id']).toBe((await bench.outbox(oddRun))[0]?.message_id);
  });

  test('the library’s name and address are the sender, and a pace may be set', async () => {
    await bench.setting('library.name', 'Müller-Bücherei');
    await bench.setting('library.email', 'info@library.example.org');
    await bench.setting('letters.max_per_second', 200);
    onTestFinished(async () => {
      await database.db.pool.query('delete from settings');
    });
    const { server, send } = await setUp(bench, 'GENERAL_NOTICE', 5);
    await send();
    expect(server.received[0]).toMatchObject({ from: 'info@library.example.org' });
    expect(server.received[0]?.headers).toMatchObject({ from: 'Müller-Bücherei <info@library.example.org>' });
    expect(server.received[0]?.headers['message-id']).toMatch(/@library\.example\.org>$/);
    expect(server.received[0]?.text).toContain('Müller-Bücherei updated your user account');
  });
});

describe('a server that fails for the moment', () => {
  test('4xx: the letter waits, longer each time, and goes out under the same Message-ID', async () => {
    const { server, run, send } = await setUp(bench, 'GENERAL_NOTICE', 1, {
      refuse: (attempt) => (attempt <= 2 ? { code: 451, text: '4.3.0 Greylisted' } : undefined),
    });
    expect(await send()).toMatchObject({ sent: 0, retried: 1 });
    const first = (await bench.outbox(run))[0];
    expect(first).toMatchObject({ state: 'queued', attempts: 1 });
    expect(first?.last_error).toMatch(/^letters\.delayed: 451 .*Greylisted/);
    expect(Math.round((first?.wait_seconds ?? 0) / 60)).toBe(1);
    expect(await send()).toMatchObject({ sent: 0, retried: 0 });

    await bench.makeDue(run);
    await send();
    expect(Math.round(((await bench.outbox(run))[0]?.wait_seconds ?? 0) / 60)).toBe(2);
    await bench.makeDue(run);
    expect(await send()).toMatchObject({ sent: 1 });
    expect(server.received.map((mail) => mail.headers['message-id'])).toEqual([first?.message_id]);
    expect((await bench.outbox(run))[0]).toMatchObject({ state: 'sent', attempts: 3, last_error: null });
  });

  test('gives up after the last attempt', async () => {
    const { run, send } = await setUp(bench, 'GENERAL_NOTICE', 1, { refuse: () => ({ code: 450, text: 'later' }) });
    for (let i = 1; i < 8; i += 1) {
      expect(await send()).toMatchObject({ retried: 1, failed: 0 });
      await bench.makeDue(run);
    }
    expect(await send()).toMatchObject({ retried: 0, failed: 1 });
    expect((await bench.outbox(run))[0]).toMatchObject({ state: 'failed', attempts: 8 });
    await bench.makeDue(run);
    expect(await send()).toMatchObject({ failed: 0, retried: 0 });
  });

  test('connection refused: the channel rests, longer each time, and no message has used up an attempt', async () => {
    const run = await bench.run('GENERAL_NOTICE', await newUsers(bench, 10));
    const send = sender(bench, `smtp://127.0.0.1:${await closedPort()}`);
    const result = await send({ concurrency: 2 });
    expect(result).toMatchObject({ sent: 0, failed: 0, retried: 0 });
    expect(result.postponed).toBeGreaterThanOrEqual(10);
    const rows = await bench.outbox(run);
    expect(rows.every((row) => row.state === 'queued' && row.attempts === 0)).toBe(true);
    expect(rows.map((row) => row.last_error).join()).toMatch(/letters\.unreachable: .*ECONNREFUSED/);
    expect(await send()).toMatchObject({ postponed: 0 });
    const rest = () => database.db.pool.query(`select strikes, extract(epoch from rests_until - now())::float as rest from outbox_pace`);
    expect((await rest()).rows).toEqual([{ strikes: 1, rest: expect.closeTo(5, 0) }]);
    await database.db.pool.query(`update outbox_pace set rests_until = now()`);
    expect((await send()).postponed).toBeGreaterThanOrEqual(10);
    expect((await rest()).rows).toEqual([{ strikes: 2, rest: expect.closeTo(10, 0) }]);
    await database.db.pool.query('delete from outbox where run_id = $1', [run]);
  });

  test('a server that says nothing, and one that never answers the end of a message, time out', async () => {
    const silent = await startSilentServer();
    onTestFinished(silent.close);
    const run = await bench.run('GENERAL_NOTICE', await newUsers(bench, 1));
    expect(await sender(bench, silent.url, { greetingTimeoutMs: 100 })()).toMatchObject({ postponed: 1 });
    expect((await bench.outbox(run))[0]?.last_error).toMatch(/^letters\.unreachable: /);
    await database.db.pool.query('delete from outbox where run_id = $1', [run]);

    const {
      server,
      run: hung,
      send,
    } = await setUp(bench, 'GENERAL_NOTICE', 1, { hang: (attempt) => attempt === 1 }, { socketTimeoutMs: 1_500 });
    expect(await send()).toMatchObject({ retried: 1 });
    expect((await bench.outbox(hung))[0]?.last_error).toMatch(/^letters\.delayed: /);
    await bench.makeDue(hung);
    expect(await send()).toMatchObject({ sent: 1 });
    expect(server.begun()).toBe(2);
  });

  test('a line that breaks in mid-message is one attempt, and the next one succeeds', async () => {
    const { server, run, send } = await setUp(bench, 'GENERAL_NOTICE', 1, { drop: (attempt) => attempt === 1 });
    expect(await send()).toMatchObject({ retried: 1 });
    expect(server.begun()).toBe(1);
    expect((await bench.outbox(run))[0]?.last_error).toMatch(/^letters\.delayed: /);
    await bench.makeDue(run);
    expect(await send()).toMatchObject({ sent: 1 });
    expect(server.received).toHaveLength(1);
  });

  test('a wrong password for the mail server fails no letter for good', async () => {
    const server = await startMailServer({ account: { user: 'muster', password: 'right' } });
    onTestFinished(server.close);
    const run = await bench.run('GENERAL_NOTICE', await newUsers(bench, 1));
    expect(await sender(bench, `smtp://muster:wrong@127.0.0.1:${server.port}`)()).toMatchObject({ postponed: 1, failed: 0 });
    expect((await bench.outbox(run))[0]?.last_error).toMatch(/^letters\.unreachable: 535/);
    await bench.makeDue(run);
    expect(await sender(bench, `smtp://muster:right@127.0.0.1:${server.port}`)()).toMatchObject({ sent: 1 });
  });
});

test.each([
  ['recipient', { refuse: () => ({ code: 550, text: '5.1.1 No such user' }) }],
  ['content', { refuseContent: () => ({ code: 554, text: '5.7.1 Looks like spam' }) }],
] as const)('a server that refuses the %s for good fails the letter at once, and only that letter', async (_what, behaviour) => {
  const bad = await setUp(bench, 'GENERAL_NOTICE', 1, behaviour);
  expect(await bad.send()).toMatchObject({ sent: 0, retried: 0, failed: 1 });
  const [row] = await bench.outbox(bad.run);
  expect(row).toMatchObject({ state: 'failed', attempts: 1 });
  expect(row?.last_error).toMatch(/^letters\.refused: 55/);
});
