/**
 * What a mail that came back says: a delivery report (RFC 3464), a complaint (RFC 5965), or the free words of
 * a server that knows neither. Whatever it says is the word of whoever sent it; which message it is about is
 * found out by `find-message.ts`.
 */
import type { Attachment } from 'mailparser';
import { singleLine } from '../letter-data.ts';

export interface MailReport {
  /**
   * failed: it was not delivered · delayed: not yet · complaint: marked as spam by its receiver ·
   * none: the mail is something else, such as the answer of a person or of their answering machine
   */
  readonly kind: 'failed' | 'delayed' | 'complaint' | 'none';
  /** Enhanced status (RFC 3463), e.g. `5.1.1`; null when there is none to be found. */
  readonly status: string | null;
  /** What the server said, on one line. */
  readonly detail: string | null;
  /** Addresses that it may be about: as the report has them, and the original's own. */
  readonly addresses: readonly string[];
  /** Of the original, with angle brackets. */
  readonly messageIds: readonly string[];
}

const MAX_DETAIL = 300;
/** Characters of free text that are looked through. */
const LONGEST_TEXT = 100_000;

const ORIGINALS = /^(?:message\/(?:rfc822|global|rfc822-headers|global-headers)|text\/rfc822-headers)$/;

type Fields = ReadonlyMap<string, string>;

const PARSING = { keepDeliveryStatus: true, skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true } as const;

const NO_REPORT: MailReport = { kind: 'none', status: null, detail: null, addresses: [], messageIds: [] };

/** Reads a whole mail; one that cannot be read as such is `none`. */
export async function readReport(raw: Buffer): Promise<MailReport> {
  // Loaded with the first report: most processes never read one.
  const { simpleParser } = await import('mailparser');
  const mail = await simpleParser(raw, PARSING).catch(() => undefined);
  if (mail === undefined) return NO_REPORT;
  const part = (types: RegExp): Attachment | undefined => mail.attachments.find(({ contentType }) => types.test(contentType));
  const original = part(ORIGINALS);
  const headers = original === undefined ? new Map<string, string>() : (groupsOf(original.content.toString('utf8'))[0] ?? new Map());
  const feedback = part(/^message\/feedback-report$/);
  if (feedback !== undefined) return complaint(fieldsOf(feedback), headers);
  const status = part(/^message\/(?:global-)?delivery-status$/);
  if (status !== undefined) return delivery(groupsOf(status.content.toString('utf8')), headers);
  return freeWords(fieldsIn(mail.headerLines), `${mail.subject ?? ''}\n${mail.text ?? ''}`.slice(0, LONGEST_TEXT), headers);
}

function complaint(feedback: Fields, original: Fields): MailReport {
  const type = feedback.get('feedback-type')?.toLowerCase() ?? 'abuse';
  return {
    // Receivers also report what was no spam after all.
    kind: type === 'not-spam' ? 'none' : 'complaint',
    status: null,
    detail: type.slice(0, 40),
    addresses: [...addressesIn(feedback.get('original-rcpt-to')), ...originalAddresses(original)],
    messageIds: messageIdsIn(original.get('message-id')),
  };
}

function delivery(groups: readonly Fields[], original: Fields): MailReport {
  const recipients = groups.filter((group) => group.has('action') || group.has('final-recipient'));
  // Of several the one that was not delivered counts: our messages have one recipient, who may forward them.
  const told = recipients.find((group) => actionOf(group) === 'failed') ?? recipients.find((group) => actionOf(group) === 'delayed');
  const action = told === undefined ? undefined : actionOf(told);
  const diagnostic = told?.get('diagnostic-code')?.replace(/^[\w-]+;\s*/, '') ?? '';
  return {
    kind: action === 'failed' ? 'failed' : action === 'delayed' ? 'delayed' : 'none',
    status: bestStatus(told?.get('status'), diagnostic),
    detail: singleLine(diagnostic).slice(0, MAX_DETAIL) || null,
    addresses: [
      ...addressesIn(told?.get('original-recipient')),
      ...addressesIn(told?.get('final-recipient')),
      ...originalAddresses(original),
    ],
    messageIds: messageIdsIn(original.get('message-id')),
  };
}

