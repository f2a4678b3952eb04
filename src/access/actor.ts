import sql, { type Sql } from 'sql-template-tag';
import { type Actor, type ActorRole, AppError, type Queryable } from '../core/index.ts';
import { type RightsSource, rightsFrom, rightsSourceSql } from './roles.ts';

export type UserActor = Extract<Actor, { kind: 'user' }>;

/** Who works at the machine itself: the owner of the data directory, with every right. */
export const ADMINISTRATOR: Actor = { kind: 'administrator', name: 'administrator' };

/** Muster itself: a worker, a schedule, a feed. */
export function systemActor(name: string): Actor {
  return { kind: 'system', name };
}

/** What makes a user an actor, as `actorColumns` reads it. */
export interface ActorRow {
  readonly id: number;
  readonly primary_id: string;
  readonly active: boolean;
  readonly held_roles: readonly { readonly type: string; readonly scope: string; readonly library: boolean }[];
  readonly rights_source: RightsSource;
}

/**
 * Over `users u`: who it is, whether active and not expired today, and the roles that count today:
 * ACTIVE and not expired. A role is for a single library when its scope is the code of one (code table
 * `Libraries`); every other scope is the institution's. `today` is a day, or an expression for one.
 */
export function actorColumns(today: string | Sql): Sql {
  const counting = sql`r.user_id = u.id and r.status = 'ACTIVE' and (r.expiry_date is null or r.expiry_date >= ${today}::date)`;
  return sql`u.id, u.primary_id,
    u.status = 'ACTIVE' and (u.expiry_date is null or u.expiry_date >= ${today}::date) as active,
    coalesce((
      select jsonb_agg(jsonb_build_object(
               'type', r.type, 'scope', r.scope,
               'library', exists (select from codes c where c.table_name = 'Libraries' and c.code = r.scope)) order by r.id)
      from user_roles r where ${counting}), '[]') as held_roles,
    ${rightsSourceSql(sql`array(select r.type from user_roles r where ${counting})`)} as rights_source`;
}

/**
 * The user `id` (primary id or any identifier, case-insensitive) as an actor, with the roles that
 * count today.
 *
 * Throws `access.unknown_actor`, `access.inactive_actor` for a user who is inactive or expired, and
 * `access.reserved_name` for a user called like the local administrator.
 */
export async function resolveActor(db: Queryable, id: string, today: string): Promise<Actor> {
  const { rows } = await db.query<ActorRow>(sql`
    select ${actorColumns(today)}
    from user_keys k
    join users u on u.id = k.user_id
    where k.key = fold(${id}::text)`);
  const user = rows[0];
  if (user === undefined) throw new AppError('access.unknown_actor', { id });
  return actorFrom(user);
}

/** A user who has been read, as an actor. Throws `access.inactive_actor` and `access.reserved_name`. */
export function actorFrom(user: ActorRow): UserActor {
  // The database keeps actors by name, so nobody else may act under the administrator's.
  if (user.primary_id.toLowerCase() === ADMINISTRATOR.name) throw new AppError('access.reserved_name', { id: user.primary_id });
  if (!user.active) throw new AppError('access.inactive_actor', { id: user.primary_id });
  const roles = user.held_roles.map(asRole);
  return { kind: 'user', name: user.primary_id, userId: user.id, roles, rights: rightsFrom(user.rights_source, roles) };
}

function asRole(role: ActorRow['held_roles'][number]): ActorRole {
  return role.library ? { type: role.type, scope: role.scope, library: true } : { type: role.type, scope: role.scope };
}

/**
 * The actor whose name the database keeps (owner of a schedule, author of a run), with the rights of
 * today. Throws like `resolveActor`.
 */
export async function actorNamed(db: Queryable, name: string, today: string): Promise<Actor> {
  return name === ADMINISTRATOR.name ? ADMINISTRATOR : resolveActor(db, name, today);
}
