/**
 * Nobody takes away the last administrator: of the General System Administrators there always stays
 * the best there is. Best is one who can sign in (an active account, not expired, the role active and
 * for the whole institution, a password or an identity provider); then one who only lacks the
 * password. A library without any has none to lose.
 *
 * Whoever writes what could take one away holds one lock while doing so: two writers at once could
 * each take away "not the last".
 */
import sql, { type Sql } from 'sql-template-tag';
import { AppError, type Queryable } from '../core/index.ts';

const ADVISORY_LOCK = 5_318_008_419;

export interface AdministratorRole {
  /** Of the row in `user_roles`. */
  readonly id: number;
  readonly type: string;
  readonly scope: string;
  readonly status: string;
  readonly expiry_date: string | null;
}

/** A holder of the role, whether it counts today or not. */
export interface Administrator {
  readonly id: number;
  readonly primary_id: string;
  readonly status: string;
  readonly expiry_date: string | null;
  readonly account_type: string;
  readonly credential_state: string;
  readonly roles: readonly AdministratorRole[];
}

/** Columns of `users` that decide on whether an administrator can sign in. */
export const ADMINISTRATOR_COLUMNS: readonly string[] = ['status', 'expiry_date', 'account_type', 'credential_state'];

/**
 * Waits for other writers that touch administrators; held to the end of the transaction. Take it before
 * any user's row. 'shared' is for writers who leave every administrator as good as before: they keep
 * those away who do not, and not each other.
 */
export async function lockAdministrators(tx: Queryable, mode: 'exclusive' | 'shared' = 'exclusive'): Promise<void> {
  await tx.query(
    mode === 'shared'
      ? sql`select pg_advisory_xact_lock_shared(${ADVISORY_LOCK}::bigint)`
      : sql`select pg_advisory_xact_lock(${ADVISORY_LOCK}::bigint)`,
  );
}

/** Whether one of these users holds the role: an index look-up, for writers who mostly touch others. */
export async function anyAdministrator(db: Queryable, members: Sql): Promise<boolean> {
  const { rows } = await db.query<{ any: boolean }>(sql`
    select exists (select from user_roles r where r.type = '26' and r.user_id in (${members})) as any`);
  return rows[0]?.any === true;
}

/** Everybody (or, of `members`, who) holds the role, and the codes of the libraries: a role for one of them makes no administrator. */
export async function readAdministrators(
  db: Queryable,
  members?: Sql,
): Promise<{ readonly all: readonly Administrator[]; readonly libraries: ReadonlySet<string> }> {
  const { rows } = await db.query<Administrator>(sql`
    select u.id, u.primary_id, u.status, u.expiry_date, u.account_type, u.credential_state,
      jsonb_agg(jsonb_build_object('id', r.id, 'type', r.type, 'scope', r.scope, 'status', r.status, 'expiry_date', r.expiry_date) order by r.id) as roles
    from user_roles r join users u on u.id = r.user_id
    where r.type = '26' and ${members === undefined ? sql`true` : sql`r.user_id in (${members})`}
    group by u.id order by u.id`);
  const codes = await db.query<{ code: string }>(sql`select c.code from codes c where c.table_name = 'Libraries'`);
  return { all: rows, libraries: new Set(codes.rows.map((row) => row.code)) };
}

/** The best that there is, and who is it. */
export async function bestRank(db: Queryable, today: string): Promise<{ readonly rank: number; readonly users: readonly Administrator[] }> {
  const { all, libraries } = await readAdministrators(db);
  const rank = Math.max(0, ...all.map((user) => rankOf(user, libraries, today)));
  return { rank, users: all.filter((user) => rankOf(user, libraries, today) === rank) };
}

/** 2: can sign in; 1: lacks the password only; 0: no administrator today (`YYYY-MM-DD`). */
export function rankOf(user: Administrator, libraries: ReadonlySet<string>, today: string): 0 | 1 | 2 {
  const lasts = (date: string | null): boolean => date === null || date >= today;
  const holds = user.roles.some(
    (role) => role.type === '26' && role.status === 'ACTIVE' && lasts(role.expiry_date) && !libraries.has(role.scope),
  );
  if (!holds || user.status !== 'ACTIVE' || !lasts(user.expiry_date)) return 0;
  return user.account_type !== 'INTERNAL' || user.credential_state === 'password' ? 2 : 1;
}

/**
 * Of the users `ids`, the one who has to stay so that an administrator stays, should all of them be
 * taken away (erased, purged); empty when somebody else stays. Takes the lock when one of them is an
 * administrator.
 */
export async function lastAdministratorAmong(tx: Queryable, ids: readonly number[], today: string): Promise<readonly Administrator[]> {
  if (!(await anyAdministrator(tx, sql`select x.id from unnest(${ids}::bigint[]) as x (id)`))) return [];
  await lockAdministrators(tx);
  const gone = new Set(ids);
  return lastOf(tx, today, (user) => (gone.has(user.id) ? null : user));
}

/**
 * The administrator who has to be left alone, when `after` is what would become of each (null: gone);
 * empty when the best there is stays as good. `others`: who holds the role only then, as they become. The
 * caller holds the lock.
 */
export async function lastOf(
  tx: Queryable,
  today: string,
  after: (user: Administrator) => Administrator | null,
  others: readonly Administrator[] = [],
): Promise<readonly Administrator[]> {
  const { all, libraries } = await readAdministrators(tx);
  const ranked = all.map((user) => {
    const next = after(user);
    return { user, before: rankOf(user, libraries, today), after: next === null ? 0 : rankOf(next, libraries, today) };
  });
  const best = Math.max(0, ...ranked.map((each) => each.before));
  if (best === 0 || ranked.some((each) => each.after >= best) || others.some((user) => rankOf(user, libraries, today) >= best)) return [];
  // The one with the highest number: runs go through their users from below, so a chunk on its own decides alike.
  const last = ranked.findLast((each) => each.before === best);
  return last === undefined ? [] : [last.user];
}

/**
 * For writes that take these users away, before they do. Throws `access.last_administrator` when no
 * administrator would stay.
 */
export async function assertAdministratorsRemain(tx: Queryable, ids: readonly number[], today: string): Promise<void> {
  const last = await lastAdministratorAmong(tx, ids, today);
  if (last.length > 0) throw new AppError('access.last_administrator', { users: last.map((user) => user.primary_id).join(', ') });
}
