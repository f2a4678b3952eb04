/**
 * Print batches in the database.
 *
 *     making → ready     all of it has been made, or as much as could be
 *     making → failed    nothing of it could be printed
 *     ready  → deleted   its files are gone: expired, downloaded (passwords), or deleted by a person
 *     failed → deleted   by a person
 *
 * A batch is made part by part, a part being one file. Whoever makes a part holds the batch by a lease. A
 * part's file and what became of its letters are settled in one transaction, so a part is there wholly or not
 * at all, and its letters are queued until it is.
 */
import sql, { empty, join, type Sql } from 'sql-template-tag';
import type { Database, Queryable } from '../../core/index.ts';
import { addressSql } from './address.ts';
import { codesOf } from './countries.ts';
import type { Layout } from './settings.ts';

export interface Batch {
  readonly id: number;
  readonly layout: Layout;
  readonly credentials: boolean;
  readonly attempts: number;
  /** Exactly as stored: says whose hold it is. */
  readonly lease: string;
  /** Parts that are made. */
  readonly parts: number;
}

export interface Waiting {
  readonly ordinary: number;
  readonly credentials: number;
}

/** Printed letters that may go into a batch: those of a paused run wait. */
function waitingSql(run: number | undefined): Sql {
  return sql`
    o.channel = 'print' and o.state = 'queued' and o.print_batch is null
    ${run === undefined ? empty : sql`and o.run_id = ${run}::bigint`}
    and not exists (select from outbox_pauses p where p.run_id = o.run_id and p.letter in ('', o.letter))`;
}

export async function countWaiting(db: Queryable, run?: number): Promise<Waiting> {
  const { rows } = await db.query<Waiting>(sql`
    select count(*) filter (where t.credentials is not true) as ordinary, count(*) filter (where t.credentials) as credentials
    from outbox o left join notification_types t on t.code = o.letter
    where ${waitingSql(run)}`);
  return rows[0] ?? { ordinary: 0, credentials: 0 };
}

/**
 * Puts the letters that wait into a batch, in the order of printing: the library's country first, then by the
 * country's code and the postal code. Null when there are none. Letters that carry passwords get batches of
 * their own.
 */
export async function openBatch(
  tx: Queryable,
  options: {
    readonly credentials: boolean;
    readonly layout: Layout;
    readonly home: string;
    readonly run?: number | undefined;
    readonly by: string;
  },
): Promise<{ readonly id: number; readonly messages: number } | null> {
  const { rows } = await tx.query<{ id: number }>(sql`
    insert into print_batches (layout, credentials, created_by)
    values (${options.layout}::text, ${options.credentials}::boolean, ${options.by}::text) returning id`);
  const id = rows[0]?.id ?? 0;
  const home = codesOf(options.home);
  const { rowCount: messages } = await tx.query(sql`
    with taken as materialized (
      select o.id, o.user_id
      from outbox o left join notification_types t on t.code = o.letter
      where ${waitingSql(options.run)} and coalesce(t.credentials, false) = ${options.credentials}::boolean
      order by o.id
      for update of o skip locked
    ),
    marked as (update outbox o set print_batch = ${id}::bigint from taken k where o.id = k.id returning o.id)
    insert into print_letters (batch_id, position, outbox_id)
    select ${id}::bigint,
      row_number() over (order by case when upper(a.country) <> all(${home}::text[]) then upper(a.country) end nulls first,
        a.postal_code, a.city, k.id),
      k.id
    from taken k
    join marked m on m.id = k.id
    left join lateral ${addressSql(sql`k.user_id`)} a on true`);
  if (messages === 0) {
    await tx.query(sql`delete from print_batches b where b.id = ${id}::bigint`);
    return null;
  }
  await tx.query(sql`update print_batches b set messages = ${messages}::integer where b.id = ${id}::bigint`);
  return { id, messages: messages ?? 0 };
}

/** Takes the oldest batch that is to be made and that nobody holds; the attempt counts until its part is settled. */
export async function holdBatch(db: Queryable, leaseSeconds: number): Promise<Batch | undefined> {
  const { rows } = await db.query<Batch>(sql`
    with open as (
      select b.id from print_batches b
      where b.state = 'making' and (b.lease is null or b.lease < now())
      order by b.id limit 1 for update skip locked
    )
    update print_batches b
    set lease = now() + make_interval(secs => ${leaseSeconds}::double precision), attempts = b.attempts + 1
    from open where b.id = open.id
    returning b.id, b.layout, b.credentials, b.attempts, b.lease, cardinality(b.files) as parts`);
  return rows[0];
}

/** The batch is no longer held by us: somebody else makes it, or it was given up. */
export class BatchLost extends Error {
  override readonly name = 'BatchLost';
}

/** Holds the batch for longer; throws `BatchLost`. */
export async function keepHold(db: Queryable, batch: Batch, leaseSeconds: number): Promise<Batch> {
  const { rows } = await db.query<{ lease: string }>(sql`
    update print_batches b set lease = now() + make_interval(secs => ${leaseSeconds}::double precision)
    where b.id = ${batch.id}::bigint and b.state = 'making' and b.lease = ${batch.lease}::timestamptz
    returning b.lease`);
  const lease = rows[0]?.lease;
  if (lease === undefined) throw new BatchLost();
  return { ...batch, lease };
}

/** Lets go of a batch whose part was not finished; `uncounted`: through no fault of the batch. */
export async function letGo(db: Queryable, batch: Batch, options: { readonly uncounted: boolean; readonly error?: string }): Promise<void> {
  await db.query(sql`
    update print_batches b
    set lease = null, attempts = b.attempts - ${options.uncounted ? 1 : 0}::integer, error = coalesce(${options.error ?? null}::text, b.error)
    where b.id = ${batch.id}::bigint and b.lease = ${batch.lease}::timestamptz`);
}

