/**
 * `Idempotency-Key`: a request that writes, sent again with the same key by the same caller, gets the
 * answer of the first and does nothing. The key is taken before the work begins and let go when the
 * work fails, since what fails writes nothing. Kept for 24 hours.
 */
import { createHash } from 'node:crypto';
import sql from 'sql-template-tag';
import type { FastifyRequest } from 'fastify';
import { type Actor, AppError, type Queryable } from '../core/index.ts';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface IdempotentRequest {
  readonly key: string;
  readonly actor: string;
  /** Of everything that makes it the same request. */
  readonly hash: string;
  /** The answer carries a secret, or could: it is not written down. */
  readonly secret: boolean;
}

/** How often a worker says that it is still there, and after how long its silence means its death. */
const SEEN_EVERY_MS = 10_000;
const DEAD_AFTER_SECONDS = 60;

/** Longest answer that is kept, in characters of JSON. */
const LONGEST_KEPT = 256 * 1024;

/** The request's key, if it has one. Throws `http.idempotency_key_invalid`. */
export function idempotencyKeyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) throw new AppError('http.idempotency_key_invalid', {});
  return key;
}

/** A key belongs to who uses it: the same user through another API key, or another user, has others. */
export function ownerOf(actor: Actor): string {
  return actor.kind === 'user' && actor.key !== undefined ? `${actor.name} #${actor.key.id}` : actor.name;
}

export function requestHash(method: string, path: string, input: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([method, path, input ?? null]))
    .digest('hex');
}

/**
 * Does `work` once per key; `replayed` says that the answer is that of an earlier request.
 * Throws `http.idempotency_reused`, `_in_progress`, `_interrupted`, `_not_kept`.
 */
export async function once(
  db: Queryable,
  request: IdempotentRequest,
  work: () => Promise<Answer>,
): Promise<Answer & { readonly replayed: boolean }> {
  const known = await take(db, request);
  if (known !== undefined) return { ...known, replayed: true };
  const seen = setInterval(() => void touch(db, request), SEEN_EVERY_MS);
  let answer: Answer;
  try {
    answer = await work();
  } catch (error) {
    await forget(db, request);
    throw error;
  } finally {
    clearInterval(seen);
  }
  const body = request.secret ? null : JSON.stringify(answer.body ?? null);
  await db.query(sql`
    update idempotency_keys set status = ${answer.status}::smallint, body = ${body === null || body.length > LONGEST_KEPT ? null : body}::jsonb
    where actor = ${request.actor}::text and key = ${request.key}::text`);
  return { ...answer, replayed: false };
}

/** Takes the key, or gives the answer that it already has. */
async function take(db: Queryable, request: IdempotentRequest): Promise<Answer | undefined> {
  const taken = await db.query(sql`
    insert into idempotency_keys as i (actor, key, request_hash) values (${request.actor}, ${request.key}, ${request.hash})
    on conflict (actor, key) do update set request_hash = excluded.request_hash, status = null, body = null, seen_at = now(), created_at = now()
      where i.created_at < now() - interval '24 hours'
    returning 1`);
  if (taken.rows.length > 0) return undefined;
  const { rows } = await db.query<{ request_hash: string; status: number | null; body: unknown; kept: boolean; alive: boolean }>(sql`
    select i.request_hash, i.status, i.body, i.body is not null as kept,
      i.seen_at > clock_timestamp() - make_interval(secs => ${DEAD_AFTER_SECONDS}::integer) as alive
    from idempotency_keys i where i.actor = ${request.actor}::text and i.key = ${request.key}::text`);
  const [row] = rows;
  // Let go between the two statements: the other one has failed just now.
  if (row === undefined) throw new AppError('http.idempotency_in_progress', {});
  if (row.request_hash !== request.hash) throw new AppError('http.idempotency_reused', {});
  if (row.status === null) throw new AppError(row.alive ? 'http.idempotency_in_progress' : 'http.idempotency_interrupted', {});
  if (!row.kept) throw new AppError('http.idempotency_not_kept', {});
  return { status: row.status, body: row.body };
}

async function touch(db: Queryable, request: IdempotentRequest): Promise<void> {
  await db
    .query(sql`update idempotency_keys set seen_at = clock_timestamp() where actor = ${request.actor}::text and key = ${request.key}::text`)
    // A database that is away tells the work itself.
    .catch(() => undefined);
}

async function forget(db: Queryable, request: IdempotentRequest): Promise<void> {
  await db
    .query(sql`delete from idempotency_keys where actor = ${request.actor}::text and key = ${request.key}::text and status is null`)
    .catch(() => undefined);
}

/** Deletes the keys whose time is over. */
export async function expireIdempotencyKeys(db: Queryable): Promise<void> {
  await db.query(`delete from idempotency_keys where created_at < now() - interval '24 hours'`);
}
