import { randomUUID } from 'node:crypto';
import type { Context } from '../core/index.ts';
import { DeliveryError } from './channel.ts';
import { failureText } from './failure.ts';
import {
  claimDue,
  createRecorder,
  type DueMessage,
  type Outcome,
  type Recorder,
  readDue,
  recordOutcomes,
  storeMessageId,
} from './ledger.ts';
import { type RenderedLetter, renderLetter, tellsSecret } from './letter.ts';
import { letterData, singleLine } from './letter-data.ts';
import { createPace } from './pace.ts';
import { type MadeSecret, newSecret, revokeSecret, type SenderPorts, withoutSecret } from './secret.ts';
import { type LetterSettings, readLetterSettings } from './settings.ts';
import { type LetterShelf, openShelf } from './shelf.ts';

export interface SendOptions {
  /** Rows taken at once; default 200. */
  readonly batch?: number;
  /** Deliveries at once; default 6. */
  readonly concurrency?: number;
  /** When it aborts, deliveries that have begun end, and the rest of the batch goes back into the queue. */
  readonly signal?: AbortSignal;
  /** How long a batch is held; default 600 s. Nothing is begun that might outlast it. */
  readonly leaseSeconds?: number;
  /** Longest time for one delivery; default 120 s. */
  readonly deliverySeconds?: number;
  /** Default 8. */
  readonly maxAttempts?: number;
  /** Pause after the first attempt, doubled with each further one; default 60 s. */
  readonly backoffSeconds?: number;
}

/** What became of the batch; all zero: nothing was due. */
export interface SendResult {
  readonly sent: number;
  readonly retried: number;
  readonly failed: number;
  /** Not sent because the run was undone or the password set otherwise. */
  readonly cancelled: number;
  readonly no_address: number;
  /** Put back untried: the sender was stopped, or the channel cannot be reached (then pause before the next call). */
  readonly postponed: number;
}

interface Batch {
  readonly ctx: Context;
  readonly ports: SenderPorts;
  readonly settings: LetterSettings;
  readonly shelf: LetterShelf;
  readonly recorder: Recorder;
  readonly maxAttempts: number;
  readonly backoffSeconds: number;
  readonly deliverySeconds: number;
  readonly from: { readonly name: string; readonly address: string };
  /** Whether a delivery begun now would end before the lease does. */
  readonly mayBegin: () => boolean;
  /** Set when the channel turned out to be unreachable. */
  unreachable: boolean;
}

/**
 * Sends one batch of due letters; call it again until it reports nothing. Any number of senders may
 * run at once. A letter goes out twice only if a sender dies between the mail server's last word and
 * the next write to the ledger, and then under the same Message-ID; in the mailbox never.
 */
export async function sendDue(ctx: Context, ports: SenderPorts, options: SendOptions = {}): Promise<SendResult> {
  const settings = await readLetterSettings(ctx.db.pool);
  const leaseSeconds = options.leaseSeconds ?? 600;
  const deliverySeconds = options.deliverySeconds ?? 120;
  const from = { name: singleLine(settings.libraryName ?? ''), address: settings.libraryEmail ?? ports.channel.defaultFrom };
  const perLease = settings.maxPerSecond === null ? Infinity : Math.ceil((settings.maxPerSecond * leaseSeconds) / 2);
  // Taken before the claim, so that our idea of the lease ends earlier than the database's.
  const claimedAt = performance.now();
  const claimed = await claimDue(ctx.db.pool, {
    limit: Math.min(options.batch ?? 200, perLease),
    leaseSeconds,
    domain: from.address.slice(from.address.lastIndexOf('@') + 1),
    timeZone: ctx.timeZone,
  });
  if (claimed.length === 0) return tally([]);

  const outcomes: Outcome[] = [];
  const recorder = createRecorder(ctx.db);
  const messages = await readDue(ctx.db.pool, claimed);
  const batch: Batch = {
    ctx,
    ports,
    settings,
    recorder,
    deliverySeconds,
    from,
    shelf: await openShelf(
      ctx.db.pool,
      messages.map((message) => message.letter),
    ),
    maxAttempts: options.maxAttempts ?? 8,
    backoffSeconds: options.backoffSeconds ?? 60,
    mayBegin: () => performance.now() - claimedAt < (leaseSeconds - deliverySeconds) * 1_000,
    unreachable: false,
  };
  const pace = createPace(settings.maxPerSecond, options.signal);
  const queue = messages.values();
  const work = async (): Promise<void> => {
    // The iterator is shared: each worker takes the next message.
    for (const message of queue) {
      await pace();
      const stopped = options.signal?.aborted === true || !batch.mayBegin();
      const outcome = stopped || batch.unreachable ? postponed(message, batch) : await settle(message, batch);
      outcomes.push(outcome);
    }
  };
  // What the others have sent is written down, even when one worker has met a database that fails.
  const ends = await Promise.allSettled(Array.from({ length: Math.min(options.concurrency ?? 6, messages.length) }, work));
  await recorder.flush();
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return tally(outcomes);
}

/** Sends one letter and writes down what became of it. */
async function settle(message: DueMessage, batch: Batch): Promise<Outcome> {
  let outcome: Outcome;
  try {
    outcome = await attempt(message, batch);
  } catch (error) {
    outcome = afterFailure(message, batch, error);
  }
  const undelivered = outcome.state !== 'sent' && outcome.state !== 'cancelled';
  if (message.credentials && undelivered) await takeBack(message, batch, outcome);
  else batch.recorder.add(outcome);
  return outcome;
}

