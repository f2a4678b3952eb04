import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { publishLetter } from '../../test/support/letter-texts.ts';
import { createLettersBench, type LettersBench, verifyPassword } from '../../test/support/letters.ts';
import { newUsers, sender, setUp } from '../../test/support/sender.ts';
import { startMailServer } from '../../test/support/smtp.ts';
import { cancelQueued, countLetters, createSmtpChannel, sendDue } from './index.ts';

const database = useTestDatabase();
let bench: LettersBench;
beforeAll(async () => {
  bench = await createLettersBench(database.db);
});
afterAll(() => bench.close());

const passwordIn = (text: string): string => /Password: +(\S+)/.exec(text)?.[1] ?? '';

async function credentialOf(userId: number) {
  const { rows } = await database.db.pool.query<{ state: string; hash: string | null }>(
    'select u.credential_state as state, c.hash from users u left join credentials c on c.id = u.credential_id where u.id = $1',
    [userId],
  );
  return rows[0];
}

describe('letters with a password', () => {
  test('a new attempt is a new password and a new Message-ID; the one that arrived is in force', async () => {
    const { server, users, run, send } = await setUp(bench, 'CREDENTIALS_CHANGED', 1, {
      refuseContent: (attempt) => (attempt === 1 ? { code: 452, text: 'later' } : undefined),
    });
    expect(await send()).toMatchObject({ retried: 1 });
    expect(await credentialOf(users[0] ?? 0)).toEqual({ state: 'pending', hash: null });
    const first = (await bench.outbox(run))[0]?.message_id;
    await bench.makeDue(run);
    expect(await send()).toMatchObject({ sent: 1 });
    const mail = server.received[0];
    expect(mail?.headers['message-id']).not.toBe(first);
    const credential = await credentialOf(users[0] ?? 0);
    expect(credential?.state).toBe('password');
    expect(await verifyPassword(credential?.hash ?? '', passwordIn(mail?.text ?? ''))).toBe(true);
  });

  test('one that is refused for good leaves no password that works', async () => {
    const { users, run, send } = await setUp(bench, 'CREDENTIALS_CHANGED', 1, { refuse: () => ({ code: 550, text: 'no' }) });
    expect(await send()).toMatchObject({ failed: 1 });
    expect((await bench.outbox(run))[0]?.state).toBe('failed');
    expect(await credentialOf(users[0] ?? 0)).toEqual({ state: 'pending', hash: null });
  });

  test('a server that quotes the letter in its refusal does not get the password into the ledger', async () => {
    let quoted = '';
    const { run, send } = await setUp(bench, 'CREDENTIALS_CHANGED', 1);
    const result = await send({}, (channel) => ({
      ...channel,
      deliver: async (message) => {
        quoted = passwordIn(message.text);
        throw new Error(`554 bad words: ${quoted}`);
      },
    }));
    expect(result).toMatchObject({ retried: 1 });
    expect(quoted).toHaveLength(10);
    expect((await bench.outbox(run))[0]?.last_error).not.toContain(quoted);
    await database.db.pool.query('delete from outbox where run_id = $1', [run]);
  });

  test('none goes out when the password was set otherwise, or the run undone, before it was sent', async () => {
    const { server, users, run, send } = await setUp(bench, 'CREDENTIALS_CHANGED', 2);
    await database.db.pool.query(`update users set credential_state = 'none' where id = $1`, [users[0]]);
    expect(await bench.ctx.db.transaction((tx) => cancelQueued(tx, run, [users[1] ?? 0]))).toBe(1);
    expect(await send()).toMatchObject({ sent: 0, cancelled: 1 });
    expect(server.begun()).toBe(0);
    expect(await countLetters(database.db.pool, run)).toMatchObject({ cancelled: 2, sent: 0, queued: 0 });
    expect(await credentialOf(users[0] ?? 0)).toMatchObject({ state: 'none' });
  });

  test('an undo between the claim and the password leaves the row cancelled and the credential alone', async () => {
    const { server, users, run, send } = await setUp(bench, 'CREDENTIALS_CHANGED', 1);
    const ports = bench.ports(createSmtpChannel(server.url));
    const result = await sendDue(bench.ctx, {
      ...ports,
      hashPassword: async (password) => {
        await bench.ctx.db.transaction((tx) => cancelQueued(tx, run, 'all'));
        return ports.hashPassword(password);
      },
    });
    await ports.channels.email.close();
    expect(result).toMatchObject({ sent: 0, cancelled: 1 });
    expect(server.begun()).toBe(0);
    expect(await credentialOf(users[0] ?? 0)).toEqual({ state: 'pending', hash: null });
    expect(await send()).toMatchObject({ sent: 0 });
  });

  test('share a commit: one that is undone meanwhile does not keep the others, nor does it get a password', async () => {
    const { server, users, run } = await setUp(bench, 'CREDENTIALS_CHANGED', 6);
    const undone = users[2] ?? 0;
    const ports = bench.ports(createSmtpChannel(server.url));
    let cancelled: Promise<unknown> | undefined;
    const result = await sendDue(bench.ctx, {
      ...ports,
      hashPassword: async (password) => {
        cancelled ??= bench.ctx.db.transaction((tx) => cancelQueued(tx, run, [undone]));
        await cancelled;
        return ports.hashPassword(password);
      },
    });
    await ports.channels.email.close();
    expect(result).toMatchObject({ sent: 5, cancelled: 1, failed: 0 });
    expect(server.received).toHaveLength(5);
    for (const user of users) {
      const mail = server.received.find((each) => each.recipients[0] === `s${user}@example.org`);
      const credential = await credentialOf(user);
      if (user === undone) expect([mail, credential]).toEqual([undefined, { state: 'pending', hash: null }]);
      else expect(await verifyPassword(credential?.hash ?? '', passwordIn(mail?.text ?? ''))).toBe(true);
    }
  });

  test('two for one user are not committed together: the second finds the password set', async () => {
    const { server, users, send } = await setUp(bench, 'CREDENTIALS_CHANGED', 1);
    await bench.run('CREDENTIALS_CHANGED', users);
    expect(await send()).toMatchObject({ sent: 1, cancelled: 1 });
    const hash = (await credentialOf(users[0] ?? 0))?.hash ?? '';
    expect(await verifyPassword(hash, passwordIn(server.received[0]?.text ?? ''))).toBe(true);
  });
});

