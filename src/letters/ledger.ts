/** What the sender reads and writes of the messages that it holds: see `claim.ts` for how it came to hold them. */
import sql from 'sql-template-tag';
import type { Queryable } from '../core/index.ts';
import type { ClaimedRow } from './claim.ts';
import { type LetterInput, readLetterInputs } from './letter-input.ts';
import { prepared } from './prepared.ts';

/** A claimed row, whenever its place in time is. */
export type Held = Omit<ClaimedRow, 'start_in'>;

/** A claimed row with everything that its letter needs. */
export interface DueMessage extends Held, Omit<LetterInput, keyof ClaimedRow> {
  readonly letter_version: number | null;
  /** The address is not written to any more. */
  readonly suppressed: boolean;
  /** The type's own sender and address for answers; null: the library's. */
  readonly sender_name: string | null;
  readonly sender_email: string | null;
  readonly reply_to: string | null;
  readonly essential: boolean;
  /** Days that the contents are kept; null: as the library keeps them. */
  readonly keep_days: number | null;
}

/** A message as it was sent, compressed; a password in it is masked. */
export interface KeptContent {
  readonly dictionary: number | null;
  readonly body: Buffer;
}

/** What became of a claimed row. */
export interface Outcome {
  readonly row: Held;
  /** `queued`: to be tried again after `delaySeconds`. */
  readonly state: 'sent' | 'queued' | 'failed' | 'suppressed' | 'cancelled' | 'no_address';
  readonly delaySeconds?: number;
  /** The attempt never reached the channel and does not count. */
  readonly uncounted?: boolean;
  readonly address?: string | null;
  readonly language?: string;
  readonly version?: number;
  readonly file?: string | null;
  /** See `failureText`. */
  readonly error?: string;
  readonly content?: KeptContent;
}

type Extra = Pick<DueMessage, 'letter_version' | 'suppressed' | 'sender_name' | 'sender_email' | 'reply_to' | 'essential' | 'keep_days'>;

/** Reads what the letters of the claimed rows need. */
export async function readDue(db: Queryable, claimed: readonly Held[]): Promise<DueMessage[]> {
  const ids = claimed.map((row) => row.id);
  const [inputs, extras] = await Promise.all([
    readLetterInputs(db, ids),
    db.query<Extra & { id: number }>(sql`
      select o.id, o.letter_version, t.sender_name, t.sender_email, t.reply_to, coalesce(t.essential, false) as essential, t.keep_days,
        exists (select from suppressed_addresses s where s.channel = o.channel and s.address = fold(o.address)) as suppressed
      from outbox o left join notification_types t on t.code = o.letter
      where o.id = any(${ids}::bigint[])`),
  ]);
  const inputOf = new Map(inputs.map((input) => [input.id, input]));
  const extraOf = new Map(extras.rows.map((extra) => [extra.id, extra]));
  return claimed.flatMap((row) => {
    const input = inputOf.get(row.id);
    const extra = extraOf.get(row.id);
    // A user who has been erased in between has taken the row along.
    return input === undefined || extra === undefined ? [] : [{ ...input, ...extra, ...row }];
  });
}

/** Whether a message may be handed over: not while its batch is paused or everything is held, nor when it is no longer ours. */
export type Leave = 'go' | 'held' | 'gone';

const OURS = sql`o.state = 'sending' and o.lease = n.lease`;
const MAY_GO = sql`
  not exists (select from outbox_pauses p where p.run_id = o.run_id and p.letter in ('', o.letter))
  and not exists (select from settings s where s.name = 'letters.hold_all' and s.value = 'true')`;

/**
 * Marks messages as about to be handed over: should this sender be lost, they are the ones of which nobody
 * knows whether they went out. Stores the Message-ID of those that get one by now, because the password
 * that they bring is committed in the same transaction. Answers for each, in their order.
 */
