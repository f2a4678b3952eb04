/** Credentials that the sender brings into force, as journalled changes of the run that reset them. */
import type { PoolClient } from 'pg';
import sql from 'sql-template-tag';
import { noCounts } from './outcome.ts';

/** When a temporary password made now ends: `sign_in.temporary_days` after, 14 unless set. */
const TEMPORARY_UNTIL = sql`now() + make_interval(days => coalesce((
  select (s.value #>> '{}')::integer from settings s
  where s.name = 'sign_in.temporary_days' and jsonb_typeof(s.value) = 'number'), 14))`;

export interface NewCredential {
  readonly runId: number;
  readonly userId: number;
  /** argon2id hash of the password that the letter carries. */
  readonly hash: string;
  /** A temporary password ends at `expiresAt` (ISO instant), else as many days from now as the library has set. */
  readonly temporary: boolean;
  readonly expiresAt?: string;
}

/**
 * Puts new passwords in force, each for another user, where the reset is still pending; answers for each, in
 * their order. 'stale': the reset was undone or something else has set a password since; the letter must
 * not go out. Users are locked in id order, as runs and undos do.
 */
export async function commitCredentials(tx: PoolClient, credentials: readonly NewCredential[]): Promise<('committed' | 'stale')[]> {
  const { text, values } = sql`
    with locked as materialized (
      select u.id, u.credential_id from users u
      where u.id = any(${credentials.map((c) => c.userId)}::bigint[]) and u.credential_state = 'pending'
      order by u.id for no key update),
    given as materialized (
      select l.id, l.credential_id, n.run_id, n.hash, n.temporary, n.expires_at
      from unnest(
        ${credentials.map((c) => c.userId)}::bigint[],
        ${credentials.map((c) => c.runId)}::bigint[],
        ${credentials.map((c) => c.hash)}::text[],
        ${credentials.map((c) => c.temporary)}::boolean[],
        ${credentials.map((c) => c.expiresAt ?? null)}::timestamptz[]
      ) as n (user_id, run_id, hash, temporary, expires_at)
      join locked l on l.id = n.user_id),
    made as (
      insert into credentials (user_id, kind, hash, temporary, expires_at)
      select g.id, 'password', g.hash, g.temporary, coalesce(g.expires_at, case when g.temporary then ${TEMPORARY_UNTIL} end)
      from given g returning id, user_id),
    written as (
      update users u set credential_state = 'password', credential_id = m.id, version = u.version + 1, modified_at = now()
      from made m where u.id = m.user_id)
    insert into journal (run_id, user_id, diff)
    select g.run_id, g.id, jsonb_build_object('fields', jsonb_build_object(
      'credential_state', jsonb_build_array('pending', 'password'),
      'credential_id', jsonb_build_array(g.credential_id, m.id)), 'rows', '[]'::jsonb)
    from given g join made m on m.user_id = g.id
    returning user_id`;
  // Planned once per connection: for the journal's partitions that takes longer than to write the rows.
  const { rows } = await tx.query<{ user_id: number }>({ name: 'commit_credentials', text, values });
  const committed = new Set(rows.map((row) => row.user_id));
  return credentials.map(({ userId }) => (committed.has(userId) ? 'committed' : 'stale'));
}

/** Takes a password out of force whose letter could not be delivered: the reset is pending again. */
export async function revokeCredential(tx: PoolClient, where: { readonly runId: number; readonly userId: number }): Promise<void> {
  await tx.query(sql`
    with locked as (
      select u.id, u.credential_id from users u
      where u.id = ${where.userId}::bigint and u.credential_state = 'password'
        and exists (select from journal j where j.user_id = u.id and j.run_id = ${where.runId}::bigint
          and j.diff -> 'fields' -> 'credential_id' -> 1 = to_jsonb(u.credential_id))
      for no key update),
    written as (
      update users u set credential_state = 'pending', credential_id = null, version = u.version + 1, modified_at = now()
      from locked l where u.id = l.id returning u.id)
    insert into journal (run_id, user_id, diff)
    select ${where.runId}::bigint, l.id, jsonb_build_object('fields', jsonb_build_object(
      'credential_state', jsonb_build_array('password', 'pending'),
      'credential_id', jsonb_build_array(l.credential_id, null)), 'rows', '[]'::jsonb)
    from locked l`);
}

