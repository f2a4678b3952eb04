/**
 * The sender: takes due messages out of the outbox and sends them. Any number may run at once.
 *
 * A message goes out twice only if its sender dies between the mail server's last word and the next write
 * to the ledger; those in flight at that moment are marked (`handed_at`), and become `uncertain` or are
 * sent once more, as the library has set. In the mailbox nothing is ever there twice.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../core/index.ts';
import { addAlert } from './alerts.ts';
import { type Batch, createMarks, postpone, settle } from './attempt.ts';
import type { Channel } from './channel.ts';
import { type ClaimedRow, claimDue, endRests, giveRest, recoverLost, type SentChannel } from './claim.ts';
import { createCommitSecret } from './commit-secret.ts';
import { createDictionaries } from './dictionaries.ts';
import { failureText } from './failure.ts';
import { readLetterKey } from './letter-key.ts';
import { type DueMessage, type Outcome, readDue } from './ledger.ts';
import { createRecorder } from './recorder.ts';
import type { SenderPorts } from './secret.ts';
import { isOpen } from './sending-hours.ts';
import { readLetterSettings, readSendingSettings, type SendingSettings } from './settings.ts';
import { openShelf } from './shelf.ts';
import { unsubscribeLinks } from './unsubscribe-link.ts';
import { failStranded } from './stranded.ts';
import { withNeeds } from './write-letter.ts';

export interface SendOptions {
  /** Rows taken at once; default 500. */
  readonly batch?: number;
  /** Messages in hand at once; default 24. So many may be uncertain when the sender is killed. */
  readonly concurrency?: number;
  /** When it aborts, deliveries that have begun end, and the rest goes back into the queue. */
  readonly signal?: AbortSignal;
  /** How long a claim holds; default 600 s. Nothing is begun that might outlast it. */
  readonly leaseSeconds?: number;
  /** Longest time for one delivery; default 120 s. */
  readonly deliverySeconds?: number;
  /** Pause after the first attempt, doubled with each further one; default 60 s. */
  readonly backoffSeconds?: number;
  /** Nothing more is taken after so many seconds; default 15. */
  readonly seconds?: number;
  /** Senders lost over one message after which it is given up; default 100. */
  readonly mostInterruptions?: number;
  /** Whatever the library has set, nothing goes out: a test system. */
  readonly holdAll?: boolean;
}

/** What became of the messages that were due; all zero: nothing was. */
export interface SendResult {
  readonly sent: number;
  readonly retried: number;
  readonly failed: number;
  /** Not sent because the run was undone or the password set otherwise. */
  readonly cancelled: number;
  readonly suppressed: number;
  readonly no_address: number;
  /** Given back after their sender was lost. */
  readonly recovered: number;
  /** Of which nobody knows whether they went out: they wait for staff. */
  readonly uncertain: number;
  /** Put back untried: the sender was stopped, their batch was paused, or the channel cannot be reached (then pause before the next call). */
  readonly postponed: number;
}

const NOTHING: SendResult = {
  sent: 0,
  retried: 0,
  failed: 0,
  cancelled: 0,
  suppressed: 0,
  no_address: 0,
  recovered: 0,
  uncertain: 0,
  postponed: 0,
};

/** How long a sender that was told to stop waits for a database that is gone. */
const LAST_WORDS_MS = 10_000;

/** Rests of a channel in a row after which operators are told that it is out of reach: about half a minute. */
const TOLD_AFTER_RESTS = 4;

/** Sends what is due, for a while; call it again until it reports nothing. */
export async function sendDue(ctx: Context, ports: SenderPorts, options: SendOptions = {}): Promise<SendResult> {
  const sending = await readSendingSettings(ctx.db.pool);
  if (sending.holdAll || options.holdAll === true) return NOTHING;
  const { email, sms } = ports.channels;
  const repeatable = [...(email.kind === 'mailbox' ? ['email'] : [])];
  const lost = await recoverLost(ctx.db.pool, { rule: sending.resend, repeatable, mostInterruptions: options.mostInterruptions ?? 100 });
  const stranded = sms === null ? await failStranded(ctx.db.pool, 'sms', failureText('letters.no_sms_channel')) : 0;
  const channels = [['email', email] as const, ...(sms === null ? [] : [['sms', sms] as const])];
  // One that is slow does not hold up the other; what one has sent is written down, even when the other has met an error.
  const ends = await Promise.allSettled(channels.map(([name, channel]) => drain(ctx, ports, name, channel, options)));
  const tallies = ends.map((end) => {
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  });
  return tallies.reduce<SendResult>(sum, { ...NOTHING, recovered: lost.queued, uncertain: lost.uncertain, failed: lost.failed + stranded });
}

