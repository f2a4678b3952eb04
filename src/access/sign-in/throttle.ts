/**
 * Slow-down and temporary locks. An attempt is counted before it is looked at, in one statement, so that
 * a hundred attempts at once get no further than a hundred in a row; a success takes it back. All of it
 * is in the database and holds over processes and restarts.
 */
import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import sql, { type Sql } from 'sql-template-tag';
import { AppError, type Queryable } from '../../core/index.ts';

export interface Limit {
  /** So many attempts are free; that one and each further one lock. */
  readonly attempts: number;
  /** The first lock; each further attempt doubles it, up to `longestSeconds`. */
  readonly lockSeconds: number;
  readonly longestSeconds: number;
  /** After so long without an attempt all is forgotten. */
  readonly forgetSeconds: number;
}

/** Wrong passwords for one account: after the fifth half a minute, then a minute, two … up to an hour. */
export const PER_ACCOUNT: Limit = { attempts: 5, lockSeconds: 30, longestSeconds: 3_600, forgetSeconds: 86_400 };
/** Wrong passwords from one address, which may be a whole reading room's. */
export const PER_ADDRESS: Limit = { attempts: 50, lockSeconds: 60, longestSeconds: 3_600, forgetSeconds: 3_600 };
/** Letters about a forgotten password. */
export const FORGOTTEN_PER_ACCOUNT: Limit = { attempts: 3, lockSeconds: 3_600, longestSeconds: 86_400, forgetSeconds: 86_400 };
export const FORGOTTEN_PER_ADDRESS: Limit = { attempts: 20, lockSeconds: 3_600, longestSeconds: 86_400, forgetSeconds: 86_400 };

/** The key of an account; of what leads to nobody, a hash, since people type their password there, too. */
export function accountKey(userId: number | undefined, given: string): string {
  if (userId !== undefined) return `user:${userId}`;
  return `name:${createHash('sha256').update(given.normalize('NFC').trim().toLowerCase()).digest('hex').slice(0, 32)}`;
}

/** The key of a network address; of IPv6 the /64, all of which one line has. */
export function addressKey(address: string): string {
  return `address:${isIPv6(address) ? prefixOf(address) : address}`;
}

/** The first four groups of an IPv6 address, written out. */
function prefixOf(address: string): string {
  const [head = '', tail] = (address.split('%')[0] ?? '').toLowerCase().split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups =
    tail === undefined ? first : [...first, ...Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => '0'), ...last];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}

/** Counts an attempt. Throws `access.locked` when the key is locked; such an attempt does not count. */
export async function countAttempt(db: Queryable, key: string, limit: Limit): Promise<void> {
  const forgotten = sql`t.last_at < now() - make_interval(secs => ${limit.forgetSeconds}::integer)`;
  const attempts = sql`case when ${forgotten} then 1 else t.attempts + 1 end`;
  const { rowCount } = await db.query(sql`
    insert into sign_in_throttle as t (key, attempts, locked_until) values (${key}::text, 1, ${lockOf(sql`1`, limit)})
    on conflict (key) do update
    set attempts = ${attempts}, last_at = now(), locked_until = ${lockOf(attempts, limit)}
    where t.locked_until is null or t.locked_until <= now()`);
  if (rowCount === 0) throw new AppError('access.locked', { seconds: await secondsLocked(db, key) });
}

/** Until when so many attempts lock; null: not at all. */
function lockOf(attempts: Sql, limit: Limit): Sql {
  return sql`case when ${attempts} >= ${limit.attempts}::integer then now() + make_interval(secs =>
    least(${limit.longestSeconds}::double precision, ${limit.lockSeconds}::double precision * 2.0 ^ least(${attempts} - ${limit.attempts}::integer, 20))) end`;
}

async function secondsLocked(db: Queryable, key: string): Promise<number> {
  const { rows } = await db.query<{ seconds: number }>(sql`
    select greatest(1, ceil(extract(epoch from t.locked_until - now())))::integer as seconds from sign_in_throttle t where t.key = ${key}::text`);
  return rows[0]?.seconds ?? 1;
}

/** Takes an attempt back that was none, with the lock that it brought; others stay. */
export async function takeAttemptBack(db: Queryable, key: string, limit: Limit): Promise<void> {
  await db.query(sql`
    update sign_in_throttle t set attempts = greatest(t.attempts - 1, 0),
      locked_until = case when t.attempts - 1 >= ${limit.attempts}::integer then t.locked_until end
    where t.key = ${key}::text`);
}

/** The right password was given, or a new one set: the account is free again. */
export async function freeAccount(db: Queryable, userId: number): Promise<void> {
  await db.query(sql`delete from sign_in_throttle t where t.key = ${accountKey(userId, '')}::text`);
}
