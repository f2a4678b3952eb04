import { createHash, createVerify, generateKeyPairSync } from 'node:crypto';
import { type ParsedMail, simpleParser } from 'mailparser';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type MailServer, type MailServerBehaviour, startMailServer } from '../../test/support/smtp.ts';
import { TEST_CERTIFICATE, TEST_KEY } from '../../test/support/tls.ts';
import type { MailMessage } from './channel.ts';
import { dkimRecord, isDkimKey } from './dkim.ts';
import { createSmtpChannel, type SmtpOptions } from './smtp.ts';

const NOTICE: MailMessage = {
  outboxId: 123,
  queuedOn: '2026-11-24',
  messageId: '<one@library.example.org>',
  from: { name: 'The Library', address: 'library@example.org' },
  to: { name: 'Anna Muster', address: 'anna@example.org' },
  language: 'de',
  subject: 'Guten Tag',
  text: 'Guten Tag\n',
  html: '<p>Guten Tag</p>',
};

async function server(behaviour: MailServerBehaviour = {}): Promise<MailServer> {
  const started = await startMailServer(behaviour);
  onTestFinished(started.close);
  return started;
}

/** What arrives when it is sent, as the envelope and the bytes. */
async function sent(message: Partial<MailMessage> = {}, options: SmtpOptions = {}, behaviour: MailServerBehaviour = {}) {
  const to = await server(behaviour);
  const channel = createSmtpChannel(to.url, options);
  onTestFinished(() => channel.close());
  await channel.deliver({ ...NOTICE, ...message }, AbortSignal.timeout(10_000));
  const [mail] = to.received;
  if (mail === undefined) throw new Error('nothing arrived');
  return mail;
}

function textOf(field: ParsedMail['to'] | ParsedMail['from']): string {
  return [field].flat()[0]?.text ?? '';
}

