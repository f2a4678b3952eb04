/** Sessions: who has signed in. The token is the browser's alone; here is its hash. */
import sql, { type Sql } from 'sql-template-tag';
import { type Actor, AppError, type Context, type Queryable, readSetting } from '../../core/index.ts';
import { type ActorRow, actorColumns, actorFrom } from '../actor.ts';
import { recordAttempt } from './record.ts';
import { IDLE_MINUTES, SESSION_HOURS } from './settings.ts';
import { csrfOf, hashOf, newToken } from './tokens.ts';

export interface NewSession {
  readonly userId: number;
  readonly method: 'password' | 'link' | 'oidc';
  /** The identity provider's code, for `oidc`. */
  readonly provider?: string | null;
  /** What the browser calls itself. */
  readonly agent?: string | null;
  /** The password it was opened with. */
  readonly credentialId?: number;
  readonly mustChangePassword?: boolean;
}

export interface OpenedSession {
  /** For the cookie: it is nowhere else. */
  readonly token: string;
  /** ISO instant. */
  readonly expiresAt: string;
}

const LONGEST_AGENT = 300;

/** Opens a session, always under a new token; what the browser had before has no part in it. */
export async function openSession(ctx: Context, session: NewSession, db: Queryable = ctx.db.pool): Promise<OpenedSession> {
  const [hours, idle] = [await readSetting(db, SESSION_HOURS), await readSetting(db, IDLE_MINUTES)];
  const token = newToken();
  const { rows } = await db.query<{ expires_at: string }>(sql`
    insert into sessions (token_hash, user_id, method, provider, credential_id, must_change_password, address, agent, expires_at, idle_seconds)
    values (${hashOf(token)}::bytea, ${session.userId}::bigint, ${session.method}::text, ${session.provider ?? null}::text,
      ${session.credentialId ?? null}::bigint, ${session.mustChangePassword ?? false}::boolean, ${ctx.origin?.address ?? null}::text,
      ${session.agent?.slice(0, LONGEST_AGENT) ?? null}::text, now() + make_interval(hours => ${hours}::integer), ${idle * 60}::integer)
    returning expires_at`);
  return { token, expiresAt: rows[0]?.expires_at ?? '' };
}

export interface ResolvedSession {
  readonly sessionId: number;
  /** With the rights of today; without any as long as the password must be changed. */
  readonly actor: Extract<Actor, { kind: 'user' }>;
  /** What a write from one of our pages has to bring along. */
  readonly csrf: string;
  readonly mustChangePassword: boolean;
  readonly method: 'password' | 'link' | 'oidc';
  readonly provider: string | null;
  /** ISO instant. */
  readonly expiresAt: string;
}

/** Over `sessions s` and `users u`: neither expired nor idle, and what it was opened with still holds. */
export const LIVE: Sql = sql`s.expires_at > now() and s.last_seen_at + make_interval(secs => s.idle_seconds) > now()
  and case when s.method = 'oidc'
    then exists (select from identity_providers p where p.code = s.provider and p.enabled and u.account_type = any (p.account_types))
    else u.account_type = 'INTERNAL' and u.credential_state = 'password' and u.credential_id = s.credential_id end`;

interface SessionRow extends ActorRow {
  readonly session_id: number;
  readonly must_change_password: boolean;
  readonly method: ResolvedSession['method'];
  readonly provider: string | null;
  readonly expires_at: string;
  readonly seen: boolean;
}

/**
 * Whose session this is. Throws `access.no_session`: unknown, expired, idle for too long, ended, or the
 * user is inactive or has another password by now.
 */
export async function resolveSession(db: Queryable, token: string, today: string): Promise<ResolvedSession> {
  const query = sql`
    select s.id as session_id, s.must_change_password, s.method, s.provider, s.expires_at,
      s.last_seen_at > now() - interval '1 minute' as seen, ${actorColumns(today)}
    from sessions s join users u on u.id = s.user_id
    where s.token_hash = ${hashOf(token)}::bytea and ${LIVE}`;
  // Asked with every request of a browser: planned once per connection (0.5 ms in place of 3.8, 2026-11).
  const { rows } = await db.query<SessionRow>({ name: 'muster session', text: query.text, values: query.values });
  const row = rows[0];
  if (row === undefined || !row.active) throw new AppError('access.no_session', {});
  if (!row.seen) await db.query(sql`update sessions s set last_seen_at = now() where s.id = ${row.session_id}::bigint`);
  const actor = actorFrom(row);
  return {
    sessionId: row.session_id,
    actor: row.must_change_password ? { ...actor, rights: { ...actor.rights, privileges: [] } } : actor,
    csrf: csrfOf(token),
    mustChangePassword: row.must_change_password,
    method: row.method,
    provider: row.provider,
    expiresAt: row.expires_at,
  };
}

/** Ends the session of a token, which is audited; one that is not there is ended already. */
export async function endSession(ctx: Context, token: string): Promise<void> {
  const { rows } = await ctx.db.pool.query<{ user: string }>(sql`
    delete from sessions s using users u where s.token_hash = ${hashOf(token)}::bytea and u.id = s.user_id returning u.primary_id as "user"`);
  const user = rows[0]?.user;
  if (user !== undefined) await recordAttempt(ctx, { operation: 'session.sign_out', user, actor: user });
}