export interface Position {
  readonly position: number;
  readonly outbox_id: number;
}

/** The letters whose turn it is. */
export async function nextLetters(db: Queryable, batch: Batch, most: number): Promise<Position[]> {
  const { rows } = await db.query<Position>(sql`
    select l.position, l.outbox_id from print_letters l
    where l.batch_id = ${batch.id}::bigint and l.part is null
    order by l.position limit ${most}::integer`);
  return rows;
}

/** What became of a letter whose turn it was. */
export interface Outcome extends Position {
  /** `gone`: it was cancelled, or is in no batch any more. */
  readonly state: 'sent' | 'no_address' | 'failed' | 'cancelled' | 'gone';
  /** First page in the file, from 1. */
  readonly page?: number;
  readonly remark?: string;
  readonly language?: string;
  readonly version?: number | null;
}

/**
 * Settles a part: its file, and what became of its letters. False when one of the printed letters has been
 * cancelled since it was printed: then nothing is settled, and the part has to be made without it.
 */
export async function settlePart(
  db: Database,
  batch: Batch,
  part: { readonly file: string; readonly pages: number; readonly outcomes: readonly Outcome[] },
  more: (tx: Queryable) => Promise<void>,
): Promise<boolean> {
  const { outcomes } = part;
  const printed = outcomes.filter((outcome) => outcome.state === 'sent');
  const column = <T>(of: (outcome: Outcome) => T): T[] => outcomes.map(of);
  return db
    .transaction(async (tx) => {
      const { rowCount: held } = await tx.query(sql`
      update print_batches b
      set files = case when ${printed.length}::integer > 0 then b.files || ${part.file}::text else b.files end,
        printed = b.printed + ${printed.length}::integer, pages = b.pages + ${part.pages}::integer, attempts = 0, lease = null, error = null
      where b.id = ${batch.id}::bigint and b.state = 'making' and b.lease = ${batch.lease}::timestamptz`);
      if (held !== 1) throw new BatchLost();
      const { rows } = await tx.query<{ queued: number }>(sql`
      with locked as materialized (
        select o.id from outbox o
        where o.id = any(${printed.map((outcome) => outcome.outbox_id)}::bigint[]) and o.state = 'queued' and o.print_batch = ${batch.id}::bigint
        order by o.id for update)
      select count(*) as queued from locked`);
      if (rows[0]?.queued !== printed.length) throw new Cancelled();
      await tx.query(sql`
      update outbox o
      set state = n.state, attempts = o.attempts + 1, last_error = n.remark, lease = null,
        language = coalesce(n.language, o.language), letter_version = coalesce(n.version, o.letter_version),
        print_batch = case when n.state = 'sent' then o.print_batch end,
        sent_at = case when n.state = 'sent' then now() end
      from unnest(${column((o) => o.outbox_id)}::bigint[], ${column((o) => o.state)}::text[], ${column((o) => o.remark ?? null)}::text[],
        ${column((o) => o.language ?? null)}::text[], ${column((o) => o.version ?? null)}::bigint[]) as n (id, state, remark, language, version)
      where o.id = n.id and n.state <> 'gone' and o.state = 'queued' and o.print_batch = ${batch.id}::bigint`);
      await tx.query(sql`
      update print_letters l
      set part = case when n.state = 'sent' then ${batch.parts + 1}::integer else 0 end, page = n.page, remark = n.remark
      from unnest(${column((o) => o.position)}::integer[], ${column((o) => o.state)}::text[], ${column((o) => o.page ?? null)}::integer[],
        ${column((o) => o.remark ?? null)}::text[]) as n (position, state, page, remark)
      where l.batch_id = ${batch.id}::bigint and l.position = n.position`);
      await more(tx);
      return true;
    })
    .catch((error: unknown) => {
      if (error instanceof Cancelled) return false;
      throw error;
    });
}

class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/** All parts are made. */
export async function closeBatch(db: Queryable, batch: Batch, hours: number): Promise<void> {
  await db.query(sql`
    update print_batches b
    set state = case when cardinality(b.files) > 0 then 'ready' else 'failed' end, lease = null, attempts = 0, ready_at = now(),
      expires_at = now() + make_interval(secs => 3600 * ${hours}::double precision)
    where b.id = ${batch.id}::bigint and b.lease = ${batch.lease}::timestamptz`);
}

/** Gives up on the letters of a batch that are not printed yet: they wait again. Files that were made stay. */
export async function releaseLetters(tx: Queryable, batchId: number): Promise<void> {
  await tx.query(sql`
    with held as materialized (
      select o.id from outbox o where o.print_batch = ${batchId}::bigint and o.state = 'queued' order by o.id for update)
    update outbox o set print_batch = null, message_id = null from held h where o.id = h.id`);
  await tx.query(sql`delete from print_letters l where l.batch_id = ${batchId}::bigint and l.part is null`);
}

/** Ids of letters that an attempt may have put a password in force for. */
export async function lettersWithSecret(db: Queryable, batchId: number, states: readonly string[]): Promise<number[]> {
  const { rows } = await db.query<{ id: number }>(sql`
    select o.id from outbox o
    where o.print_batch = ${batchId}::bigint and o.message_id is not null and o.state in (${join(states.map((state) => sql`${state}::text`))})
    order by o.id`);
  return rows.map((row) => row.id);
}