describe('a mail', () => {
  it('says that a program wrote it, in which language, and has no more than its two parts', async () => {
    const { raw } = await sent();
    const mail = await simpleParser(raw);
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail.headers.get('content-language')).toBe('de');
    expect(mail.messageId).toBe(NOTICE.messageId);
    expect(mail.headers.has('list-unsubscribe')).toBe(false);
    expect(mail.headers.has('precedence')).toBe(false);
    expect(mail.attachments).toEqual([]);
    expect(raw.toString()).not.toMatch(/<img|http/);
  });

  it.each([
    ['Greek', 'Ελένη Παπαδοπούλου', 'Ο λογαριασμός σας λήγει'],
    ['Cyrillic', 'Щербаков, Юрий', 'Срок действия вашей учётной записи'],
    ['Arabic', 'محمد بن عبد الله', 'ينتهي حسابك قريبًا'],
    ['Hebrew', 'דָּוִד בֶּן־גּוּרְיוֹן', 'החשבון שלך עומד לפוג'],
    ['Chinese', '王小明', '您的图书馆账户即将到期'],
    ['Japanese', '山田 花子', 'アカウントの有効期限'],
    ['Korean', '김철수', '계정이 곧 만료됩니다'],
    ['an emoji beyond the first plane', 'Zoë 📚', 'Bücher 📚 — „fällig“'],
    ['composed and decomposed marks', 'Žižek Dvořák', 'Cafe\u0301 und Café'],
  ])('in %s arrives as it was written', async (_, name, subject) => {
    const text = `${name}: ${subject}\n\n${'lang '.repeat(400)}${subject}`;
    const { raw } = await sent({ to: { name, address: 'anna@example.org' }, subject, text, html: `<p lang="x">${text}</p>` });
    const mail = await simpleParser(raw);
    expect(mail.subject).toBe(subject);
    expect([mail.to].flat()[0]?.value).toEqual([{ name, address: 'anna@example.org' }]);
    expect(mail.text?.trimEnd()).toBe(text);
    expect(mail.html).toBe(`<p lang="x">${text}</p>`);
    // Seven bits and short lines: whatever server is on the way.
    for (const line of raw.toString('latin1').split('\r\n')) expect(line.length).toBeLessThanOrEqual(998);
    expect(/[^\x01-\x7f]/.test(raw.toString('latin1'))).toBe(false);
  });

  it.each([
    ['the subject', { subject: 'Hello\r\nBcc: all@example.org\r\n\r\nbody' }],
    ['the recipient’s name', { to: { name: 'Anna\r\nBcc: all@example.org', address: 'anna@example.org' } }],
    ['a name with a comma and a bracket', { to: { name: 'Anna <all@example.org>, "B"', address: 'anna@example.org' } }],
    ['the sender’s name', { from: { name: 'Lib\nBcc: all@example.org\n', address: 'library@example.org' } }],
    ['where answers go', { replyTo: 'desk@example.org\r\nBcc: all@example.org' }],
    ['the link', { unsubscribe: 'https://library.example.org/x\r\nBcc: all@example.org' }],
    ['the language', { language: 'de\r\nBcc: all@example.org' }],
    ['the Message-ID', { messageId: '<one@example.org>\r\nBcc: all@example.org' }],
  ] as const)('cannot be given another header by %s', async (_, message) => {
    const mail = await sent(message);
    expect(mail.recipients).toEqual(['anna@example.org']);
    expect(mail.headerNames).not.toContain('bcc');
    const parsed = await simpleParser(mail.raw);
    expect(parsed.bcc).toBeUndefined();
    expect([parsed.to].flat()[0]?.value).toHaveLength(1);
    expect(parsed.text).toBe(NOTICE.text);
  });

  it('goes to one recipient, whatever the address holds', async () => {
    const to = await server();
    const channel = createSmtpChannel(to.url);
    onTestFinished(() => channel.close());
    for (const address of [
      'anna@example.org, all@example.org',
      'anna@example.org\r\nRCPT TO:<all@example.org>',
      'anna@example.org> <all@example.org',
    ]) {
      await channel.deliver({ ...NOTICE, to: { name: '', address } }, AbortSignal.timeout(5_000)).catch(() => undefined);
    }
    for (const mail of to.received) expect(mail.recipients).toHaveLength(1);
    expect(to.received.flatMap((mail) => mail.recipients)).not.toContain('all@example.org');
  });

  it('carries sender, answers and the one-click link of its type', async () => {
    const { raw } = await sent({
      from: { name: 'Ausleihe, Zentrale', address: 'desk@example.org' },
      replyTo: 'fees@example.org',
      unsubscribe: 'https://library.example.org/letters/unsubscribe/abc.1.2.GENERAL_NOTICE',
    });
    const mail = await simpleParser(raw);
    expect([mail.from].flat()[0]?.value).toEqual([{ name: 'Ausleihe, Zentrale', address: 'desk@example.org' }]);
    expect(textOf(mail.replyTo)).toBe('fees@example.org');
    const lines = raw
      .toString()
      .replace(/\r\n[ \t]+/g, ' ')
      .split('\r\n');
    expect(lines).toContain('List-Unsubscribe: <https://library.example.org/letters/unsubscribe/abc.1.2.GENERAL_NOTICE>');
    expect(lines).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
  });

  it('has its text alone when there is no HTML', async () => {
    const mail = await simpleParser((await sent({ html: '' })).raw);
    expect(mail.headers.get('content-type')).toMatchObject({ value: 'text/plain' });
    expect(mail.html).toBe(false);
  });

  it('comes back to an address of its own', async () => {
    const mail = await sent({}, { returnTo: (message) => `bounces+${message.outboxId}@example.org` });
    expect(mail.from).toBe('bounces+123@example.org');
    expect(mail.headers['from']).toContain('library@example.org');
  });
});

describe('a signature', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const dkim = { domain: 'example.org', selector: 'muster', privateKey };

  it('covers headers, the one-click link included, and body', async () => {
    const { raw } = await sent(
      { unsubscribe: 'https://library.example.org/u', subject: 'Grüße', text: 'Ä\n\n.\n\n', html: '<p>Ä</p>' },
      { dkim },
    );
    const { signed, valid } = checkDkim(raw, publicKey);
    expect(valid).toBe(true);
    for (const header of ['from', 'to', 'subject', 'date', 'message-id', 'list-unsubscribe', 'list-unsubscribe-post']) {
      expect(signed).toContain(header);
    }
    expect(
      checkDkim(
        Buffer.from(raw.toString('latin1').replace('List-Unsubscribe-Post: List', 'List-Unsubscribe-Post: Lost'), 'latin1'),
        publicKey,
      ).valid,
    ).toBe(false);
    expect(checkDkim(Buffer.from(`${raw.toString('latin1')}more\r\n`, 'latin1'), publicKey).valid).toBe(false);
  });

  it('is missing when no key is configured', async () => {
    expect((await sent()).headerNames).not.toContain('dkim-signature');
  });

  it('comes with the record for the name server', () => {
    const { name, value } = dkimRecord(dkim);
    expect(name).toBe('muster._domainkey.example.org');
    expect(value.replace('v=DKIM1; k=rsa; p=', '')).toBe(publicKey.replace(/-----[^-]+-----|\s/g, ''));
    expect(isDkimKey(privateKey)).toBe(true);
    expect(isDkimKey(publicKey)).toBe(false);
    expect(isDkimKey('nothing')).toBe(false);
    expect(isDkimKey(TEST_KEY)).toBe(false); // not RSA
  });
});