/** Throws what the channel or the database throws. */
async function attempt(message: DueMessage, batch: Batch): Promise<Outcome> {
  const { ports, settings } = batch;
  if (message.attempts > batch.maxAttempts) return failed(message, failureText('letters.interrupted'));
  if (message.address === null) return { row: message, state: 'no_address' };
  const letter = batch.shelf.find(message.letter, message.wished_language, settings.language);
  if (letter === undefined) return failed(message, failureText('letters.no_letter'));

  const secret = message.credentials ? newSecret(message, ports) : undefined;
  const data = letterData(message, message.run, settings, letter.language, secret?.shown);
  let rendered: RenderedLetter;
  try {
    rendered = renderLetter(letter.compiled(), data);
  } catch (error) {
    return failed(message, failureText('letters.render_failed', withoutSecret(error, secret)));
  }
  if (secret !== undefined && !tellsSecret(rendered, secret.word)) return failed(message, failureText('letters.no_secret'));

  const messageId = secret === undefined ? message.message_id : await commitSecret(message, batch, secret);
  if (messageId === 'stale') {
    return { row: message, state: 'cancelled', error: failureText('letters.credential_stale') };
  }
  if (messageId === null) return { row: message, state: 'cancelled' };
  // Not AbortSignal.timeout: its timers would stay behind for minutes, one per letter.
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), batch.deliverySeconds * 1_000);
  try {
    const { file } = await ports.channel.deliver(
      {
        outboxId: message.id,
        queuedOn: message.queued_on,
        messageId,
        from: batch.from,
        to: { name: data.user.name, address: message.address },
        language: letter.language,
        ...rendered,
      },
      deadline.signal,
    );
    return { row: message, state: 'sent', address: message.address, language: letter.language, file };
  } catch (error) {
    // Whatever the channel threw may quote the letter; neither the ledger nor a log may get hold of it.
    throw new DeliveryError(error instanceof DeliveryError ? error.failure : 'temporary', withoutSecret(error, secret));
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Puts the password's hash, or the link, in force before the letter goes out, and stores the letter's
 * Message-ID with it: what an earlier attempt brought ends, a new one has a new id. Null when the row was
 * taken from us.
 */
async function commitSecret(message: DueMessage, batch: Batch, secret: MadeSecret): Promise<string | 'stale' | null> {
  const { ports } = batch;
  const { brings, word } = secret;
  const hash = brings === 'password' ? await ports.hashPassword(word) : '';
  const messageId = `<${randomUUID()}@${batch.from.address.slice(batch.from.address.lastIndexOf('@') + 1)}>`;
  const of = { runId: message.run_id, userId: message.user_id };
  try {
    return await batch.ctx.db.transaction(async (tx) => {
      // With an id an earlier attempt has committed a hash; if its sender died, nobody has taken it back.
      if (message.message_id !== null) await revokeSecret(tx, message, ports);
      const result =
        brings === 'password'
          ? await ports.commitCredential(tx, { ...of, hash, temporary: true })
          : await ports.commitLink(tx, { ...of, token: word, brings });
      if (result === 'stale') return 'stale';
      if (!(await storeMessageId(tx, message, messageId))) throw new RowLost();
      return messageId;
    });
  } catch (error) {
    if (error instanceof RowLost) return null;
    throw error;
  }
}

/** Rolls the credential back: an undo or another sender has the row now. */
class RowLost extends Error {
  override readonly name = 'RowLost';
}

function afterFailure(message: DueMessage, batch: Batch, error: unknown): Outcome {
  const failure = error instanceof DeliveryError ? error.failure : 'temporary';
  const detail = error instanceof Error ? error.message : String(error);
  if (failure === 'unreachable') batch.unreachable = true;
  if (failure === 'permanent') return failed(message, failureText('letters.refused', detail));
  const text = failureText(failure === 'unreachable' ? 'letters.unreachable' : 'letters.delayed', detail);
  if (message.attempts >= batch.maxAttempts) return failed(message, text);
  return { row: message, state: 'queued', delaySeconds: batch.backoffSeconds * 2 ** (message.attempts - 1), error: text };
}

/** A password or link whose letter has not arrived must not work: the reset is pending again, together with the record of it. */
async function takeBack(message: DueMessage, batch: Batch, outcome: Outcome): Promise<void> {
  await batch.ctx.db.transaction(async (tx) => {
    await revokeSecret(tx, message, batch.ports);
    await recordOutcomes(tx, [outcome]);
  });
}

function failed(message: DueMessage, error: string): Outcome {
  return { row: message, state: 'failed', address: message.address, error };
}

function postponed(message: DueMessage, batch: Batch): Outcome {
  const outcome: Outcome = {
    row: message,
    state: 'queued',
    uncounted: true,
    delaySeconds: batch.unreachable ? batch.backoffSeconds : 0,
  };
  batch.recorder.add(outcome);
  return outcome;
}

function tally(outcomes: readonly Outcome[]): SendResult {
  const count = (matches: (outcome: Outcome) => boolean): number => outcomes.filter(matches).length;
  return {
    sent: count((o) => o.state === 'sent'),
    retried: count((o) => o.state === 'queued' && o.uncounted !== true),
    failed: count((o) => o.state === 'failed'),
    cancelled: count((o) => o.state === 'cancelled'),
    no_address: count((o) => o.state === 'no_address'),
    postponed: count((o) => o.uncounted === true),
  };
}
