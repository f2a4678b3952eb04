/** Whether two records may be made one by this actor now; each reason is an error of its own. */
import type { PoolClient } from 'pg';
import sql from 'sql-template-tag';
import { canGrant, outranks, ROLE } from '../../access/index.ts';
import type { MergeUsersPlan } from '../../changes/index.ts';
import { type Actor, AppError } from '../../core/index.ts';
import {
  type Administrator,
  ADMINISTRATOR_COLUMNS,
  type AdministratorRole,
  closedTo,
  GROUP_FIELDS,
  lastOf,
  type WholeUser,
} from '../../users/index.ts';
import { openStates } from '../privacy/may-erase.ts';

/** What an edit of both would need. @throws `merge.own_record`, `merge.outranks`, `merge.role_not_yours`, `changes.field_closed` */
export function checkActor(actor: Actor, keep: WholeUser, giveUp: WholeUser): void {
  if (actor.kind !== 'user') return;
  for (const user of [keep, giveUp]) {
    if (actor.userId === user.id) throw new AppError('merge.own_record', {});
    const roles = user.rows.user_roles.map((role) => ({ type: String(role['type']), status: String(role['status']) }));
    if (outranks(actor, roles)) throw new AppError('merge.outranks', { user: nameOf(user) });
  }
  for (const role of giveUp.rows.user_roles) {
    const type = String(role['type']);
    const allowed = canGrant(actor, type) && (type === ROLE.patron || actor.rights.editsStaff);
    if (!allowed) throw new AppError('merge.role_not_yours', { give_up: nameOf(giveUp), keep: nameOf(keep), role: type });
  }
  const closed = closedTo(actor).filter((group) => {
    const { scalars, tables } = GROUP_FIELDS[group];
    return scalars.some((name) => giveUp.fields[name] !== null) || tables.some((table) => giveUp.rows[table].length > 0);
  });
  if (closed.length > 0) throw new AppError('changes.field_closed', { groups: closed.join(', ') });
}

/**
 * A record that a feed owns stays the one that is kept: its next file would look for it, find one that is
 * the library's own, and be refused.
 *
 * @throws `merge.feed_owns`, `merge.open_runs`, `merge.letters_under_way`
 */
export async function checkPair(tx: PoolClient, keep: WholeUser, giveUp: WholeUser): Promise<void> {
  if (giveUp.fields.account_type === 'EXTERNAL' && keep.fields.account_type !== 'EXTERNAL') {
    const feed = String(giveUp.fields.external_id);
    throw new AppError('merge.feed_owns', { give_up: nameOf(giveUp), feed });
  }
  const { rows } = await tx.query<{ run: number | null; letters: boolean }>(sql`
    select (select min(r.id) from runs r where r.created_by = ${nameOf(giveUp)}::text and r.state in (${openStates})) as run,
      exists (select from outbox o where o.user_id = ${giveUp.id}::bigint and o.state in ('sending', 'uncertain')) as letters`);
  const found = rows[0];
  if (found?.run != null) throw new AppError('merge.open_runs', { user: nameOf(giveUp), run: String(found.run) });
  if (found?.letters === true) throw new AppError('merge.letters_under_way', { user: nameOf(giveUp) });
}

/** The caller holds the lock of administrators. @throws `access.last_administrator` */
export async function checkAdministrators(
  tx: PoolClient,
  keep: WholeUser,
  giveUp: WholeUser,
  plan: MergeUsersPlan,
  today: string,
): Promise<void> {
  if (![keep, giveUp].some((user) => user.rows.user_roles.some((role) => role['type'] === ROLE.systemAdministrator))) return;
  const last = await lastOf(
    tx,
    today,
    (user) => {
      if (user.id === giveUp.id) return null;
      return user.id === keep.id ? merged(user, plan) : user;
    },
    [merged(administratorOf(keep), plan)],
  );
  if (last.length === 0) return;
  throw new AppError('access.last_administrator', { users: last.map((user) => user.primary_id).join(', ') });
}

function rolesAfter(plan: MergeUsersPlan): AdministratorRole[] {
  return plan.rows.flatMap(({ table, after, joins, id }) =>
    table.table === 'user_roles' && after !== null
      ? [{ ...(after as unknown as Omit<AdministratorRole, 'id'>), id: joins?.id ?? -(id ?? 0) }] // a row of user_roles
      : [],
  );
}

function merged(user: Administrator, plan: MergeUsersPlan): Administrator {
  const roles = new Map([...user.roles, ...rolesAfter(plan)].map((role) => [role.id, role]));
  const fields = Object.fromEntries(ADMINISTRATOR_COLUMNS.flatMap((name) => (name in plan.kept ? [[name, plan.kept[name]?.[1]]] : [])));
  return { ...user, ...fields, roles: [...roles.values()] };
}

/** Who holds the role only by the merge is none of those that were there before. */
function administratorOf({ id, fields, rows }: WholeUser): Administrator {
  const roles = rows.user_roles as unknown as readonly AdministratorRole[]; // rows of user_roles
  return {
    id,
    primary_id: String(fields.primary_id),
    status: String(fields.status),
    expiry_date: fields.expiry_date === null ? null : String(fields.expiry_date),
    account_type: String(fields.account_type),
    credential_state: String(fields.credential_state),
    roles: roles.filter((role) => role.type === ROLE.systemAdministrator),
  };
}

function nameOf(user: WholeUser): string {
  return String(user.fields.primary_id);
}
