/** One attempt at one message: written, its password in force, marked, handed over; and what became of it. */
import { randomUUID } from 'node:crypto';
import { type Context, InGroups } from '../core/index.ts';
import { type Channel, DeliveryError } from './channel.ts';
import { giveRest, type SentChannel } from './claim.ts';
import type { CommitSecret } from './commit-secret.ts';
import { type Dictionary, packContent } from './contents.ts';
import { failureText } from './failure.ts';
import { type DueMessage, type Held, type KeptContent, type Leave, markHanded, type Outcome, recordOutcomes } from './ledger.ts';
import { maskedSecret } from './letter-data.ts';
import { isRefused, type Recorder } from './recorder.ts';
import { type MadeSecret, newSecret, revokeSecret, type SenderPorts, withoutSecret } from './secret.ts';
import type { LetterSettings, SendingSettings } from './settings.ts';
import type { LetterShelf, ShelvedLetter } from './shelf.ts';
import { saysTooFast } from './throttle.ts';
import { letterFor, senderOfLetter, tells, type WrittenLetter, writeLetter } from './write-letter.ts';

/** What the messages taken by one claim share. */
export interface Batch {
  readonly ctx: Context;
  readonly ports: SenderPorts;
  readonly channelName: SentChannel;
  readonly channel: Channel;
  readonly settings: LetterSettings;
  readonly sending: SendingSettings;
  readonly shelf: LetterShelf;
  readonly recorder: Recorder;
  readonly marks: InGroups<Held, Leave>;
  readonly commitSecret: CommitSecret;
  readonly dictionaryOf: (letter: ShelvedLetter, credentials: boolean) => Promise<Dictionary | null>;
  /** Makes the address that ends such letters for this user; null: nobody could open it. */
  readonly unsubscribe: ((of: { readonly userId: number; readonly type: string }) => string) | null;
  readonly backoffSeconds: number;
  readonly deliverySeconds: number;
  /** Of the Message-ID. */
  readonly domain: string;
  /** Whether a delivery begun now would end before the lease does. */
  readonly mayBegin: () => boolean;
  /** Domains that have said that we are too fast: what else is in hand for them is put back untried. */
  readonly tooFast: Set<string>;
  /** Told that the channel is out of reach. */
  readonly onUnreachable: (detail: string) => void;
}

export function createMarks(ctx: Context): InGroups<Held, Leave> {
  return new InGroups((rows) => markHanded(ctx.db.pool, rows), 200);
}

/** Sends one message and has written down what became of it. Rejects when the database is gone: then nothing has gone out. */
export async function settle(message: DueMessage, batch: Batch): Promise<Outcome> {
  let outcome: Outcome;
  try {
    outcome = await attempt(message, batch);
  } catch (error) {
    // The database has refused this one; anything else about it concerns every message.
    if (!(error instanceof DeliveryError) && !isRefused(error)) {
      postpone(message, batch);
      throw error;
    }
    outcome = await afterFailure(message, batch, error);
  }
  const undelivered = outcome.state === 'queued' || outcome.state === 'failed';
  if (message.credentials && undelivered && outcome.error !== undefined) await takeBack(message, batch, outcome);
  else batch.recorder.add(outcome);
  return outcome;
}

/** Puts a message back untried. */
export function postpone(message: DueMessage, batch: Batch): Outcome {
  const outcome: Outcome = { row: message, state: 'queued', uncounted: true, delaySeconds: 0 };
  batch.recorder.add(outcome);
  return outcome;
}

async function attempt(due: DueMessage, batch: Batch): Promise<Outcome> {
  const { settings } = batch;
  const message = withUnsubscribeLink(due, batch);
  if (message.attempts > batch.sending.mostAttempts) return failed(message, failureText('letters.interrupted'));
  if (message.address === null) return { row: message, state: 'no_address' };
  if (batch.tooFast.has(domainOf(message, batch))) return { row: message, state: 'queued', uncounted: true, delaySeconds: 0 };
  if (message.suppressed) return { row: message, state: 'suppressed', error: failureText('letters.address_suppressed') };
  const letter = letterFor(message, batch.shelf, settings);
  if (letter === undefined) return failed(message, failureText('letters.no_letter'));

  const secret = message.credentials ? newSecret(message, batch.ports) : undefined;
  let written: WrittenLetter;
  let content: KeptContent | undefined;
  try {
    written = writeLetter(letter, message, batch.channelName, settings, secret?.shown);
    content = await keptContent(message, batch, letter, written);
  } catch (error) {
    if (isRefused(error) || isDatabaseError(error)) throw error;
    return failed(message, failureText('letters.render_failed', withoutSecret(error, secret)));
  }
  if (secret !== undefined && !tells(written, secret.word)) return failed(message, failureText('letters.no_secret'));

  // With each password another, so that the two mails are not taken for one.
  const messageId = secret === undefined ? message.message_id : `<${randomUUID()}@${batch.domain}>`;
  if (messageId === null) return { row: message, state: 'cancelled' };
  const leave = secret === undefined ? await batch.marks.ask(message) : await batch.commitSecret(message, secret, messageId);
  if (leave === 'stale') return { row: message, state: 'cancelled', error: failureText('letters.credential_stale') };
  if (leave === 'gone') return { row: message, state: 'cancelled' };
  if (leave === 'held') return { row: message, state: 'queued', uncounted: true };
  const file = await deliver(message, batch, letter.language, written, messageId, secret);
  return {
    row: message,
    state: 'sent',
    address: message.address,
    language: letter.language,
    version: letter.versionId,
    file,
    ...(content === undefined ? {} : { content }),
  };
}

