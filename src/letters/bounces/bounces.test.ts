import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sql from 'sql-template-tag';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { useTestDatabase } from '../../../test/support/database.ts';
import { createLettersBench, type LettersBench, perform } from '../../../test/support/letters.ts';
import { absenceNote, complaintReport, eximReport, type Original, postfixReport, qmailReport } from '../../../test/support/reports.ts';
import { readLetterKey } from '../letter-key.ts';
import { readReturnTokens, returnToken } from '../return-address.ts';
import { liftSuppression } from '../suppression.ts';
import { type FollowUpPorts, followUpReports } from './follow-up.ts';
import { readReport } from './read-report.ts';
import { takeReportFiles } from './report-directory.ts';
import { severityOf } from './severity.ts';
import { takeReport } from './take-report.ts';

const test = useTestDatabase();
let bench: LettersBench;
let key: Buffer;
let users = 0;

beforeAll(async () => {
  bench = await createLettersBench(test.db);
  key = await readLetterKey(test.db.pool);
  return () => bench.close();
});

interface Sent extends Original {
  readonly id: number;
  readonly run: number;
  readonly user: number;
}

/** A letter that went out, as the ledger has it. */
async function sentLetter(letter = 'GENERAL_NOTICE', address?: string): Promise<Sent> {
  users += 1;
  const to = address ?? `b${users}@example.org`;
  const user = await bench.user({ primary_id: `b${users}`, last_name: `Name ${users}`, emails: [{ address: to }] });
  const run = await bench.run(letter, [user]);
  const messageId = `<${users}.letter@library.example.org>`;
  const { rows } = await test.db.pool.query<{ id: number }>(sql`
    update outbox set state = 'sent', address = ${to}, message_id = ${messageId}, sent_at = now() - interval '1 hour'
    where run_id = ${run}::bigint returning id`);
  const id = rows[0]?.id ?? 0;
  return { id, run, user, to, messageId, returnPath: `bounces+${returnToken(key, id)}@example.org` };
}

function take(message: Buffer) {
  return perform(bench.ctx, takeReport, { message: message.toString('base64'), encoding: 'base64' });
}

async function ledger(id: number): Promise<{ state: string; last_error: string | null; sent: boolean }> {
  const { rows } = await test.db.pool.query<{ state: string; last_error: string | null; sent: boolean }>(
    sql`select o.state, o.last_error, o.sent_at < now() - interval '50 minutes' as sent from outbox o where o.id = ${id}::bigint`,
  );
  if (rows[0] === undefined) throw new Error('no such message');
  return rows[0];
}

async function suppressed(address: string): Promise<readonly { reason: string; detail: string | null; outbox_id: number | null }[]> {
  const { rows } = await test.db.pool.query<{ reason: string; detail: string | null; outbox_id: number | null }>(
    sql`select s.reason, s.detail, s.outbox_id from suppressed_addresses s where s.channel = 'email' and s.address = fold(${address})`,
  );
  return rows;
}

describe('a return address', () => {
  it('leads back to its message, in whatever case it comes, and cannot be made up', () => {
    const token = returnToken(key, 123_456_789);
    expect(`bounces+${token}`.length).toBeLessThanOrEqual(64);
    expect(readReturnTokens(key, `To: <bounces+${token}@example.org>`)).toEqual([123_456_789]);
    expect(readReturnTokens(key, `to: BOUNCES+${token.toUpperCase()}@EXAMPLE.ORG`)).toEqual([123_456_789]);
    expect(readReturnTokens(key, `Return-Path=3D<bounces+${token}=40example.org>`)).toEqual([123_456_789]);
    const other = returnToken(key, 123_456_788);
    expect(readReturnTokens(key, `bounces+${token.split('-')[0]}-${other.split('-')[1]}@example.org`)).toEqual([]);
    expect(readReturnTokens(Buffer.from('another installation'), `bounces+${token}@example.org`)).toEqual([]);
  });
});

