/** From a message of the outbox to the letter that goes out. */
import type { MailMessage, Queryable } from '../core/index.ts';
import type { SentChannel } from './claim.ts';
import type { MessageContent } from './contents.ts';
import type { DueMessage } from './ledger.ts';
import { letterData, sampleData, type Secret, singleLine } from './letter-data.ts';
import type { LetterSettings } from './settings.ts';
import type { LetterShelf, ShelvedLetter } from './shelf.ts';
import { withDetails } from './text/index.ts';

export interface WrittenLetter extends MessageContent {
  /** How the user is addressed. */
  readonly name: string;
}

/** The letter of a message: the version it is pinned to, else the published one in its language. */
export function letterFor(message: DueMessage, shelf: LetterShelf, settings: LetterSettings): ShelvedLetter | undefined {
  return shelf.find(message.letter, message.wished_language, settings.language, message.letter_version);
}

/** The messages with what only some letters show of a user. */
export function withNeeds(
  db: Queryable,
  messages: readonly DueMessage[],
  shelf: LetterShelf,
  settings: LetterSettings,
): Promise<DueMessage[]> {
  return withDetails(db, messages, (message) => {
    try {
      return letterFor(message, shelf, settings)?.compiled().needs;
    } catch {
      // A letter that cannot be read fails when it is written, and says why.
      return undefined;
    }
  });
}

/** Fills a letter in, for the way it goes. Throws what the renderer throws. */
export function writeLetter(
  letter: ShelvedLetter,
  message: DueMessage,
  channel: SentChannel | 'print',
  settings: LetterSettings,
  secret?: Secret,
): WrittenLetter {
  const data = letterData(message, message.run, settings, letter.language, secret);
  const name = data.user.name;
  const sms = channel === 'sms';
  const rendered = letter.compiled().render(data, { html: !sms, text: !sms, sms, blocks: false });
  if (!sms) return { name, subject: rendered.subject, text: rendered.text, html: rendered.html };
  if (rendered.sms === null) throw new Error('The letter has no text for SMS.');
  return { name, subject: '', text: rendered.sms, html: '' };
}

/** The letter filled in with made-up data; null when that is not possible. */
export function sampleLetter(letter: ShelvedLetter, credentials: boolean): MessageContent | null {
  try {
    const { subject, text, html } = letter
      .compiled()
      .render(sampleData(letter.language, credentials), { html: true, text: true, sms: false, blocks: false });
    return { subject, text, html };
  } catch {
    return null;
  }
}

/** Who a letter comes from and where answers go: the type's own, else the library's, else the channel's. */
export function senderOfLetter(
  message: Pick<DueMessage, 'sender_name' | 'sender_email' | 'reply_to'>,
  settings: LetterSettings,
  defaultFrom: string,
): Pick<MailMessage, 'from' | 'replyTo'> {
  return {
    from: {
      name: singleLine(message.sender_name ?? settings.libraryName ?? ''),
      address: message.sender_email ?? settings.libraryEmail ?? defaultFrom,
    },
    replyTo: message.reply_to,
  };
}

/** Whether the secret is in the letter, where its reader looks for it. */
export function tells(letter: MessageContent, word: string): boolean {
  return letter.text.includes(word) && (letter.html === '' || letter.html.includes(word));
}
