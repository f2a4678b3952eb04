import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { createLettersBench, type LettersBench, perform } from '../../test/support/letters.ts';
import { parseMail } from '../../test/support/mail.ts';
import { startMailServer } from '../../test/support/smtp.ts';
import type { Channel } from './channel.ts';
import { createMailboxChannel, createSmtpChannel, previewLetter, saveLetter, testSend, updateNotificationType } from './index.ts';

const database = useTestDatabase();
let bench: LettersBench;
let ada: number;
beforeAll(async () => {
  bench = await createLettersBench(database.db);
  const email = (address: string, preferred = false) => ({ address, preferred });
  ada = await bench.user({
    primary_id: 'ada',
    first_name: 'Ada',
    last_name: '<b>O’Example</b>',
    preferred_language: 'de',
    expiry_date: '2027-09-30',
    emails: [email('ada@example.org', true), email('ada.second@example.org')],
  });
  await bench.user({ primary_id: 'nobody', preferred_language: 'fr' });
});
afterAll(() => bench.close());

describe('letter.preview', () => {
  test('shows users their letters in every form', async () => {
    const forms = ['html', 'text', 'sms', 'print'] as const;
    const { letters, problems } = await perform(bench.ctx, previewLetter, {
      type: 'expires_soon',
      users: ['ADA', 'nobody'],
      forms: [...forms],
    });
    expect(problems).toEqual([]);
    expect(letters.map((letter) => [letter.user, letter.language, letter.version, letter.to])).toEqual([
      ['ada', 'de', 1, 'ada@example.org'],
      ['nobody', 'en', 1, null],
    ]);
    const [german] = letters;
    expect(german?.html).toContain('Ada &lt;b&gt;O’Example&lt;/b&gt;');
    expect(german?.text).toContain('Ada <b>O’Example</b>');
    expect(german?.text).toContain('30. September 2027');
    expect(german?.sms).toMatchObject({ encoding: 'GSM-7', segments: 1, text: expect.stringContaining('gilt bis 30. September 2027') });
    const pdf = Buffer.from(german?.print?.pdf ?? '', 'base64');
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(german?.print).toMatchObject({ pages: 1, missing: [], no_place: expect.stringMatching(/ .*\.$/) });
    const [text] = (await perform(bench.ctx, previewLetter, { type: 'EXPIRES_SOON', users: ['ada'], forms: ['text'] })).letters;
    expect(text).toMatchObject({ html: null, sms: null, print: null });
  });

  test('shows dummies for passwords and links, whatever is asked', async () => {
    const secret = async (brings: 'password' | 'link') => {
      const { letters } = await perform(bench.ctx, previewLetter, { type: 'CREDENTIALS_CHANGED', users: ['ada'], brings });
      return letters[0];
    };
    expect((await secret('password'))?.text).toMatch(/Passwort: +••••••••••/);
    expect((await secret('link'))?.text).toMatch(/Über diesen Link[\s\S]*••••••••••/);
    expect((await secret('link'))?.text).not.toMatch(/Passwort: +•/);
    const { letters } = await perform(bench.ctx, previewLetter, { type: 'PASSWORD_FORGOTTEN' });
    expect(letters[0]).toMatchObject({ user: null, language: 'en' });
    expect(letters[0]?.text).toContain('••••••••••');
  });

  test('shows a draft, and a text that is not saved, with what is wrong with it', async () => {
    const letter = { type: 'WELCOME', language: 'de', subject: 'Neu', body: 'Hallo {{ user.first_name }}!', based_on: 1 };
    await perform(bench.ctx, saveLetter, letter);
    const show = (more: object) => perform(bench.ctx, previewLetter, { type: 'WELCOME', users: ['ada'], ...more });
    expect((await show({})).letters[0]?.subject).toBe('Willkommen in der Bibliothek');
    expect((await show({ language: 'de', version: 2 })).letters[0]).toMatchObject({ subject: 'Neu', version: 2 });
    const source = { subject: 'Noch neuer', body: 'Hallo **{{ user.first_name }}**, {% snippet "gruss" %}' };
    const live = await show({ language: 'de', source, snippets: { gruss: 'wie geht’s?' }, frame: { header: 'Kopf', footer: 'Fuß' } });
    expect(live.letters[0]).toMatchObject({ version: null, subject: 'Noch neuer' });
    expect(live.letters[0]?.text).toMatch(/^Kopf\n\nHallo Ada, wie geht’s\?\n\n-- \nFuß/);
    const broken = await show({ language: 'de', source: { subject: 'x', body: 'a\n\n{{ user.frist_name }}' } });
    expect(broken).toMatchObject({ letters: [], problems: [{ part: 'body', line: 3, severity: 'error' }] });
    await expect(show({ source })).rejects.toMatchObject({
      code: 'input.invalid',
      params: { problems: 'language: is needed with a version, a source, a frame or snippets' },
    });
    await expect(show({ language: 'de', version: 9 })).rejects.toMatchObject({ code: 'letters.version_not_found' });
    await expect(show({ users: ['who'] })).rejects.toMatchObject({ code: 'letters.user_not_found' });
  });
});

