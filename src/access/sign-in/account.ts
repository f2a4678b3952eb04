/** The account behind what somebody typed as their user name. */
import sql from 'sql-template-tag';
import type { Queryable } from '../../core/index.ts';

export interface Account {
  readonly id: number;
  readonly primary_id: string;
  /** Active, and not expired today. */
  readonly active: boolean;
  readonly internal: boolean;
  readonly credential_id: number | null;
  /** Hash of the password in force; null: none, pending, ended, or not kept here. */
  readonly hash: string | null;
  readonly must_change: boolean;
}

/** Nobody's identifier is longer. */
const LONGEST = 255;

/**
 * The user whose primary id this is, or an identifier of a type that signs in: that is every type with
 * unique values, unless its code in `UserIdentifierTypes` has the property `"sign_in": false`. Passwords
 * of external users do not count, nor temporary ones that have ended.
 */
export async function findAccount(db: Queryable, identifier: string, today: string): Promise<Account | undefined> {
  const given = identifier.trim();
  if (given === '' || given.length > LONGEST || given.includes('\0')) return undefined;
  const { rows } = await db.query<Account>(sql`
    select u.id, u.primary_id, u.account_type = 'INTERNAL' as internal, c.id as credential_id, c.hash,
      u.status = 'ACTIVE' and (u.expiry_date is null or u.expiry_date >= ${today}::date) as active,
      u.force_password_change or coalesce(c.temporary, false) as must_change
    from user_keys k
    join users u on u.id = k.user_id
    left join credentials c on c.id = u.credential_id and u.credential_state = 'password' and c.kind = 'password'
      and u.account_type = 'INTERNAL' and (c.expires_at is null or c.expires_at > now())
    where k.key = fold(${given}::text) and (fold(u.primary_id) = k.key or exists (
      select from user_identifiers i
      left join codes t on t.table_name = 'UserIdentifierTypes' and t.code = i.type
      where i.user_id = u.id and fold(i.value) = k.key and i.status = 'ACTIVE'
        and coalesce((t.properties ->> 'sign_in')::boolean, true)))`);
  return rows[0];
}

/** Names and ids of a user, none of which may stand in the password. */
export async function namesOf(db: Queryable, userId: number): Promise<readonly (string | null)[]> {
  const { rows } = await db.query<{ names: readonly (string | null)[] }>(sql`
    select array[u.primary_id, u.first_name, u.middle_name, u.last_name, u.pref_first_name, u.pref_middle_name, u.pref_last_name]
      || array(select i.value from user_identifiers i where i.user_id = u.id)
      || array(select e.address from user_emails e where e.user_id = u.id) as names
    from users u where u.id = ${userId}::bigint`);
  return rows[0]?.names ?? [];
}
