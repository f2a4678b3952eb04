/** From a message of the outbox to the letter that goes out. */
import type { MailMessage } from '../core/index.ts';
import type { MessageContent } from './contents.ts';
import type { DueMessage } from './ledger.ts';
import { renderLetter } from './letter.ts';
import { letterData, sampleData, type Secret, singleLine } from './letter-data.ts';
import type { LetterSettings } from './settings.ts';
import type { ShelvedLetter } from './shelf.ts';

export interface WrittenLetter extends MessageContent {
  /** How the user is addressed. */
  readonly name: string;
}

/** Fills a letter in. Throws what the renderer throws. */
export function writeLetter(letter: ShelvedLetter, message: DueMessage, settings: LetterSettings, secret?: Secret): WrittenLetter {
  const data = letterData(message, message.run, settings, letter.language, secret);
  return { ...renderLetter(letter.compiled(), data), name: data.user.name };
}

/** The letter filled in with made-up data; null when that is not possible. */
export function sampleLetter(letter: ShelvedLetter, credentials: boolean): MessageContent | null {
  try {
    return renderLetter(letter.compiled(), sampleData(letter.language, credentials));
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
