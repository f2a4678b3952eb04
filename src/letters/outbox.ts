import sql, { empty, type Sql } from 'sql-template-tag';
import type { Queryable } from '../core/index.ts';
import { type LetterRules, readLetterRules } from './letter-rules.ts';
import { recipientQuery, recordOf } from './recipient.ts';

/** What may become of a message; who moves it from state to state stands at the table `outbox`. */
export const OUTBOX_STATES = ['queued', 'sending', 'uncertain', 'sent', 'failed', 'suppressed', 'no_address', 'cancelled'] as const;
export type OutboxState = (typeof OUTBOX_STATES)[number];

/** As it is shown: what waits in a paused batch, or while everything is held, is held. */
export const SHOWN_STATES = ['held', ...OUTBOX_STATES] as const;
export type ShownState = (typeof SHOWN_STATES)[number];

/** Which messages; with several of them, what they have in common. One must be given, or `all`. */
export interface MessageChoice {
  readonly ids?: readonly number[] | undefined;
  readonly run?: number | undefined;
  /** Notification type. */
  readonly letter?: string | undefined;
  readonly all?: boolean | undefined;
}

export type LetterCounts = Readonly<Record<OutboxState, number>>;

/** How many letters of a run are in which state. */
export async function countLetters(db: Queryable, runId: number): Promise<LetterCounts> {
  const { rows } = await db.query<{ state: OutboxState; messages: number }>(sql`
    select o.state, count(*) as messages from outbox o where o.run_id = ${runId}::bigint group by o.state`);
  const counts = new Map(rows.map((row) => [row.state, row.messages]));
  const count = (state: OutboxState): number => counts.get(state) ?? 0;
  return {
    queued: count('queued'),
    sending: count('sending'),
    uncertain: count('uncertain'),
    sent: count('sent'),
    failed: count('failed'),
    suppressed: count('suppressed'),
    no_address: count('no_address'),
    cancelled: count('cancelled'),
  };
}

/**
 * Stops what has not gone out, for an undo: queued letters, those that could not be delivered (nobody
 * is to retry them) or of which nobody knows, and those a sender holds at this moment. Of the latter one
 * may still go out; its sender then counts it as sent. Rows are locked in id order, as the sender does it.
 * `letters`: only of these types. Says how many were stopped.
 */
export async function cancelQueued(
  tx: Queryable,
  runId: number,
  users: readonly number[] | 'all',
  letters?: readonly string[],
): Promise<number> {
  const whose: Sql = users === 'all' ? empty : sql`and o.user_id = any(${users}::bigint[])`;
  const which: Sql = letters === undefined ? empty : sql`and o.letter = any(${letters}::text[])`;
  return cancel(
    tx,
    sql`o.run_id = ${runId}::bigint and o.state in ('queued', 'sending', 'uncertain', 'failed', 'suppressed', 'no_address') ${whose} ${which}`,
  );
}

/** Gives messages up that are waiting, failed, suppressed or without an address. Says how many. */
export async function cancelMessages(tx: Queryable, choice: MessageChoice): Promise<number> {
  return cancel(tx, sql`${chosen(choice)} and o.state in ('queued', 'failed', 'suppressed', 'no_address')`);
}

async function cancel(tx: Queryable, which: Sql): Promise<number> {
  const { rowCount } = await tx.query(sql`
    with held as materialized (select o.id from outbox o where ${which} order by o.id for update)
    update outbox o set state = 'cancelled' from held where o.id = held.id`);
  return rowCount ?? 0;
}

export interface Requeued {
  readonly queued: number;
  readonly no_address: number;
  readonly suppressed: number;
  /** They stay as they are: by now the user has opted out, or has been written to otherwise. */
  readonly left: number;
}

/** Of a row `o`: it did not arrive, and nobody else at its address got the letter. */
const RETRIED = sql`(o.state in ('failed', 'suppressed', 'no_address') and o.last_error is distinct from 'letters.same_address')`;

/**
 * Puts messages that failed, were suppressed or had no address back into the queue, as they would be chosen
 * now: by the channel, at the address and in the language that the user has by now, in the wording that is
 * published by now. Attempts start again at zero. `today`: where the library is.
 */
