/**
 * A mail as it goes over the line. Nodemailer composes the same of its parts (`compose.ts`), with a dozen
 * streams for each; for letters, whose form is always this one, it is put together here in a third of the
 * time (docs/performance.md), and only handed to nodemailer to be signed and sent.
 */
import type { MailAddress, MailMessage } from './channel.ts';
import { isPlainLink } from './compose.ts';
import { singleLine } from './letter-data.ts';
import { encodeBody } from './mail-body.ts';

/** RFC 5322: lines should not be longer; RFC 2047: encoded words must not. */
const LINE = 76;
/** Bytes of an encoded word, so that it fits into a line behind the header's name. */
const WORD_BYTES = 42;

/** Null for what only nodemailer knows how to write: addresses that are not ASCII. */
export function rawMail(message: MailMessage, now: Date = new Date()): string | null {
  const { from, to, replyTo, unsubscribe, html } = message;
  const addresses = [from.address, to.address, replyTo ?? '', message.messageId];
  if (!addresses.every(isPlainAddress)) return null;
  const headers = [
    header('From', named(from)),
    header('To', named(to)),
    ...(replyTo == null ? [] : [header('Reply-To', replyTo)]),
    header('Subject', words(singleLine(message.subject))),
    header('Message-ID', message.messageId),
    // RFC 3834: answering machines must not answer.
    header('Auto-Submitted', 'auto-generated'),
    header('Content-Language', words(singleLine(message.language))),
    ...(isPlainLink(unsubscribe)
      ? [header('List-Unsubscribe', `<${unsubscribe}>`), header('List-Unsubscribe-Post', 'List-Unsubscribe=One-Click')]
      : []),
    header('Date', dateOf(now)),
    'MIME-Version: 1.0',
  ];
  const text = part('text/plain', message.text);
  if (html === '') return `${headers.join('\r\n')}\r\n${text}\r\n`;
  // The Message-ID is random, and nobody who writes into a record knows it before.
  const boundary = `=_${message.messageId.replace(/[^A-Za-z0-9-]/g, '').slice(0, 48)}`;
  return `${headers.join('\r\n')}\r\nContent-Type: multipart/alternative;\r\n boundary="${boundary}"\r\n\r\n--${boundary}\r\n${text}\r\n--${boundary}\r\n${part('text/html', html)}\r\n--${boundary}--\r\n`;
}

function part(type: string, content: string): string {
  const { encoding, body } = encodeBody(content);
  return `Content-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}`;
}

function isPlainAddress(address: string): boolean {
  return /^[\x21-\x7e]*$/.test(address);
}

function named({ name, address }: MailAddress): string {
  const line = singleLine(name);
  if (line === '') return address;
  if (/^[A-Za-z0-9 ]+$/.test(line)) return `${line} <${address}>`;
  const ascii = /^[\x20-\x7e]*$/.test(line) && !line.includes('=?');
  return `${ascii ? `"${line.replace(/["\\]/g, '\\$&')}"` : words(line)} <${address}>`;
}

/** As it is when it is ASCII with words that fit into a line; else as encoded words (RFC 2047). */
function words(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text) && !text.includes('=?') && !/\S{60}|^ | $| {2}/.test(text)) return text;
  const encoded: string[] = [];
  let chunk = '';
  let bytes = 0;
  // Characters are never cut in two.
  for (const char of text) {
    const size = Buffer.byteLength(char);
    if (bytes + size > WORD_BYTES) {
      encoded.push(word(chunk));
      chunk = '';
      bytes = 0;
    }
    chunk += char;
    bytes += size;
  }
  if (chunk !== '') encoded.push(word(chunk));
  return encoded.join(' ');
}

function word(text: string): string {
  return `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`;
}

/** Folded at spaces where it is too long for a line. */
function header(name: string, value: string): string {
  let rest = `${name}: ${value}`;
  if (rest.length <= LINE) return rest;
  let folded = '';
  while (rest.length > LINE) {
    // Behind the name, and never so that a line of nothing but spaces is left.
    const from = folded === '' ? name.length + 2 : 1;
    const before = rest.lastIndexOf(' ', LINE);
    const at = before > from ? before : rest.indexOf(' ', Math.max(from, LINE));
    if (at === -1 || rest.slice(at).trim() === '') break;
    folded += `${rest.slice(0, at)}\r\n`;
    rest = rest.slice(at);
  }
  return folded + rest;
}

/** RFC 5322, in UTC. */
function dateOf(now: Date): string {
  return now.toUTCString().replace('GMT', '+0000');
}