describe('several senders, and senders that die', () => {
  test('four at once send each of 120 letters once', async () => {
    const { server, run, users } = await setUp(bench, 'GENERAL_NOTICE', 120);
    const drain = async (): Promise<void> => {
      const send = sender(bench, server.url, { maxConnections: 3 });
      while ((await send({ batch: 7, concurrency: 3 })).sent > 0);
    };
    await Promise.all([drain(), drain(), drain(), drain()]);
    expect(server.received).toHaveLength(users.length);
    expect(new Set(server.received.map((mail) => mail.headers['message-id'])).size).toBe(users.length);
    expect(await countLetters(database.db.pool, run)).toMatchObject({ sent: 120, sending: 0, queued: 0 });
  });

  test('what a dead sender held goes out when its lease has ended, under the Message-ID it had', async () => {
    const { server, run, send } = await setUp(bench, 'GENERAL_NOTICE', 3);
    // The claim of a sender that was killed before it delivered anything.
    await database.db.pool.query(
      `update outbox set state = 'sending', attempts = 1, lease = now() + interval '5 minutes',
         next_at = now() + interval '5 minutes',
         message_id = '<before-' || id || '@example.org>' where run_id = $1`,
      [run],
    );
    expect(await send()).toMatchObject({ sent: 0 });
    await bench.makeDue(run);
    expect(await send()).toMatchObject({ sent: 3 });
    expect(server.received.every((mail) => mail.headers['message-id']?.startsWith('<before-'))).toBe(true);
  });

  test('a sender that was only slow tells what became of the message that counted as uncertain', async () => {
    const { server, run, send } = await setUp(bench, 'GENERAL_NOTICE', 2, {
      refuse: (_attempt, recipient) => (recipient === refused ? { code: 550, text: 'no' } : undefined),
    });
    const refused = (await bench.outbox(run)).map((row) => `s${row.user_id}@example.org`)[1];
    const slow = await send({ concurrency: 2 }, (channel) => ({
      ...channel,
      deliver: async (message, signal) => {
        await bench.makeDue(run);
        const successor = createSmtpChannel(server.url);
        await sendDue(bench.ctx, bench.ports(successor));
        await successor.close();
        expect((await bench.outbox(run)).every((row) => row.state === 'uncertain')).toBe(true);
        return channel.deliver(message, signal);
      },
    }));
    expect(slow).toMatchObject({ sent: 1, failed: 1 });
    expect((await bench.outbox(run)).map((row) => row.state).sort()).toEqual(['failed', 'sent']);
    expect(server.received).toHaveLength(1);
  });

  test('a letter that ends every sender is given up in the end', async () => {
    const { server, run, send } = await setUp(bench, 'GENERAL_NOTICE', 1);
    await database.db.pool.query(`update outbox set state = 'sending', attempts = 1, interruptions = 99, lease = now() where run_id = $1`, [
      run,
    ]);
    expect(await send()).toMatchObject({ failed: 1, sent: 0 });
    expect(server.begun()).toBe(0);
    expect((await bench.outbox(run))[0]?.last_error).toBe('letters.interrupted');
  });

  test('a sender that is told to stop ends what it has begun and puts the rest back', async () => {
    const { server, run, send } = await setUp(bench, 'GENERAL_NOTICE', 12);
    const stop = new AbortController();
    const result = await send({ concurrency: 2, signal: stop.signal }, (channel) => ({
      ...channel,
      deliver: async (message, signal) => {
        stop.abort();
        await sleep(20);
        return channel.deliver(message, signal);
      },
    }));
    expect(result.sent).toBe(server.received.length);
    expect(result.sent).toBeLessThanOrEqual(2);
    expect(result.postponed).toBe(12 - result.sent);
    const waiting = (await bench.outbox(run)).filter((row) => row.state === 'queued');
    expect(waiting.every((row) => row.attempts === 0 && row.wait_seconds <= 0)).toBe(true);
    expect(await send()).toMatchObject({ sent: 12 - result.sent });
    expect(server.received).toHaveLength(12);
  });

  test('nothing is begun that could outlast the lease', async () => {
    const { server, run, send } = await setUp(bench, 'GENERAL_NOTICE', 2);
    const result = await send({ leaseSeconds: 10, deliverySeconds: 10 });
    expect(result.sent).toBe(0);
    expect(result.postponed).toBeGreaterThanOrEqual(2);
    expect((await bench.outbox(run)).map((row) => [row.state, row.attempts])).toEqual([
      ['queued', 0],
      ['queued', 0],
    ]);
    expect(server.begun()).toBe(0);
    await database.db.pool.query('delete from outbox where run_id = $1', [run]);
  });
});