export async function requeueMessages(tx: Queryable, choice: MessageChoice, today: string): Promise<Requeued> {
  const { rows: batches } = await tx.query<{ letter: string; channel: LetterRules['channel'] | null }>(sql`
    select distinct o.letter, kept.rules ->> 'channel' as channel
    from outbox o join runs r on r.id = o.run_id
    left join lateral jsonb_array_elements(case jsonb_typeof(r.letters) when 'array' then r.letters else '[]' end) as kept (rules) on kept.rules ->> 'code' = o.letter
    where ${chosen(choice)} and ${RETRIED}`);
  const total = { queued: 0, no_address: 0, suppressed: 0, left: 0 };
  for (const { letter, channel } of batches) {
    const rules = await readLetterRules(tx, letter, { channel: channel ?? 'preferred', today });
    if (rules === null) continue;
    const one = await requeueBatch(tx, sql`${chosen(choice)} and o.letter = ${letter}::text`, rules);
    for (const key of ['queued', 'no_address', 'suppressed', 'left'] as const) total[key] += one[key];
  }
  return total;
}

async function requeueBatch(tx: Queryable, which: Sql, rules: LetterRules): Promise<Requeued> {
  const { rows } = await tx.query<{ state: OutboxState | null; messages: number }>(sql`
    with held as materialized (
      select o.id, o.user_id from outbox o where ${which} and ${RETRIED} order by o.id for update
    ),
    fresh as (
      select held.id, c.channel, c.address, c.language, c.state, c.version
      from held join users u on u.id = held.user_id
      cross join lateral (${recipientQuery(recordOf('u'), rules)}) c
    ),
    moved as (
      update outbox o
      set state = f.state, channel = f.channel, address = f.address, language = f.language, letter_version = f.version,
        attempts = 0, interruptions = 0, next_at = now(), lease = null, handed_at = null, last_error = null
      from fresh f
      where o.id = f.id and f.state is not null
    )
    select f.state, count(*) as messages from fresh f group by f.state`);
  const count = (state: OutboxState | null): number => rows.find((row) => row.state === state)?.messages ?? 0;
  return { queued: count('queued'), no_address: count('no_address'), suppressed: count('suppressed'), left: count(null) };
}

/** What staff decide about messages of which nobody knows whether they went out. */
export const RESOLUTIONS = ['resend', 'sent', 'cancel'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

/** Says how many were uncertain and are no longer. Sent once more counts as a repeat: it may be there twice. */
export async function resolveUncertain(tx: Queryable, choice: MessageChoice, as: Resolution): Promise<number> {
  const { rowCount } = await tx.query(sql`
    with held as materialized (select o.id from outbox o where ${chosen(choice)} and o.state = 'uncertain' order by o.id for update)
    update outbox o
    set state = case ${as}::text when 'resend' then 'queued' when 'sent' then 'sent' else 'cancelled' end,
      repeats = o.repeats + case ${as}::text when 'resend' then 1 else 0 end,
      attempts = case ${as}::text when 'resend' then 0 else o.attempts end,
      sent_at = case ${as}::text when 'sent' then coalesce(o.handed_at, now()) end,
      next_at = now(), last_error = case ${as}::text when 'cancel' then o.last_error end
    from held where o.id = held.id`);
  return rowCount ?? 0;
}

/** Of a row `o`: it is one of the choice. */
export function chosen({ ids, run, letter }: MessageChoice): Sql {
  return sql`(true
    ${ids === undefined ? empty : sql`and o.id = any(${ids}::bigint[])`}
    ${run === undefined ? empty : sql`and o.run_id = ${run}::bigint`}
    ${letter === undefined ? empty : sql`and o.letter = ${letter}::text`})`;
}

/** Of a row `o`: the state as it is shown. */
export const SHOWN_STATE: Sql = sql`case when o.state = 'queued' and (
  exists (select from outbox_pauses p where p.run_id = o.run_id and p.letter in ('', o.letter))
  or exists (select from settings s where s.name = 'letters.hold_all' and s.value = 'true')) then 'held' else o.state end`;
