import sql, { empty, type Sql } from 'sql-template-tag';
import type { Queryable } from '../core/index.ts';
import { recipientSql } from './recipient.ts';

/** What may become of a message; who moves it from state to state stands at the table `outbox`. */
export const OUTBOX_STATES = ['queued', 'sending', 'sent', 'failed', 'no_address', 'cancelled'] as const;

export type OutboxState = (typeof OUTBOX_STATES)[number];

/** Which messages: by number or all of a run; one of the two must be given. */
export interface MessageChoice {
  readonly ids?: readonly number[] | undefined;
  readonly run?: number | undefined;
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
    sent: count('sent'),
    failed: count('failed'),
    no_address: count('no_address'),
    cancelled: count('cancelled'),
  };
}

/**
 * Stops what has not gone out, for an undo: queued letters, those that could not be delivered (nobody
 * is to retry them), and those a sender holds at this moment. Of the latter one may still go out; its
 * sender then counts it as sent. Rows are locked in id order, as the sender does it. `letters`: only of
 * these types. Says how many were stopped.
 */
export async function cancelQueued(
  tx: Queryable,
  runId: number,
  users: readonly number[] | 'all',
  letters?: readonly string[],
): Promise<number> {
  const whose: Sql = users === 'all' ? empty : sql`and h.user_id = any(${users}::bigint[])`;
  const which: Sql = letters === undefined ? empty : sql`and h.letter = any(${letters}::text[])`;
  const { rowCount } = await tx.query(sql`
    with held as materialized (
      select h.id from outbox h
      where h.run_id = ${runId}::bigint and h.state in ('queued', 'sending', 'failed', 'no_address') ${whose} ${which}
      order by h.id
      for update
    )
    update outbox o set state = 'cancelled'
    from held
    where o.id = held.id and o.state in ('queued', 'sending', 'failed', 'no_address')`);
  return rowCount ?? 0;
}

/** Gives messages up that are waiting, failed, or without an address. Says how many. */
export async function cancelMessages(tx: Queryable, choice: MessageChoice): Promise<number> {
  const { rowCount } = await tx.query(sql`
    with held as materialized (
      select o.id from outbox o
      where ${chosen(choice)} and o.state in ('queued', 'failed', 'no_address')
      order by o.id
      for update
    )
    update outbox o set state = 'cancelled'
    from held
    where o.id = held.id and o.state in ('queued', 'failed', 'no_address')`);
  return rowCount ?? 0;
}

/**
 * Puts failed messages, and those without an address, back into the queue, with the address that the
 * user has now; who still has none stays without. Attempts start again at zero.
 */
export async function requeueMessages(tx: Queryable, choice: MessageChoice): Promise<{ queued: number; no_address: number }> {
  const ordinary = recipientSql('u', { credentials: false });
  const personal = recipientSql('u', { credentials: true });
  const { rows } = await tx.query<{ state: OutboxState; messages: number }>(sql`
    with held as materialized (
      select o.id from outbox o where ${chosen(choice)} and o.state in ('failed', 'no_address') order by o.id for update
    ),
    fresh as (
      select o.id, ${ordinary.language} as language,
        case when t.credentials then ${personal.address} else ${ordinary.address} end as address
      from held
      join outbox o on o.id = held.id
      join users u on u.id = o.user_id
      left join notification_types t on t.code = o.letter
    ),
    moved as (
      update outbox o
      set state = case when f.address is null then 'no_address' else 'queued' end,
        address = f.address, language = f.language, attempts = 0, next_at = now(), lease = null, last_error = null
      from fresh f
      where o.id = f.id and o.state in ('failed', 'no_address')
      returning o.state
    )
    select m.state, count(*) as messages from moved m group by m.state`);
  const count = (state: OutboxState): number => rows.find((row) => row.state === state)?.messages ?? 0;
  return { queued: count('queued'), no_address: count('no_address') };
}

function chosen(choice: MessageChoice): Sql {
  if (choice.ids !== undefined) {
    return choice.run === undefined
      ? sql`o.id = any(${choice.ids}::bigint[])`
      : sql`o.id = any(${choice.ids}::bigint[]) and o.run_id = ${choice.run}::bigint`;
  }
  return sql`o.run_id = ${choice.run ?? null}::bigint`;
}