function actionOf(group: Fields): string {
  return group.get('action')?.trim().toLowerCase() ?? '';
}

/** `5.0.0` says nothing: the diagnostic's own status may say more. */
function bestStatus(told: string | undefined, diagnostic: string): string | null {
  const status = STATUS.exec(told ?? '')?.[0] ?? null;
  const better = STATUS.exec(diagnostic)?.[0] ?? null;
  return status === null || (/\.0\.0$/.test(status) && better?.[0] === status[0]) ? (better ?? status) : status;
}

const STATUS = /(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.]*\d)/;
const DAEMON = /\b(?:mailer[-_]?daemon|postmaster|mail[-_]?delivery)\b/i;
const UNDELIVERED =
  /undeliver|not delivered|could not be delivered|failure notice|delivery (?:has )?fail|returned mail|mail delivery|unzustellbar|nicht zugestellt|nicht zustell/i;
const DELAYED = /\bdelayed\b|still being retried|will (?:continue to be|be) (?:re)?tried|no action is required|verz(?:ö|oe)ger/i;

/** A server's own words. Only what comes from a mail system and says that something failed is taken for that. */
function freeWords(headers: Fields, text: string, original: Fields): MailReport {
  const failedRecipients = headers.get('x-failed-recipients');
  const byDaemon = DAEMON.test(headers.get('from') ?? '') || /^\s*<>\s*$/.test(headers.get('return-path') ?? '');
  const says = failedRecipients !== undefined || UNDELIVERED.test(text);
  if (!(says && (byDaemon || failedRecipients !== undefined))) {
    return NO_REPORT;
  }
  const line = text.split(/\r?\n/).find((each) => STATUS.test(each) || /(?<!\d)5[0-5]\d[ -]/.test(each)) ?? '';
  const status = STATUS.exec(line)?.[0] ?? (/(?<!\d)55[013][ -]/.test(line) ? '5.0.0' : null);
  return {
    kind: status?.startsWith('5') !== true && DELAYED.test(text) ? 'delayed' : 'failed',
    status,
    detail: singleLine(line).slice(0, MAX_DETAIL) || null,
    addresses: [...addressesIn(failedRecipients), ...originalAddresses(original)],
    messageIds: messageIdsIn(original.get('message-id')),
  };
}

function originalAddresses(original: Fields): readonly string[] {
  return addressesIn(original.get('to'));
}

/** `rfc822; anna@example.org`, `Anna <anna@example.org>` → `anna@example.org` */
function addressesIn(field: string | undefined): readonly string[] {
  return [...(field ?? '').matchAll(/[^\s<>;,:"()]{1,64}@[^\s<>;,:"()]{1,255}/g)].map(([address]) => address).slice(0, 20);
}

function messageIdsIn(field: string | undefined): readonly string[] {
  return [...(field ?? '').matchAll(/<[^<>\s]{1,500}>/g)].map(([id]) => id).slice(0, 5);
}

function fieldsOf(part: Attachment): Fields {
  return groupsOf(part.content.toString('utf8'))[0] ?? new Map();
}

function fieldsIn(lines: readonly { readonly key: string; readonly line: string }[]): Fields {
  return groupsOf(lines.map(({ line }) => line).join('\n'))[0] ?? new Map();
}

/** Groups of `Name: value` lines with blank lines in between; of fields of one name the first counts. */
function groupsOf(text: string): readonly Fields[] {
  return text
    .slice(0, LONGEST_TEXT)
    .replace(/\r\n/g, '\n')
    .split(/\n{2,}/)
    .map((group) => {
      const fields = new Map<string, string>();
      for (const line of group.replace(/\n[ \t]+/g, ' ').split('\n')) {
        const colon = line.indexOf(':');
        const name = line.slice(0, colon).trim().toLowerCase();
        if (colon > 0 && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
      }
      return fields;
    })
    .filter((fields) => fields.size > 0);
}
