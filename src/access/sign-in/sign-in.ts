/** Signing in with a password, and changing it. */
import sql from 'sql-template-tag';
import { type Actor, AppError, type Context, todayIn } from '../../core/index.ts';
import { verifyPassword } from '../passwords.ts';
import { type Account, namesOf } from './account.ts';
import { hashing } from './bounded.ts';
import { checkPassword, weak } from './password-rules.ts';
import { recordAttempt } from './record.ts';
import { type OpenedSession, openSession, resolveSession } from './sessions.ts';
import { applyPassword, lockUser, preparedHash } from './set-password.ts';
import { accountKey, countAttempt, freeAccount, PER_ACCOUNT } from './throttle.ts';
import { hashOf } from './tokens.ts';
import { verify } from './verify.ts';

export interface SignIn {
  /** Primary id or any identifier of a type that signs in. */
  readonly identifier: string;
  readonly password: string;
  /** What the browser calls itself. */
  readonly agent?: string | null;
}

export interface SignedIn extends OpenedSession {
  readonly mustChangePassword: boolean;
  readonly actor: Actor;
}

/**
 * Signs an internal user in. Throws `access.bad_credentials` (also for external users and accounts that do
 * not exist), `access.locked`, `access.busy`, `access.account_ended` for who knows the password of an
 * inactive or expired account, `access.reserved_name`. Done or refused, it is audited.
 */
export async function signIn(ctx: Context, given: SignIn): Promise<SignedIn> {
  let user: string | null = null;
  const seen = (account: Account | undefined): void => {
    user = account?.primary_id ?? null;
  };
  try {
    const account = await verify(ctx, { ...given, perAddress: true }, seen);
    const opened = await openSession(ctx, {
      userId: account.id,
      method: 'password',
      agent: given.agent ?? null,
      mustChangePassword: account.must_change,
      ...(account.credential_id === null ? {} : { credentialId: account.credential_id }),
    });
    const { actor } = await resolveSession(ctx.db.pool, opened.token, todayIn(ctx.timeZone));
    await recordAttempt(ctx, { operation: 'session.sign_in', user, actor: account.primary_id });
    return { ...opened, mustChangePassword: account.must_change, actor };
  } catch (error) {
    await recordAttempt(ctx, { operation: 'session.sign_in', user, error });
    throw error;
  }
}

export interface OwnPassword {
  /** The session's token. */
  readonly token: string;
  /** The present password. */
  readonly current: string;
  readonly password: string;
  readonly agent?: string | null;
}

/**
 * Changes the password of who is signed in. All their sessions and open links end, this session too: the
 * answer is a new one. Throws `access.no_session`, `access.bad_credentials` when the present password is
 * not right, `access.locked`, `access.password_weak`, `access.not_internal`.
 */
export async function setOwnPassword(ctx: Context, given: OwnPassword): Promise<OpenedSession> {
  const db = ctx.db.pool;
  const today = todayIn(ctx.timeZone);
  const { actor, sessionId } = await resolveSession(db, given.token, today);
  const { rows } = await db.query<{ hash: string }>(sql`
    select c.hash from users u join credentials c on c.id = u.credential_id
    where u.id = ${actor.userId}::bigint and u.account_type = 'INTERNAL' and u.credential_state = 'password'`);
  const hash = rows[0]?.hash;
  if (hash === undefined) throw new AppError('access.not_internal', { user: actor.name });
  try {
    await countAttempt(db, accountKey(actor.userId, ''), PER_ACCOUNT);
    if (!(await hashing(() => verifyPassword(hash, given.current)))) throw new AppError('access.bad_credentials', {});
    await freeAccount(db, actor.userId);
    if (given.password === given.current) throw weak('same');
    checkPassword(given.password, await namesOf(db, actor.userId));
    const made = await preparedHash(given.password);
    const opened = await ctx.db.transaction(async (tx) => {
      await lockUser(tx, actor.userId);
      // Ended meanwhile, by a second change of the password for example.
      const still = await tx.query(
        sql`select from sessions s where s.id = ${sessionId}::bigint and s.token_hash = ${hashOf(given.token)}::bytea`,
      );
      if (still.rowCount === 0) throw new AppError('access.no_session', {});
      const credentialId = await applyPassword(tx, {
        userId: actor.userId,
        user: actor.name,
        hash: made,
        temporary: false,
        actor: actor.name,
        name: 'sign_in.run_own',
        today,
      });
      return openSession(ctx, { userId: actor.userId, method: 'password', agent: given.agent ?? null, credentialId }, tx);
    });
    await recordAttempt(ctx, { operation: 'user.set_own_password', user: actor.name, actor: actor.name });
    return opened;
  } catch (error) {
    await recordAttempt(ctx, { operation: 'user.set_own_password', user: actor.name, actor: actor.name, error });
    throw error;
  }
}
