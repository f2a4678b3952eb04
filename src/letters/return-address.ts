/** Addresses to which mail servers send their reports: one for each message (VERP), so that a report names its message by where it goes. */
import type { MailMessage } from './channel.ts';
import { isSealed, sealOf } from './letter-key.ts';

/**
 * `bounces@example.org` → `bounces+3f-abcdefghijklmnop@example.org` for the outbox's message 123. Mails about
 * runs come back to the plain address. `readKey` is asked once.
 */
export function createReturnAddresses(address: string, readKey: () => Promise<Buffer>): (message: MailMessage) => string | Promise<string> {
  const at = address.lastIndexOf('@');
  const [name, domain] = [address.slice(0, at), address.slice(at)];
  let key: Buffer | undefined;
  const made = (secret: Buffer, { outboxId }: MailMessage): string => `${name}+${returnToken(secret, outboxId)}${domain}`;
  return (message) => {
    if (message.series !== undefined) return address;
    if (key !== undefined) return made(key, message);
    return readKey().then((read) => {
      key = read;
      return made(read, message);
    });
  };
}

export function returnToken(key: Buffer, outboxId: number): string {
  const id = outboxId.toString(36);
  return `${id}-${sealOf(key, 'bounce', id)}`;
}

const TOKENS = /\+([0-9a-z]{1,11})-([0-9a-f]{20})(?=@|=40)/gi;
/** More than any report names; each costs a seal. */
const MOST_TOKENS = 50;

/** Numbers of the outbox whose addresses stand in the text and were made by us, in the order in which they do. */
export function readReturnTokens(key: Buffer, text: string): readonly number[] {
  const found = new Set<number>();
  let looked = 0;
  for (const [, id = '', seal = ''] of text.matchAll(TOKENS)) {
    looked += 1;
    if (looked > MOST_TOKENS) break;
    const number = Number.parseInt(id, 36);
    if (Number.isSafeInteger(number) && isSealed(key, 'bounce', id.toLowerCase(), seal.toLowerCase())) found.add(number);
  }
  return [...found];
}
