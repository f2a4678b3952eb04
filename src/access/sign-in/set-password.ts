/** A new password comes into force: journalled, and everything that hung on the old one ends. */
import type { PoolClient } from 'pg';
import sql from 'sql-template-tag';
import { setCredential } from '../../changes/index.ts';
import { AppError, say, type TextCode } from '../../core/index.ts';
import { hashPassword } from '../passwords.ts';
import { hashing } from './bounded.ts';
import { freeAccount } from './throttle.ts';

type RunName = Extract<TextCode, `sign_in.run_${string}`>;

export interface NewPassword {
  readonly userId: number;
  /** Primary id. */
  readonly user: string;
  readonly hash: string;
  readonly temporary: boolean;
  readonly actor: string;
  /** What the run is called. */
  readonly name: Exclude<RunName, 'sign_in.run_first'>;
  readonly today: string;
}

/** Hashes a new password, in its turn. Throws `access.busy`. */
export async function preparedHash(password: string): Promise<string> {
  return hashing(() => hashPassword(password));
}

/** Every writer of a user takes their row first. */
export async function lockUser(tx: PoolClient, userId: number): Promise<void> {
  await tx.query(sql`select from users u where u.id = ${userId}::bigint for no key update`);
}

/**
 * Puts a password in force for a user whose row the transaction has locked: as a run of its own, with all
 * sessions and open links of the user ended and failed attempts forgotten. Answers the credential's
 * number; throws `access.not_internal`.
 */
export async function applyPassword(tx: PoolClient, given: NewPassword): Promise<number> {
  const made = await setCredential(tx, {
    userId: given.userId,
    hash: given.hash,
    temporary: given.temporary,
    actor: given.actor,
    today: given.today,
    // In English, as the names of undos and imports are: whoever reads the run may be somebody else.
    name: say('en', given.name, { user: given.user }),
  });
  if (made === null) throw new AppError('access.not_internal', { user: given.user });
  await tx.query(sql`delete from sessions s where s.user_id = ${given.userId}::bigint`);
  await tx.query(sql`update sign_in_links l set ended_at = now()
    where l.user_id = ${given.userId}::bigint and l.used_at is null and l.ended_at is null`);
  await freeAccount(tx, given.userId);
  return made.credentialId;
}
