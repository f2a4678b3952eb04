/**
 * One-time links that set a password. The token is in the link alone. Of several uses at once one wins:
 * whoever comes second waits for the user's row and finds the link used.
 */
import type { PoolClient } from 'pg';
import sql, { type Sql } from 'sql-template-tag';
import { AppError, type Context, type Queryable, todayIn } from '../../core/index.ts';
import { namesOf } from './account.ts';
import { checkPassword } from './password-rules.ts';
import { recordAttempt } from './record.ts';
import { applyPassword, lockUser, preparedHash } from './set-password.ts';
import { hashOf, newToken } from './tokens.ts';

export type LinkPurpose = 'run' | 'forgotten' | 'desk' | 'first';

export interface NewLink {
  readonly userId: number;
  readonly purpose: LinkPurpose;
  readonly runId: number | null;
  readonly madeBy: string;
  readonly hours: number;
  /** Made already, for a letter that has been rendered with it. */
  readonly token?: string;
}

export interface MadeLink {
  readonly token: string;
  /** ISO instant. */
  readonly expiresAt: string;
}

/** Where an installation is reached that has told nobody: the default of `muster start`. */
const HERE = 'http://127.0.0.1:7300';

/** The address that a link opens. */
export function linkUrl(publicUrl: string | undefined, token: string): string {
  return `${publicUrl ?? HERE}/set-password?token=${token}`;
}

/** Makes a link for an internal user; earlier open ones of the same purpose end. Null for external users. */
export async function makeLink(tx: Queryable, link: NewLink): Promise<MadeLink | null> {
  const token = link.token ?? newToken();
  await tx.query(sql`update sign_in_links l set ended_at = now()
    where l.user_id = ${link.userId}::bigint and l.purpose = ${link.purpose}::text and l.used_at is null and l.ended_at is null`);
  const { rows } = await tx.query<{ expires_at: string }>(sql`
    insert into sign_in_links (token_hash, user_id, purpose, run_id, credential_state, credential_id, made_by, expires_at)
    select ${hashOf(token)}::bytea, u.id, ${link.purpose}::text, ${link.runId}::bigint, u.credential_state, u.credential_id, ${link.madeBy}::text,
      now() + make_interval(hours => ${link.hours}::integer)
    from users u where u.id = ${link.userId}::bigint and u.account_type = 'INTERNAL'
    returning expires_at`);
  const made = rows[0];
  return made === undefined ? null : { token, expiresAt: made.expires_at };
}

/** Over `sign_in_links l` and `users u`: whether the link can be used on the day. */
export function openLink(today: string): Sql {
  return sql`l.used_at is null and l.ended_at is null and l.expires_at > now()
    and u.account_type = 'INTERNAL' and u.status = 'ACTIVE' and (u.expiry_date is null or u.expiry_date >= ${today}::date)
    and u.credential_state = l.credential_state and u.credential_id is not distinct from l.credential_id`;
}

export interface LinkedUser {
  readonly userId: number;
  /** Primary id: the name to sign in with. */
  readonly user: string;
}

/** Whose password a link sets, for its page. Throws `access.link_ended`. */
export async function readSignInLink(ctx: Context, token: string): Promise<LinkedUser> {
  const { rows } = await ctx.db.pool.query<{ id: number; primary_id: string }>(sql`
    select u.id, u.primary_id from sign_in_links l join users u on u.id = l.user_id
    where l.token_hash = ${hashOf(token)}::bytea and ${openLink(todayIn(ctx.timeZone))}`);
  const user = rows[0];
  if (user === undefined) throw new AppError('access.link_ended', {});
  return { userId: user.id, user: user.primary_id };
}

/**
 * Sets a password by a one-time link and answers whose. Throws `access.link_ended` for a link that is
 * unknown, used, expired or overtaken by something else, and `access.password_weak`, which leaves it open.
 */
export async function useSignInLink(ctx: Context, token: string, newPassword: string): Promise<LinkedUser> {
  let linked: LinkedUser | undefined;
  try {
    linked = await readSignInLink(ctx, token);
    checkPassword(newPassword, await namesOf(ctx.db.pool, linked.userId));
    const hash = await preparedHash(newPassword);
    const { userId, user } = linked;
    await ctx.db.transaction(async (tx) => {
      await lockUser(tx, userId);
      await spend(tx, token, todayIn(ctx.timeZone));
      await applyPassword(tx, {
        userId,
        user,
        hash,
        temporary: false,
        actor: user,
        name: 'sign_in.run_link',
        today: todayIn(ctx.timeZone),
      });
    });
    await recordAttempt(ctx, { operation: 'user.use_link', user, actor: user });
    return linked;
  } catch (error) {
    await recordAttempt(ctx, { operation: 'user.use_link', user: linked?.user ?? null, error });
    throw error;
  }
}

/** The user's row is locked: from here on it is ours or somebody else's. */
async function spend(tx: PoolClient, token: string, today: string): Promise<void> {
  const { rowCount } = await tx.query(sql`
    update sign_in_links l set used_at = now() from users u
    where l.token_hash = ${hashOf(token)}::bytea and u.id = l.user_id and ${openLink(today)}`);
  if (rowCount !== 1) throw new AppError('access.link_ended', {});
}

/** Links of a run that have not been used end with it: all, or those of some users. Answers how many. */
export async function endLinksOfRun(tx: Queryable, runId: number, users: readonly number[] | 'all'): Promise<number> {
  const { rowCount } = await tx.query(sql`
    update sign_in_links l set ended_at = now()
    where l.run_id = ${runId}::bigint and l.used_at is null and l.ended_at is null
      and (${users === 'all'}::boolean or l.user_id = any (${users === 'all' ? [] : users}::bigint[]))`);
  return rowCount ?? 0;
}