describe('letter.test_send', () => {
  const as = (channel: Channel) => {
    const rights = { privileges: ['letters:read'], grants: { all: false, roles: [] }, closed: [], editsStaff: false } as const;
    const actor = { kind: 'user', name: 'ada', userId: ada, roles: [], rights } as const;
    return { ...bench.ctx, actor, channels: { email: channel, sms: null } };
  };

  test('sends to oneself over SMTP, marked, with dummies, and in no ledger', async () => {
    const server = await startMailServer();
    onTestFinished(server.close);
    const channel = createSmtpChannel(server.url);
    onTestFinished(() => channel.close());
    await perform(bench.ctx, updateNotificationType, { code: 'CREDENTIALS_CHANGED', sender_name: 'Theke', reply_to: 'theke@example.org' });
    const sent = await perform(as(channel), testSend, { type: 'CREDENTIALS_CHANGED', language: 'de', user: 'nobody' });
    expect(sent).toMatchObject({ to: 'ada@example.org', language: 'de', subject: '[Test] Ihr neues Bibliothekspasswort', file: null });
    await perform(as(channel), testSend, { type: 'WELCOME', to: 'ADA.second@example.org' });
    expect(server.received.map((mail) => mail.recipients)).toEqual([['ada@example.org'], ['ada.second@example.org']]);
    const [mail] = server.received;
    expect(mail?.text).toContain('••••••••••');
    expect(mail?.text).toContain('nobody');
    expect((await database.db.pool.query('select from outbox')).rowCount).toBe(0);
    expect((await database.db.pool.query('select from runs')).rowCount).toBe(0);
    expect((await database.db.pool.query('select from credentials')).rowCount).toBe(0);
  });

  test('goes to nobody else, and not out when it cannot', async () => {
    const mailbox = createMailboxChannel(bench.dataDir);
    await expect(perform(as(mailbox), testSend, { type: 'WELCOME', to: 'chief@example.org' })).rejects.toMatchObject({
      code: 'letters.not_own_address',
    });
    const { file } = await perform(as(mailbox), testSend, { type: 'WELCOME' });
    expect(file).toMatch(/\/test-\d+\.eml$/);
    expect(parseMail(await readFile(path.join(bench.dataDir, file ?? ''))).text).toContain('Maria Beispiel');
    const admin = { ...bench.ctx, channels: { email: mailbox, sms: null } };
    await expect(perform(admin, testSend, { type: 'WELCOME' })).rejects.toMatchObject({ code: 'letters.no_own_address' });
    await expect(perform(bench.ctx, testSend, { type: 'WELCOME' })).rejects.toMatchObject({ code: 'letters.no_channel' });
    await bench.setting('library.email', 'info@example.org');
    expect(await perform(admin, testSend, { type: 'WELCOME' })).toMatchObject({ to: 'info@example.org' });
    const refusing = await startMailServer({ refuse: () => ({ code: 550, text: '5.1.1 nobody here' }) });
    onTestFinished(refusing.close);
    const channel = createSmtpChannel(refusing.url);
    onTestFinished(() => channel.close());
    await expect(perform(as(channel), testSend, { type: 'WELCOME' })).rejects.toMatchObject({ code: 'letters.refused' });
    const bad = { type: 'WELCOME', language: 'en', source: { subject: 'x', body: '{{ nothing }}' } };
    await expect(perform(as(mailbox), testSend, bad)).rejects.toMatchObject({ code: 'letters.template_invalid' });
  });
});