export async function markHanded(db: Queryable, rows: readonly (Held & { readonly newMessageId?: string })[]): Promise<Leave[]> {
  const { rows: ours } = await db.query<{ id: number; goes: boolean }>(
    prepared(
      'mark',
      sql`
    with held as materialized (
      select o.id, n.message_id, ${MAY_GO} as goes
      from unnest(
        ${rows.map((row) => row.id)}::bigint[],
        ${rows.map((row) => row.lease)}::timestamptz[],
        ${rows.map((row) => row.newMessageId ?? null)}::text[]
      ) as n (id, lease, message_id)
      join outbox o on o.id = n.id
      where ${OURS} order by o.id for update of o
    ),
    marked as (
      update outbox o set handed_at = now(), message_id = coalesce(held.message_id, o.message_id) from held where o.id = held.id and held.goes)
    select held.id, held.goes from held`,
    ),
  );
  const goes = new Map(ours.map((row) => [row.id, row.goes]));
  return rows.map(({ id }) => {
    const may = goes.get(id);
    return may === undefined ? 'gone' : may ? 'go' : 'held';
  });
}

/**
 * Writes what became of claimed rows, in one statement. Rows that are no longer ours stay as they
 * are, but for two cases: a letter that had gone out when it was cancelled counts as sent, which it is;
 * and a sender that was given up as lost, and was only slow, tells what nobody knew.
 * Rows are locked in id order, as an undo does that cancels them, so that the two do not deadlock.
 */
export async function recordOutcomes(db: Queryable, outcomes: readonly Outcome[]): Promise<void> {
  if (outcomes.length === 0) return;
  const kept = outcomes.filter((o) => o.content !== undefined);
  const sentOf = new Map(outcomes.filter((o) => o.state === 'sent').map(({ row }) => [`${row.run_id} ${row.letter}`, row]));
  await db.query(
    prepared(
      'record',
      sql`
    with held as materialized (
      select h.id from outbox h where h.id = any(${outcomes.map((o) => o.row.id)}::bigint[]) order by h.id for update
    ),
    written as (
      update outbox o
      set state = n.state,
        attempts = o.attempts - n.uncounted,
        next_at = case when n.state = 'queued' then now() + make_interval(secs => n.delay) else o.next_at end,
        lease = null,
        address = coalesce(n.address, o.address),
        language = coalesce(n.language, o.language),
        letter_version = coalesce(n.version, o.letter_version),
        file = coalesce(n.file, o.file),
        last_error = n.error,
        sent_at = case when n.state = 'sent' then now() end
      from unnest(
        ${outcomes.map((o) => o.row.id)}::bigint[],
        ${outcomes.map((o) => o.row.lease)}::timestamptz[],
        ${outcomes.map((o) => o.state)}::text[],
        ${outcomes.map((o) => (o.uncounted === true ? 1 : 0))}::integer[],
        ${outcomes.map((o) => o.delaySeconds ?? 0)}::double precision[],
        ${outcomes.map((o) => o.address ?? null)}::text[],
        ${outcomes.map((o) => o.language ?? null)}::text[],
        ${outcomes.map((o) => o.version ?? null)}::bigint[],
        ${outcomes.map((o) => o.file ?? null)}::text[],
        ${outcomes.map((o) => o.error ?? null)}::text[],
        ${outcomes.map((o) => o.row.message_id)}::text[]
      ) as n (id, lease, state, uncounted, delay, address, language, version, file, error, message_id)
      join held on held.id = n.id
      where o.id = n.id and (
        (o.lease = n.lease and (o.state = 'sending' or (o.state = 'cancelled' and n.state = 'sent')))
        or (o.state = 'uncertain' and o.message_id = n.message_id))
      returning o.id
    ),
    contents as (
      insert into message_contents (outbox_id, dictionary, body)
      select k.id, k.dictionary, k.body
      from unnest(
        ${kept.map((o) => o.row.id)}::bigint[],
        ${kept.map((o) => o.content?.dictionary ?? null)}::bigint[],
        ${kept.map((o) => o.content?.body ?? null)}::bytea[]
      ) as k (id, dictionary, body)
      join written on written.id = k.id
      on conflict (outbox_id) do update set dictionary = excluded.dictionary, body = excluded.body
    )
    update outbox_streaks s set failures = 0
    from unnest(
      ${[...sentOf.values()].map((row) => row.run_id)}::bigint[],
      ${[...sentOf.values()].map((row) => row.letter)}::text[]
    ) as g (run_id, letter)
    where s.run_id = g.run_id and s.letter = g.letter and s.failures > 0`,
    ),
  );
}