export interface SetCredential {
  readonly userId: number;
  /** argon2id hash of the new password. */
  readonly hash: string;
  /** It ends after as many days as the library has set, and has to be changed at the next sign-in. */
  readonly temporary: boolean;
  /** Who set it, as the run and the record keep it. */
  readonly actor: string;
  /** What the run is called. */
  readonly name: string;
  /** Today in the library's time zone. */
  readonly today: string;
}

/**
 * Sets the password of one internal user as a run of its own of kind 'edit', in the caller's transaction,
 * which has locked the user's row. Answers the run, and the number of the credential that is in force now;
 * null when the user is not internal.
 */
export async function setCredential(tx: PoolClient, set: SetCredential): Promise<{ runId: number; credentialId: number } | null> {
  const counts = { ...noCounts(1), members: 1, changed: 1 };
  const words = [{ kind: 'password', en: 'Set a password', de: 'Passwort setzen' }];
  const touches = { scalars: { credential_state: [0], credential_id: [0], force_password_change: [0] }, tables: [] };
  const { rows } = await tx.query<{ run_id: number; credential_id: number }>(sql`
    with old as (
      select u.id, u.credential_state, u.credential_id, u.force_password_change from users u
      where u.id = ${set.userId}::bigint and u.account_type = 'INTERNAL'),
    made as (
      insert into credentials (user_id, kind, hash, temporary, expires_at)
      select o.id, 'password', ${set.hash}::text, ${set.temporary}::boolean, case when ${set.temporary}::boolean then ${TEMPORARY_UNTIL} end
      from old o returning id, user_id),
    run as (
      insert into runs (kind, name, state, plan, today, touches, words, members, counts, created_by, started_at, finished_at)
      select 'edit', ${set.name}::text, 'COMPLETED_SUCCESS', ${JSON.stringify({ changes: [{ change: 'password', reset: 'password', letter: false }] })}::jsonb,
        ${set.today}::date, ${JSON.stringify(touches)}::jsonb, ${JSON.stringify(words)}::jsonb, 1, ${JSON.stringify(counts)}::jsonb,
        ${set.actor}::text, now(), clock_timestamp()
      from old returning id),
    chunk as (
      insert into run_chunks (run_id, no, first_user, last_user, members, user_ids, state, counts, finished_at)
      select r.id, 0, o.id, o.id, 1, array[o.id], 'done', ${JSON.stringify(counts)}::jsonb, clock_timestamp() from run r cross join old o),
    written as (
      update users u set credential_state = 'password', credential_id = m.id, force_password_change = ${set.temporary}::boolean,
        version = u.version + 1, modified_at = now(), modified_by = ${set.actor}::text
      from made m where u.id = m.user_id),
    journalled as (
      insert into journal (run_id, user_id, diff)
      select r.id, o.id, jsonb_build_object('rows', '[]'::jsonb, 'fields',
        jsonb_build_object('credential_id', jsonb_build_array(o.credential_id, m.id))
        || case when o.credential_state <> 'password' then jsonb_build_object('credential_state', jsonb_build_array(o.credential_state, 'password')) else '{}' end
        || case when o.force_password_change <> ${set.temporary}::boolean
             then jsonb_build_object('force_password_change', jsonb_build_array(o.force_password_change, ${set.temporary}::boolean)) else '{}' end)
      from run r cross join old o join made m on m.user_id = o.id)
    select r.id as run_id, m.id as credential_id from run r cross join made m`);
  const made = rows[0];
  return made === undefined ? null : { runId: made.run_id, credentialId: made.credential_id };
}
