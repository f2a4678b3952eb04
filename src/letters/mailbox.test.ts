import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { createLettersBench, type LettersBench, verifyPassword } from '../../test/support/letters.ts';
import { parseMail } from '../../test/support/mail.ts';
import { createMailboxChannel, sendDue } from './index.ts';

const database = useTestDatabase();
let bench: LettersBench;
beforeAll(async () => {
  bench = await createLettersBench(database.db);
});
afterAll(() => bench.close());

const send = (options = {}) => sendDue(bench.ctx, bench.ports(createMailboxChannel(bench.dataDir)), options);

async function hashOf(userId: number): Promise<string | undefined> {
  const { rows } = await database.db.pool.query<{ hash: string }>(
    'select c.hash from users u join credentials c on c.id = u.credential_id where u.id = $1',
    [userId],
  );
  return rows[0]?.hash;
}

describe('a letter in the mailbox', () => {
  test('is a file that only its owner can read, named after the ledger, in the user’s language', async () => {
    const user = await bench.user({
      primary_id: 'm.weiß',
      first_name: 'Jörg',
      last_name: 'Weiß',
      pref_first_name: 'Łukasz',
      preferred_language: 'de-AT',
      expiry_date: '2027-09-30',
      emails: [{ address: 'jw@example.org' }],
    });
    const run = await bench.run('GENERAL_NOTICE', [user]);
    expect(await send()).toMatchObject({ sent: 1, retried: 0, failed: 0 });

    const [row] = await bench.outbox(run);
    expect(row).toMatchObject({ state: 'sent', address: 'jw@example.org', language: 'de', attempts: 1, last_error: null });
    expect(row?.file).toMatch(new RegExp(`^mailbox/\\d{4}-\\d\\d-\\d\\d/${row?.id}\\.eml$`));
    const file = path.join(bench.dataDir, row?.file ?? '');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(path.dirname(file))).mode & 0o777).toBe(0o700);
    expect(await readdir(path.dirname(file))).toEqual([`${row?.id}.eml`]);

    const mail = parseMail(await readFile(file));
    expect(mail.headers).toMatchObject({
      to: 'Łukasz Weiß <jw@example.org>',
      subject: 'Ihr Bibliothekskonto wurde aktualisiert',
      'message-id': row?.message_id,
      'auto-submitted': 'auto-generated',
      'content-language': 'de',
    });
    expect(mail.text).toContain('Guten Tag Łukasz Weiß,');
    expect(mail.text).toMatch(/am 24\. November 2026\s+aktualisiert/);
    expect(mail.text).toContain('Es gilt bis zum 30. September 2027.');
    expect(mail.html).toContain('<html lang="de"');
  });

  test('with credentials carries ten characters that verify against the hash in force', async () => {
    const user = await bench.user({ primary_id: 'pw1', last_name: 'Ödön', emails: [{ address: 'pw1@example.org' }] });
    const run = await bench.run('CREDENTIALS_CHANGED', [user]);
    expect(await send()).toMatchObject({ sent: 1 });
    const [row] = await bench.outbox(run);
    const mail = parseMail(await readFile(path.join(bench.dataDir, row?.file ?? '')));
    const password = /Password: +(\S+)/.exec(mail.text)?.[1] ?? '';
    expect(password).toMatch(/^[A-Za-z0-9]{10}$/);
    expect(mail.html).toContain(password);
    expect(await verifyPassword((await hashOf(user)) ?? '', password)).toBe(true);
    expect(mail.headers['message-id']).toBe(row?.message_id);

    const { rows } = await database.db.pool.query<{ dump: string }>(
      `select string_agg(o::text, '') || (select string_agg(c::text, '') from credentials c) as dump from outbox o`,
    );
    expect(rows[0]?.dump).not.toContain(password);
  });

  test('a sender that dies before it writes down what it sent leaves one letter, with the password in force', async () => {
    const user = await bench.user({ primary_id: 'pw2', last_name: 'Twice', emails: [{ address: 'pw2@example.org' }] });
    const run = await bench.run('CREDENTIALS_CHANGED', [user]);
    const channel = createMailboxChannel(bench.dataDir);
    const dying = bench.ports({
      ...channel,
      deliver: async (message, signal) => {
        await channel.deliver(message, signal);
        // The ledger loses its connection for good, as if the process had been killed here.
        throw new Error('killed');
      },
    });
    expect(await sendDue(bench.ctx, dying)).toMatchObject({ sent: 0, retried: 1 });
    const first = (await bench.outbox(run))[0];
    await bench.makeDue(run);
    expect(await send()).toMatchObject({ sent: 1 });

    const [row] = await bench.outbox(run);
    const directory = path.join(bench.dataDir, path.dirname(row?.file ?? ''));
    expect((await readdir(directory)).filter((name) => name.includes(String(row?.id)))).toEqual([`${row?.id}.eml`]);
    const mail = parseMail(await readFile(path.join(bench.dataDir, row?.file ?? '')));
    const password = /Password: +(\S+)/.exec(mail.text)?.[1] ?? '';
    expect(await verifyPassword((await hashOf(user)) ?? '', password)).toBe(true);
    expect(row?.message_id).not.toBe(first?.message_id);
  });
});

test('a letter that can be ended says how, as over the line; also where the address is not ASCII', async () => {
  const channel = createMailboxChannel(bench.dataDir);
  const unsubscribe = `https://library.example.org/letters/unsubscribe/${'a'.repeat(80)}`;
  for (const [n, address] of ['anna@example.org', 'anna@bücher.example'].entries()) {
    const { file } = await channel.deliver(
      {
        outboxId: 900_000 + n,
        queuedOn: '2026-11-24',
        messageId: `<end-${n}@example.org>`,
        from: { name: 'Library', address: 'library@example.org' },
        to: { name: 'Anna', address },
        language: 'en',
        subject: 'Your loans',
        text: 'Hello',
        html: '<p>Hello</p>',
        unsubscribe,
      },
      new AbortController().signal,
    );
    const { headers, headerNames } = parseMail(await readFile(path.join(bench.dataDir, file ?? '')));
    expect(headers).toMatchObject({ 'list-unsubscribe': `<${unsubscribe}>`, 'list-unsubscribe-post': 'List-Unsubscribe=One-Click' });
    expect(headerNames.filter((name) => name === 'list-unsubscribe')).toHaveLength(1);
  }
});