/** One link for what the reader sees and for the header that mail programs make a button of. */
function withUnsubscribeLink(message: DueMessage, { unsubscribe }: Batch): DueMessage {
  if (message.essential || unsubscribe === null) return message;
  return { ...message, unsubscribe_link: unsubscribe({ userId: message.user_id, type: message.letter }) };
}

/** Written once more with the password masked: nobody has to search for it in what is kept. */
async function keptContent(
  message: DueMessage,
  batch: Batch,
  letter: ShelvedLetter,
  written: WrittenLetter,
): Promise<KeptContent | undefined> {
  if (message.keep_days === 0) return undefined;
  const dictionary = await batch.dictionaryOf(letter, message.credentials);
  const masked = message.credentials
    ? writeLetter(letter, message, batch.channelName, batch.settings, maskedSecret(message.brings))
    : written;
  return packContent(masked, dictionary);
}

async function deliver(
  message: DueMessage,
  batch: Batch,
  language: string,
  { name, ...written }: WrittenLetter,
  messageId: string,
  secret: MadeSecret | undefined,
): Promise<string | null> {
  // Not AbortSignal.timeout: its timers would stay behind for minutes, one per letter.
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), batch.deliverySeconds * 1_000);
  try {
    const { file } = await batch.channel.deliver(
      {
        outboxId: message.id,
        queuedOn: message.queued_on,
        messageId,
        ...senderOfLetter(message, batch.settings, batch.channel.defaultFrom),
        to: { name, address: message.address ?? '' },
        language,
        ...written,
        ...(typeof message.unsubscribe_link === 'string' ? { unsubscribe: message.unsubscribe_link } : {}),
      },
      deadline.signal,
    );
    return file;
  } catch (error) {
    // Whatever the channel threw may quote the letter; neither the ledger nor a log may get hold of it.
    throw new DeliveryError(error instanceof DeliveryError ? error.failure : 'temporary', withoutSecret(error, secret));
  } finally {
    clearTimeout(timer);
  }
}

async function afterFailure(message: DueMessage, batch: Batch, error: unknown): Promise<Outcome> {
  const failure = error instanceof DeliveryError ? error.failure : 'temporary';
  const detail = error instanceof Error ? error.message : String(error);
  if (failure === 'permanent') return failed(message, failureText('letters.refused', detail));
  if (failure === 'unreachable') {
    batch.onUnreachable(detail);
    // The message has not been tried: a mail server that is down over a weekend uses up no attempts.
    return { row: message, state: 'queued', uncounted: true, delaySeconds: 0, error: failureText('letters.unreachable', detail) };
  }
  const domain = domainOf(message, batch);
  if (domain !== '' && saysTooFast(detail) && !batch.tooFast.has(domain)) {
    batch.tooFast.add(domain);
    await giveRest(batch.ctx.db.pool, 'domain', domain);
  }
  const text = failureText('letters.delayed', detail);
  if (message.attempts >= batch.sending.mostAttempts) return failed(message, text);
  return { row: message, state: 'queued', delaySeconds: pauseAfter(message.attempts, batch), error: text };
}

/** Doubled with each attempt, up to the longest; spread by a tenth, so that what failed together does not come back together. */
function pauseAfter(attempts: number, { backoffSeconds, sending }: Batch): number {
  const pause = Math.min(sending.longestPauseSeconds, backoffSeconds * 2 ** (attempts - 1));
  return pause * (0.95 + Math.random() * 0.1);
}

/** Empty for what is no e-mail. */
function domainOf({ address }: DueMessage, { channelName }: Batch): string {
  if (channelName !== 'email' || address === null) return '';
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

/** A password or link whose letter has not arrived must not work: the reset is pending again, together with the record of it. */
async function takeBack(message: DueMessage, batch: Batch, outcome: Outcome): Promise<void> {
  await batch.ctx.db.transaction(async (tx) => {
    await revokeSecret(tx, message, batch.ports);
    await recordOutcomes(tx, [outcome]);
  });
  // Counted with the others; written it is already, and stays as it is.
  batch.recorder.add(outcome);
}

function failed(message: DueMessage, error: string): Outcome {
  return { row: message, state: 'failed', address: message.address, error };
}

function isDatabaseError(error: unknown): boolean {
  return error instanceof Error && 'severity' in error;
}