describe('a report that nobody is there', () => {
  it.each([
    ['Postfix', postfixReport],
    ['Exim', eximReport],
    ['qmail', qmailReport],
  ])('by %s fails the message and suppresses the address', async (_, report) => {
    const sent = await sentLetter();
    expect(await take(report(sent))).toEqual({ outcome: 'hard', message: sent.id, address: sent.to, suppressed: true });
    // The ledger still knows that it went out.
    expect(await ledger(sent.id)).toMatchObject({
      state: 'failed',
      sent: true,
      last_error: expect.stringContaining('letters.bounced: 5.1.1'),
    });
    expect(await suppressed(sent.to)).toMatchObject([{ reason: 'bounce', outbox_id: sent.id }]);
  });

  it('counts once, however often it is told', async () => {
    const sent = await sentLetter();
    const report = postfixReport(sent);
    const outcomes = await Promise.all([take(report), take(report), take(report)]);
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['hard', 'known', 'known']);
  });

  it('without its return address is matched by Message-ID and address together', async () => {
    const sent = await sentLetter();
    const plain = { ...sent, returnPath: 'library@example.org' };
    expect(await take(postfixReport({ ...plain, messageId: '<other@library.example.org>' }))).toMatchObject({ outcome: 'no_match' });
    expect(await take(postfixReport({ ...plain, to: 'somebody.else@example.org' }))).toMatchObject({ outcome: 'no_match' });
    await test.db.pool.query(sql`update outbox set sent_at = now() - interval '90 days' where id = ${sent.id}::bigint`);
    expect(await take(postfixReport(plain))).toMatchObject({ outcome: 'no_match' });
    await test.db.pool.query(sql`update outbox set sent_at = now() where id = ${sent.id}::bigint`);
    expect(await take(postfixReport(plain, { finalRecipient: 'forwarded@example.net' }))).toMatchObject({
      outcome: 'hard',
      message: sent.id,
    });
  });

  it('with a forged return address does nothing', async () => {
    const sent = await sentLetter();
    const forged = `bounces+${sent.id.toString(36)}-aaaaaaaaaaaaaaaa@example.org`;
    expect(await take(postfixReport({ returnPath: forged, messageId: '<x@example.org>', to: 'victim@example.org' }))).toMatchObject({
      outcome: 'no_match',
    });
    expect(await ledger(sent.id)).toMatchObject({ state: 'sent' });
  });

  it('about an address in other capitals suppresses the one there is', async () => {
    const sent = await sentLetter('GENERAL_NOTICE', 'Ärger.Anna@Example.ORG');
    await take(postfixReport(sent));
    expect(await suppressed('ärger.anna@example.org')).toHaveLength(1);
  });
});

describe('what did not arrive for another reason', () => {
  it('fails the message, and suppresses the address only when it happens again and again', async () => {
    await bench.setting('letters.bounces.soft_limit', 3);
    const address = 'full@example.org';
    const full = { status: '5.2.2', diagnostic: '552 5.2.2 mailbox is full' };
    for (const suppressedNow of [false, false, true]) {
      const sent = await sentLetter('GENERAL_NOTICE', address);
      expect(await take(postfixReport(sent, full))).toMatchObject({ outcome: 'soft', suppressed: suppressedNow });
      expect((await ledger(sent.id)).state).toBe('failed');
    }
    // Lifted, it counts from the beginning.
    expect(await test.db.transaction((tx) => liftSuppression(tx, 'email', address))).toBe(true);
    expect(await take(postfixReport(await sentLetter('GENERAL_NOTICE', address), full))).toMatchObject({
      outcome: 'soft',
      suppressed: false,
    });
  });

  it('is no failure while the server goes on trying', async () => {
    const sent = await sentLetter();
    expect(await take(postfixReport(sent, { action: 'delayed', status: '4.4.1' }))).toMatchObject({ outcome: 'delayed', message: sent.id });
    expect((await ledger(sent.id)).state).toBe('sent');
  });

  it('is no report when it is the answer of a person or a machine, or a success', async () => {
    const sent = await sentLetter();
    expect(await take(absenceNote(sent))).toMatchObject({ outcome: 'no_report' });
    expect(await take(postfixReport(sent, { action: 'delivered', status: '2.0.0' }))).toMatchObject({ outcome: 'no_report' });
    expect((await ledger(sent.id)).state).toBe('sent');
  });

  it.each([
    ['5.1.1', null, 'hard'],
    ['5.1.2', null, 'hard'],
    ['5.0.0', null, 'hard'],
    ['5.4.1', 'Recipient address rejected: Access denied', 'hard'],
    ['5.5.0', 'Requested action not taken: mailbox unavailable', 'hard'],
    ['5.2.2', 'mailbox unavailable: over quota', 'soft'],
    ['5.7.1', 'user unknown to our policy', 'soft'],
    ['5.7.26', 'unauthenticated mail', 'soft'],
    ['5.3.4', 'message too big', 'soft'],
    ['4.4.7', 'delivery time expired', 'soft'],
    [null, 'whatever', 'soft'],
  ] as const)('with status %s (%s) is %s', (status, detail, severity) => {
    expect(severityOf(status, detail)).toBe(severity);
  });
});

describe('a complaint', () => {
  const choices: unknown[] = [];
  const ports: FollowUpPorts = {
    choose: async (_, choice) => void choices.push(choice),
    takeBack: async () => undefined,
  };

  it('suppresses the address and ends letters of the kind, which did arrive', async () => {
    const sent = await sentLetter();
    expect(await take(complaintReport(sent))).toMatchObject({ outcome: 'complaint', message: sent.id, suppressed: true });
    expect(await suppressed(sent.to)).toMatchObject([{ reason: 'complaint', detail: 'abuse' }]);
    expect((await ledger(sent.id)).state).toBe('sent');
    while (await followUpReports(bench.ctx, ports));
    expect(choices).toEqual([{ user: `b${users}`, type: 'GENERAL_NOTICE', wanted: false }]);
  });

  it('about an essential letter ends none', async () => {
    choices.length = 0;
    const sent = await sentLetter('CREDENTIALS_CHANGED');
    await take(complaintReport(sent));
    while (await followUpReports(bench.ctx, ports));
    expect(choices).toEqual([]);
  });

  it('that is taken back by the receiver is none', async () => {
    expect(await take(complaintReport(await sentLetter(), 'not-spam'))).toMatchObject({ outcome: 'no_report' });
  });
});

