/** Which users an export of changes is about, and up to when nothing can have been missed. */
import sql, { type Sql } from 'sql-template-tag';
import type { Queryable } from '../../core/index.ts';
import { isRecord } from '../../users/index.ts';

/** What circulation counts every night; that alone is no change of a record that a university keeps. */
const COUNTED = ['loans', 'requests', 'fees', 'circulation_on', 'last_patron_activity_date'];

/**
 * Users of the feed that somebody else than the feed's own loads has changed since then (`user_id`). Null: ever. Where
 * retention has already dropped a part of the journal that would say so, everybody who was written to at all is among
 * them: one too many does no harm, one too few does.
 */
export function changedMembers(code: string, since: string | null): Sql {
  const from = sql`coalesce(${since}::timestamptz, '-infinity')`;
  return sql`
    select u.id as user_id from users u
    where ${ownedBy(code)} and (
      u.id in (
        select j.user_id from journal j join runs r on r.id = j.run_id
        where j.at >= ${from} and r.kind <> 'feed'
          and ((j.diff -> 'fields') - ${COUNTED}::text[] <> '{}' or jsonb_array_length(coalesce(j.diff -> 'rows', '[]')) > 0))
      or u.modified_at >= ${from} and exists (
        select from runs r where r.journal_dropped and r.kind <> 'feed' and coalesce(r.finished_at, r.created_at) >= ${from}))`;
}

/** Every user of the feed. */
export function allMembers(code: string): Sql {
  return sql`select u.id as user_id from users u where ${ownedBy(code)}`;
}

function ownedBy(code: string): Sql {
  return sql`u.account_type = 'EXTERNAL' and u.external_id = ${code}::text and ${isRecord()}`;
}

/** Longer than a server takes from the beginning of a transaction until others see that it has begun. */
const SETTLING_SECONDS = 5;

/**
 * Up to when every change can be seen that there will ever be. The journal has the time at which a transaction *began*, so
 * one that is open now will bring changes of the past; whoever took the present time for the mark would never see them.
 * So the mark is the beginning of the oldest open transaction, less a little for those that have begun and do not show it
 * yet. A long one moves it back, and users are exported again: repeats are allowed, losses are not.
 *
 * To be asked before the changes are, and outside of any transaction. Processes of Muster sign in as one role, and a role
 * sees its own transactions; those of others only hold the mark back where the role may see them.
 */
export async function seenUpTo(db: Queryable): Promise<string> {
  const { rows } = await db.query<{ at: string }>(sql`
    select least(clock_timestamp(), min(a.xact_start)) - make_interval(secs => ${SETTLING_SECONDS}::double precision) as at
    from pg_stat_activity a
    where a.datname = current_database() and a.pid <> pg_backend_pid() and a.backend_type <> 'autovacuum worker'`);
  const at = rows[0]?.at;
  if (at === undefined) throw new Error('The database does not know what time it is.');
  return at;
}