describe('the line to the server', () => {
  const tls = { key: TEST_KEY, cert: TEST_CERTIFICATE };

  it('is encrypted when the server offers it, and its certificate is checked', async () => {
    expect((await sent({}, { ca: TEST_CERTIFICATE }, { tls })).secure).toBe(true);
    await expect(sent({}, {}, { tls })).rejects.toMatchObject({ failure: 'unreachable' });
  });

  it('is not used unencrypted where that is required', async () => {
    await expect(sent({}, { tls: 'required' })).rejects.toMatchObject({ failure: 'unreachable' });
    expect((await sent({}, { tls: 'required', ca: TEST_CERTIFICATE }, { tls })).secure).toBe(true);
    expect((await sent({}, { tls: 'off' }, { tls })).secure).toBe(false);
  });

  it('is tried with the account, without sending anything', async () => {
    const account = { user: 'muster@example.org', password: 'right' };
    const to = await server({ account });
    const channel = (password: string) => createSmtpChannel(`smtp://muster%40example.org:${password}@127.0.0.1:${to.port}`);
    const [good, bad] = [channel('right'), channel('wrong')];
    onTestFinished(() => good.close());
    onTestFinished(() => bad.close());
    await good.verify?.(AbortSignal.timeout(5_000));
    await expect(bad.verify?.(AbortSignal.timeout(5_000))).rejects.toMatchObject({ failure: 'unreachable' });
    expect(to.begun()).toBe(0);
    expect(bad.describe?.()).toEqual({
      host: '127.0.0.1',
      port: to.port,
      account: 'muster@example.org',
      tls: 'opportunistic',
      own_authority: false,
    });
    expect(JSON.stringify(bad.describe?.())).not.toContain('wrong');
  });
});

/** Checks a signature by RFC 6376, relaxed in headers and body. */
function checkDkim(raw: Buffer, publicKey: string): { readonly valid: boolean; readonly signed: readonly string[] } {
  const text = raw.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const headers = text.slice(0, end).split(/\r\n(?![ \t])/);
  const body = text
    .slice(end + 4)
    .replace(/[ \t]+(?=\r\n)/g, '')
    .replace(/[ \t]+/g, ' ')
    .replace(/(?:\r\n)+$/, '');
  const signature = headers.find((line) => /^dkim-signature:/i.test(line)) ?? '';
  const tag = (name: string): string =>
    new RegExp(`(?:^|;)\\s*${name}=([^;]*)`).exec(signature.slice(signature.indexOf(':') + 1))?.[1]?.replace(/\s/g, '') ?? '';
  const relaxed = (line: string): string => {
    const colon = line.indexOf(':');
    return `${line.slice(0, colon).toLowerCase().trim()}:${line
      .slice(colon + 1)
      .replace(/\r\n/g, '')
      .replace(/[ \t]+/g, ' ')
      .trim()}`;
  };
  const signed = tag('h')
    .split(':')
    .map((name) => name.toLowerCase());
  const lines = signed.map((name) => `${relaxed(headers.findLast((line) => line.toLowerCase().startsWith(`${name}:`)) ?? '')}\r\n`);
  const own = relaxed(signature.replace(/(;\s*b=)[^;]*$/, '$1'));
  const right = createVerify('RSA-SHA256')
    .update(lines.join('') + own, 'latin1')
    .verify(publicKey, tag('b'), 'base64');
  const hash = createHash('sha256').update(`${body}\r\n`, 'latin1').digest('base64');
  return { valid: right && hash === tag('bh'), signed };
}