describe('what follows', () => {
  it('a password that did not arrive is taken back, once', async () => {
    const sent = await sentLetter('CREDENTIALS_CHANGED');
    await take(postfixReport(sent));
    const back: unknown[] = [];
    const ports: FollowUpPorts = { choose: async () => undefined, takeBack: async (_, of) => void back.push(of) };
    await Promise.all([followUpReports(bench.ctx, ports), followUpReports(bench.ctx, ports)]);
    expect(back).toEqual([{ runId: sent.run, userId: sent.user }]);
    expect(await followUpReports(bench.ctx, ports)).toBe(false);
  });

  it('waits for a message that its sender still holds', async () => {
    const sent = await sentLetter();
    await test.db.pool.query(sql`update outbox set state = 'sending', sent_at = null where id = ${sent.id}::bigint`);
    await take(postfixReport(sent));
    const ports: FollowUpPorts = { choose: async () => undefined, takeBack: async () => undefined };
    expect(await followUpReports(bench.ctx, ports)).toBe(false);
    await test.db.pool.query(sql`update outbox set state = 'sent', sent_at = now() where id = ${sent.id}::bigint`);
    expect(await followUpReports(bench.ctx, ports)).toBe(true);
    expect((await ledger(sent.id)).state).toBe('failed');
  });
});

describe('a directory of reports', () => {
  async function directory(...below: readonly string[]): Promise<string> {
    const made = await mkdtemp(path.join(tmpdir(), 'reports-'));
    onTestFinished(() => rm(made, { recursive: true, force: true }));
    for (const name of below) await mkdir(path.join(made, name));
    return made;
  }

  it('is emptied of reports; what is none is put aside', async () => {
    const place = await directory();
    const sent = await sentLetter();
    await writeFile(path.join(place, 'one.eml'), postfixReport(sent));
    await writeFile(path.join(place, 'note.eml'), absenceNote(sent));
    await writeFile(path.join(place, '.hidden'), 'x');
    await writeFile(path.join(place, 'late.part'), 'x');
    // A moment ago: may still be written.
    expect(await takeReportFiles(place, take)).toBe(false);
    for (const name of ['one.eml', 'note.eml']) await utimes(path.join(place, name), new Date(), new Date(Date.now() - 60_000));
    expect(await takeReportFiles(place, take)).toBe(true);
    expect((await readdir(place)).sort()).toEqual(['.hidden', 'late.part', 'other']);
    expect(await readdir(path.join(place, 'other'))).toEqual(['note.eml']);
    expect((await ledger(sent.id)).state).toBe('failed');
    expect(await takeReportFiles(place, take)).toBe(false);
  });

  it('may be a Maildir, and several may look at once', async () => {
    const place = await directory('new', 'cur', 'tmp');
    const all = await Promise.all(Array.from({ length: 12 }, () => sentLetter()));
    await Promise.all(all.map((sent, n) => writeFile(path.join(place, 'new', `${n}.host`), postfixReport(sent))));
    await writeFile(path.join(place, 'new', 'note.host'), absenceNote(all[0] as Sent));
    await Promise.all([takeReportFiles(place, take), takeReportFiles(place, take), takeReportFiles(place, take)]);
    expect(await readdir(path.join(place, 'new'))).toEqual([]);
    expect(await readdir(path.join(place, 'cur'))).toEqual(['note.host:2,']);
    const { rows } = await test.db.pool.query(
      sql`select from letter_bounces b where b.outbox_id = any (${all.map(({ id }) => id)}::bigint[])`,
    );
    expect(rows).toHaveLength(12);
  });
});

describe('whatever comes', () => {
  it('is read without harm', async () => {
    const sent = await sentLetter();
    const whole = postfixReport(sent);
    for (let end = 0; end < whole.length; end += 97) await readReport(whole.subarray(0, end));
    await readReport(Buffer.from(Array.from({ length: 5_000 }, (_, n) => (n * 7919) % 256)));
    await readReport(
      Buffer.from(
        `Content-Type: multipart/report; boundary=a\r\n\r\n${'--a\r\nContent-Type: multipart/report; boundary=a\r\n\r\n'.repeat(2_000)}`,
      ),
    );
    const began = performance.now();
    await readReport(Buffer.from(`From: mailer-daemon@x\r\nSubject: undelivered\r\n\r\n${'5.1.'.repeat(200_000)}${'a@'.repeat(200_000)}`));
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