describe('letters that cannot be made', () => {
  test('a user who has lost the address, a type without a letter, and one that cannot be filled in', async () => {
    const [user] = await newUsers(bench, 1);
    await database.db.pool.query('delete from user_emails where user_id = $1', [user]);
    await database.db.pool.query(
      `insert into notification_types (code, label_en, label_de) values ('EMPTY', 'e', 'e'), ('BROKEN', 'b', 'b')`,
    );
    await publishLetter(database.db.pool, { type: 'BROKEN', language: 'en', body: '{{ nothing }}' });
    const [other] = await newUsers(bench, 1);
    const gone = await bench.run('WELCOME', [user ?? 0]);
    const empty = await bench.run('EMPTY', [other ?? 0]);
    const broken = await bench.run('BROKEN', [other ?? 0]);
    const server = await startMailServer();
    onTestFinished(server.close);
    expect(await sender(bench, server.url)()).toMatchObject({ sent: 0, failed: 2, no_address: 1 });
    expect((await bench.outbox(gone))[0]?.state).toBe('no_address');
    expect((await bench.outbox(empty))[0]?.last_error).toBe('letters.no_letter');
    expect((await bench.outbox(broken))[0]?.last_error).toMatch(/^letters\.render_failed: undefined variable: nothing/);
  });
});
