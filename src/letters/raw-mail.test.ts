import fc from 'fast-check';
import { type ParsedMail, simpleParser } from 'mailparser';
import nodemailer from 'nodemailer';
import { expect, test } from 'vitest';
import type { MailMessage } from './channel.ts';
import { mailOptions } from './compose.ts';
import { rawMail } from './raw-mail.ts';

const MESSAGE: MailMessage = {
  outboxId: 1,
  queuedOn: '2026-11-24',
  messageId: '<0b6f2f0e-6d0b-4a2c-8f5e-3b1f0f4d2c11@example.org>',
  from: { name: 'Library', address: 'library@example.org' },
  to: { name: 'Maria', address: 'maria@example.org' },
  language: 'en',
  subject: 'Your account',
  text: 'Hello',
  html: '<p>Hello</p>',
};

/** What a reader sees of a mail, whoever composed it. */
function seen({ headers, subject, from, to, replyTo, messageId, text, html }: ParsedMail) {
  const list = headers.get('list');
  // One of the two ends some bodies with a line break.
  const bodies = { text: text?.trimEnd(), html: typeof html === 'string' ? html.trimEnd() : html };
  return { subject, from: from?.value, to, replyTo: replyTo?.value, messageId, ...bodies, list, auto: headers.get('auto-submitted') };
}

async function bothSee(message: MailMessage): Promise<void> {
  const raw = rawMail(message);
  expect(raw).not.toBeNull();
  // The whole transport, since it makes some headers that a composer alone does not.
  const { message: composed } = await nodemailer.createTransport({ streamTransport: true, buffer: true }).sendMail(mailOptions(message));
  const [ours, theirs] = await Promise.all([simpleParser(raw ?? ''), simpleParser(composed)]);
  expect(seen(ours)).toEqual(seen(theirs));
}

const line = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 120 }), fc.string({ maxLength: 200 }), fc.lorem());
const body = fc
  .array(fc.oneof(line, fc.constant(''), fc.constant('.'), fc.constant('--=_0b6f2f0e'), fc.constant('From here on = 1 ')), {
    maxLength: 12,
  })
  .chain((lines) => fc.constantFrom('\n', '\r\n').map((end) => lines.join(end)));

test('reads as what nodemailer composes, whatever stands in it', async () => {
  await fc.assert(
    fc.asyncProperty(line, line, line, body, body, fc.boolean(), async (name, library, subject, text, html, optional) => {
      await bothSee({
        ...MESSAGE,
        from: { name: library, address: 'library@example.org' },
        to: { name, address: 'maria@example.org' },
        subject,
        text: `${text}x`,
        html: html === '' ? '' : `<p>${html}</p>`,
        ...(optional
          ? { replyTo: 'desk@example.org', unsubscribe: `https://muster.example.org/letters/unsubscribe/${'a'.repeat(60)}` }
          : {}),
      });
    }),
    { numRuns: 150 },
  );
});

test.each([
  ['umlauts', 'Ihr Konto läuft ab – bitte verlängern Sie es bis zum 30. September 2027 in der Bibliothek', 'Größe'.repeat(40)],
  ['Arabic', 'حسابك في المكتبة', 'تنتهي صلاحية حسابك قريبا.\n'.repeat(30)],
  ['emoji at the edge of a word', `${'x'.repeat(41)}👩‍👩‍👧‍👦 ${'y'.repeat(80)}`, '👩‍👩‍👧‍👦'.repeat(50)],
])('%s', async (_what, subject, text) => {
  await bothSee({ ...MESSAGE, subject, text, html: `<p>${text}</p>` });
});

test('every line is ASCII and short enough, and no header can be added', () => {
  const evil = 'a, b@evil.org>\r\nBcc: y@evil.org\r\n\r\nbody "\\';
  const raw =
    rawMail({
      ...MESSAGE,
      to: { name: evil, address: 'maria@example.org' },
      subject: `${evil} ${'ü'.repeat(300)}`,
      text: 'ß'.repeat(5_000),
    }) ?? '';
  const [head = ''] = raw.split('\r\n\r\n');
  expect(raw).toMatch(/^[\r\n\t\x20-\x7e]*$/);
  expect(Math.max(...raw.split('\r\n').map((each) => each.length))).toBeLessThanOrEqual(998);
  expect(Math.max(...head.split('\r\n').map((each) => each.length))).toBeLessThanOrEqual(78);
  expect(head.split('\r\n').filter((each) => /^bcc/i.test(each))).toEqual([]);
  expect(raw.replace(/\r\n/g, '')).not.toMatch(/[\r\n]/);
});

test('addresses that are not ASCII are left to nodemailer', () => {
  expect(rawMail({ ...MESSAGE, to: { name: '', address: 'jörg@example.org' } })).toBeNull();
});