function sum(a: SendResult, b: SendResult): SendResult {
  return {
    sent: a.sent + b.sent,
    retried: a.retried + b.retried,
    failed: a.failed + b.failed,
    cancelled: a.cancelled + b.cancelled,
    suppressed: a.suppressed + b.suppressed,
    no_address: a.no_address + b.no_address,
    recovered: a.recovered + b.recovered,
    uncertain: a.uncertain + b.uncertain,
    postponed: a.postponed + b.postponed,
  };
}

interface Taken {
  readonly message: DueMessage;
  readonly batch: Batch;
  /** On the clock of `performance.now()`. */
  readonly beginsAt: number;
}

/** One channel: claims ahead while it sends, so that neither waits for the other. */
async function drain(ctx: Context, ports: SenderPorts, name: SentChannel, channel: Channel, options: SendOptions): Promise<SendResult> {
  const lanes = options.concurrency ?? 24;
  const endsAt = performance.now() + (options.seconds ?? 15) * 1_000;
  const tally = { ...NOTHING };
  const state: DrainState = { stopped: false, unreachable: undefined, error: undefined, doubtful: false };
  const stop = (): boolean => state.stopped || options.signal?.aborted === true;
  const take = createTaker(ctx, ports, name, channel, options, state);
  let buffer: Taken[] = [];
  let at = 0;
  let taking: Promise<void> | undefined;
  let exhausted = false;

  const refill = async (): Promise<void> => {
    try {
      const more = await take();
      buffer = [...buffer.slice(at), ...more.taken];
      at = 0;
      exhausted ||= !more.mayBeMore || performance.now() > endsAt;
    } catch (error) {
      exhausted = true;
      state.error ??= { error };
    } finally {
      taking = undefined;
    }
  };
  const next = async (): Promise<Taken | undefined> => {
    for (;;) {
      exhausted ||= stop();
      if (buffer.length - at <= 2 * lanes && !exhausted) taking ??= refill();
      const taken = buffer[at];
      if (taken !== undefined) {
        at += 1;
        return taken;
      }
      if (taking === undefined) return undefined;
      await taking;
    }
  };
  const lane = async (): Promise<void> => {
    for (let taken = await next(); taken !== undefined; taken = await next()) {
      const { message, batch, beginsAt } = taken;
      const wait = beginsAt - performance.now();
      if (wait > 0 && !stop())
        await sleep(wait, undefined, options.signal === undefined ? {} : { signal: options.signal }).catch(() => undefined);
      if (stop() || !batch.mayBegin()) {
        postpone(message, batch);
        tally.postponed += 1;
        if (!batch.mayBegin()) exhausted = true;
        continue;
      }
      try {
        count(tally, await settle(message, batch));
        // A database that is slower than the mail server holds the lane up, not the memory.
        if (batch.recorder.waiting() > 2_000) await batch.recorder.flush();
      } catch (error) {
        tally.postponed += 1;
        state.error ??= { error };
        state.stopped = true;
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  await take.flush();
  if (state.unreachable !== undefined) await restChannel(ctx, name, state.unreachable);
  else if (state.doubtful && tally.sent > 0) await endRests(ctx.db.pool, name);
  if (state.error !== undefined) throw state.error.error;
  return tally;
}

interface DrainState {
  /** Nothing more is begun: the channel or the database is out of reach. */
  stopped: boolean;
  /** What was said when the channel turned out to be unreachable. */
  unreachable: string | undefined;
  error: { readonly error: unknown } | undefined;
  doubtful: boolean;
}

interface Taker {
  (): Promise<{ readonly taken: readonly Taken[]; readonly mayBeMore: boolean }>;
  /** Everything that was recorded is written. */
  flush(): Promise<void>;
}

function createTaker(
  ctx: Context,
  ports: SenderPorts,
  name: SentChannel,
  channel: Channel,
  options: SendOptions,
  state: DrainState,
): Taker {
  const leaseSeconds = options.leaseSeconds ?? 600;
  const deliverySeconds = options.deliverySeconds ?? 120;
  const marks = createMarks(ctx);
  const commitSecret = createCommitSecret(ctx, ports);
  const tooFast = new Set<string>();
  const dictionaryOf = createDictionaries(ctx.db.pool);
  let unsubscribe: Batch['unsubscribe'] | undefined;
  let leaseEnds = performance.now();
  let pauseAfter = 25;
  let stoppedAt: number | undefined;
  // A process that is to end does not wait for a database as long as one that is to go on.
  const patientUntil = (): number => {
    if (options.signal?.aborted !== true) return leaseEnds;
    stoppedAt ??= performance.now();
    return Math.min(leaseEnds, stoppedAt + LAST_WORDS_MS);
  };
  // Created once: outcomes of one batch are written together with those of the next.
  const recorder = createRecorder(ctx.db, { pauseAfter: () => pauseAfter, patientUntil });

  const take = async (): ReturnType<Taker> => {
    const [settings, sending] = await Promise.all([readLetterSettings(ctx.db.pool), readSendingSettings(ctx.db.pool)]);
    if (sending.holdAll) return { taken: [], mayBeMore: false };
    pauseAfter = sending.pauseAfter;
    unsubscribe ??= name === 'email' ? unsubscribeLinks(await readLetterKey(ctx.db.pool), ctx.publicUrl) : null;
    const from = settings.libraryEmail ?? channel.defaultFrom;
    const domain = from.slice(from.lastIndexOf('@') + 1);
    // Taken before the claim, so that our idea of the lease ends earlier than the database's.
    const claimedAt = performance.now();
    const claim = await claimDue(ctx.db.pool, {
      channel: name,
      limit: options.batch ?? 500,
      leaseSeconds,
      domain,
      timeZone: ctx.timeZone,
      ...paceOf(sending),
      urgentOnly: !isOpen(sending.hours, ctx.timeZone),
    });
    state.doubtful ||= claim.doubtful;
    leaseEnds = Math.max(leaseEnds, claimedAt + leaseSeconds * 1_000);
    if (claim.rows.length === 0) return { taken: [], mayBeMore: claim.putOff > 0 };
    const due = await readDue(ctx.db.pool, claim.rows);
    const shelf = await openShelf(
      ctx.db.pool,
      due.map((message) => message.letter),
      due.map((message) => message.letter_version),
    );
    const messages = await withNeeds(ctx.db.pool, due, shelf, settings);
    const batch: Batch = {
      ctx,
      ports,
      channelName: name,
      channel,
      settings,
      sending,
      recorder,
      marks,
      commitSecret,
      tooFast,
      dictionaryOf,
      domain,
      deliverySeconds,
      backoffSeconds: options.backoffSeconds ?? 60,
      shelf,
      unsubscribe,
      mayBegin: () => performance.now() - claimedAt < (leaseSeconds - deliverySeconds) * 1_000,
      onUnreachable: (detail) => {
        state.stopped = true;
        state.unreachable ??= detail;
      },
    };
    const startOf = new Map(claim.rows.map((row: ClaimedRow) => [row.id, row.start_in]));
    const taken = messages.map((message) => ({ message, batch, beginsAt: claimedAt + (startOf.get(message.id) ?? 0) * 1_000 }));
    return { taken, mayBeMore: true };
  };
  return Object.assign(take, { flush: () => recorder.flush() });
}

function paceOf({ perSecond, perSecondAndDomain }: SendingSettings): { perSecond: number | null; perSecondAndDomain: number | null } {
  return { perSecond, perSecondAndDomain };
}

/** The channel rests, for all senders, longer each time; operators hear of it once when it goes on. */
async function restChannel(ctx: Context, channel: SentChannel, reason: string): Promise<void> {
  const rests = await giveRest(ctx.db.pool, 'channel', channel);
  if (rests === TOLD_AFTER_RESTS) await addAlert(ctx.db.pool, 'channel_unreachable', { channel, reason });
}

function count(tally: { -readonly [Key in keyof SendResult]: SendResult[Key] }, outcome: Outcome): void {
  if (outcome.state === 'queued') tally[outcome.uncounted === true ? 'postponed' : 'retried'] += 1;
  else tally[outcome.state] += 1;
}
