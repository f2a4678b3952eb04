import sql from 'sql-template-tag';
import type { Actor, Queryable } from '../core/index.ts';

/** What people see of themselves when they are signed in. */
export interface OwnCard {
  readonly primary_id: string;
  /** First and last name, or the primary id where there is none. */
  readonly name: string;
  readonly account_type: string;
  /** A password of theirs is in force, so it can be changed. */
  readonly has_password: boolean;
  readonly must_change_password: boolean;
  readonly roles: readonly {
    readonly type: string;
    readonly label: { readonly en: string; readonly de: string };
    /** The one library that the role is for. */
    readonly library: string | null;
  }[];
}

interface Row {
  readonly primary_id: string;
  readonly name: string | null;
  readonly account_type: string;
  readonly has_password: boolean;
  readonly must_change_password: boolean;
}

/** Null for an actor who is no user, or whose record is gone. */
export async function ownCard(db: Queryable, actor: Actor): Promise<OwnCard | null> {
  if (actor.kind !== 'user') return null;
  const { rows } = await db.query<Row>(sql`
    select u.primary_id, nullif(concat_ws(' ', coalesce(u.pref_first_name, u.first_name), coalesce(u.pref_last_name, u.last_name)), '') as name,
           u.account_type, u.credential_state = 'password' as has_password,
           u.credential_state = 'password' and u.force_password_change as must_change_password
    from users u where u.id = ${actor.userId}::bigint`);
  const user = rows[0];
  if (user === undefined) return null;
  const labels = await db.query<{ code: string; label_en: string; label_de: string }>(sql`
    select c.code, c.label_en, c.label_de from codes c
    where c.table_name = 'UserRoles' and c.code = any (${actor.roles.map((role) => role.type)}::text[])`);
  const labelOf = new Map(labels.rows.map((row) => [row.code, { en: row.label_en, de: row.label_de }]));
  return {
    ...user,
    name: user.name ?? user.primary_id,
    roles: actor.roles.map(({ type, scope, library }) => ({
      type,
      label: labelOf.get(type) ?? { en: type, de: type },
      library: library === true ? scope : null,
    })),
  };
}
