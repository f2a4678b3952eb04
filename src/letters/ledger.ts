import sql from 'sql-template-tag';
import type { Database, Queryable } from '../core/index.ts';
import { type LetterInput, readLetterInputs } from './letter-input.ts';

/** A row of the outbox that this sender holds until its lease ends. */
export interface ClaimedRow {
  readonly id: number;
  /** When the claim ends, exactly as stored: it says whose claim it is. */
  readonly lease: string;
  /** This attempt included. */
  readonly attempts: number;
  readonly message_id: string | null;
  readonly credentials: boolean;
  readonly queued_on: string;
}

/** A claimed row with everything that its letter needs. */
export interface DueMessage extends ClaimedRow, Omit<LetterInput, keyof ClaimedRow> {}

/** What became of a claimed row. */
export interface Outcome {
  readonly row: ClaimedRow;
  /** `queued`: to be tried again after `delaySeconds`. */
  readonly state: 'sent' | 'queued' | 'failed' | 'cancelled' | 'no_address';
  readonly delaySeconds?: number;
  /** The attempt never reached the channel and does not count. */
  readonly uncounted?: boolean;
  readonly address?: string | null;
  readonly language?: string;
  readonly file?: string | null;
  /** See `failureText`. */
  readonly error?: string;
}

/**
 * Takes up to `limit` due rows: queued ones, and those whose sender was not heard of until its lease
 * ended. While a row is held, `next_at` is the end of the lease, so that `outbox_due` finds both alike.
 * The Message-ID is fixed here, before the first attempt; letters with a password get one per password.
 */
export async function claimDue(
  db: Queryable,
  options: { readonly limit: number; readonly leaseSeconds: number; readonly domain: string; readonly timeZone: string },
): Promise<ClaimedRow[]> {
  const { rows } = await db.query<ClaimedRow>(sql`
    with due as materialized (
      select o.id, coalesce(t.credentials, false) as credentials
      from outbox o
      left join notification_types t on t.code = o.letter
      where o.state in ('queued', 'sending') and o.next_at <= now()
      order by o.next_at, o.id
      limit ${options.limit}::integer
      for update of o skip locked
    )
    update outbox o
    set state = 'sending',
      attempts = o.attempts + 1,
      lease = now() + make_interval(secs => ${options.leaseSeconds}::double precision),
      next_at = now() + make_interval(secs => ${options.leaseSeconds}::double precision),
      message_id = case when due.credentials then o.message_id
        else coalesce(o.message_id, '<' || gen_random_uuid() || '@' || ${options.domain}::text || '>') end
    from due
    where o.id = due.id
    returning o.id, o.lease, o.attempts, o.message_id, due.credentials,
      to_char(o.created_at at time zone ${options.timeZone}::text, 'YYYY-MM-DD') as queued_on`);
  return rows.sort((a, b) => a.id - b.id);
}

/** Reads what the letters of the claimed rows need, in one statement. */
export async function readDue(db: Queryable, claimed: readonly ClaimedRow[]): Promise<DueMessage[]> {
  const byId = new Map(claimed.map((row) => [row.id, row]));
  const inputs = await readLetterInputs(db, [...byId.keys()]);
  return inputs.flatMap((input) => {
    const claim = byId.get(input.id);
    return claim === undefined ? [] : [{ ...input, ...claim }];
  });
}

/**
 * Stores the Message-ID of a letter whose password is being committed in the same transaction; false
 * when the row is no longer ours (cancelled by an undo, or the lease had ended).
 */
export async function storeMessageId(tx: Queryable, row: ClaimedRow, messageId: string): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    update outbox o set message_id = ${messageId}::text
    where o.id = ${row.id}::bigint and o.state = 'sending' and o.lease = ${row.lease}::timestamptz`);
  return rowCount === 1;
}

/**
 * Writes what became of claimed rows, in one statement. Rows that are no longer ours stay as they
 * are, but for one case: a letter that had gone out when it was cancelled counts as sent, which it is.
 * Rows are locked in id order, as an undo does that cancels them, so that the two do not deadlock.
 */
export async function recordOutcomes(db: Queryable, outcomes: readonly Outcome[]): Promise<void> {
  if (outcomes.length === 0) return;
  await db.query(sql`
    with held as materialized (
      select h.id from outbox h where h.id = any(${outcomes.map((o) => o.row.id)}::bigint[]) order by h.id for update
    )
    update outbox o
    set state = n.state,
      attempts = o.attempts - n.uncounted,
      next_at = case when n.state = 'queued' then now() + make_interval(secs => n.delay) else o.next_at end,
      lease = null,
      address = coalesce(n.address, o.address),
      language = coalesce(n.language, o.language),
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
      ${outcomes.map((o) => o.file ?? null)}::text[],
      ${outcomes.map((o) => o.error ?? null)}::text[]
    ) as n (id, lease, state, uncounted, delay, address, language, file, error)
    join held on held.id = n.id
    where o.id = n.id and o.lease = n.lease
      and (o.state = 'sending' or (o.state = 'cancelled' and n.state = 'sent'))`);
}

export interface Recorder {
  add(outcome: Outcome): void;
  /** Resolves when everything is written; rejects with the first error of writing. */
  flush(): Promise<void>;
}

/**
 * Collects outcomes while an earlier batch of them is being written, so a slow database makes for
 * fewer and larger statements, and what has gone out is written down at once when it is fast.
 */
export function createRecorder(db: Database): Recorder {
  let waiting: Outcome[] = [];
  let writing: Promise<void> | undefined;
  let failure: { readonly error: unknown } | undefined;

  const writeAll = async (): Promise<void> => {
    try {
      while (waiting.length > 0 && failure === undefined) {
        const batch = waiting;
        waiting = [];
        await recordOutcomes(db.pool, batch);
      }
    } catch (error) {
      failure = { error };
    } finally {
      writing = undefined;
    }
  };

  return {
    add: (outcome) => {
      waiting.push(outcome);
      // After an error the outcomes stay unwritten: the leases end, and the rows are taken again.
      if (failure === undefined) writing ??= writeAll();
    },
    flush: async () => {
      while (writing !== undefined) await writing;
      if (failure !== undefined) throw failure.error;
    },
  };
}
