/** Credentials that the sender brings into force, as journalled changes of the run that reset them. */
import type { PoolClient } from 'pg';
import sql from 'sql-template-tag';

export interface NewCredential {
  readonly runId: number;
  readonly userId: number;
  /** argon2id hash of the password that the letter carries. */
  readonly hash: string;
  /** A temporary password ends at `expiresAt` (ISO instant). */
  readonly temporary: boolean;
  readonly expiresAt?: string;
}

/**
 * Puts a new password in force for a user whose reset is still pending. 'stale': the reset was undone
 * or something else has set a password since; the letter must not go out.
 */
export async function commitCredential(tx: PoolClient, credential: NewCredential): Promise<'committed' | 'stale'> {
  const { rowCount } = await tx.query(sql`
    with locked as (
      select u.id, u.credential_id from users u
      where u.id = ${credential.userId}::bigint and u.credential_state = 'pending' for no key update),
    made as (
      insert into credentials (user_id, kind, hash, temporary, expires_at)
      select l.id, 'password', ${credential.hash}::text, ${credential.temporary}::boolean, ${credential.expiresAt ?? null}::timestamptz
      from locked l returning id, user_id),
    written as (
      update users u set credential_state = 'password', credential_id = m.id, version = u.version + 1, modified_at = now()
      from made m where u.id = m.user_id returning u.id)
    insert into journal (run_id, user_id, diff)
    select ${credential.runId}::bigint, l.id, jsonb_build_object('fields', jsonb_build_object(
      'credential_state', jsonb_build_array('pending', 'password'),
      'credential_id', jsonb_build_array(l.credential_id, m.id)), 'rows', '[]'::jsonb)
    from locked l join made m on m.user_id = l.id`);
  return rowCount === 1 ? 'committed' : 'stale';
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
