/** What a program may not do to a user: the rules of the import (changes/merge-match.ts), for one record. */
import type { PoolClient } from 'pg';
import { canGrant, outranks } from '../access/index.ts';
import type { Difference } from '../changes/index.ts';
import { type Actor, AppError, type Context, todayIn } from '../core/index.ts';
import { type Administrator, ADMINISTRATOR_COLUMNS, type AdministratorRole, lastOf, type WholeUser } from '../users/index.ts';

/** Nobody edits who outranks them, and nobody edits themselves past what their role allows. */
export function checkMine(actor: Actor, user: WholeUser): void {
  if (actor.kind !== 'user') return;
  if (actor.userId === user.id) throw new AppError('feeds.own_record', {});
  const roles = user.rows.user_roles.map((role) => ({ type: String(role['type']), status: String(role['status']) }));
  if (outranks(actor, roles)) throw new AppError('feeds.user_not_yours', { value: String(user.fields.primary_id) });
}

/** The write has to start again, with the lock of whoever touches administrators taken before the user's. */
export class AdministratorTouched extends Error {}

/** @throws `feeds.role_not_yours`, `access.last_administrator`; AdministratorTouched unless that lock is held */
export async function checkDifference(
  tx: PoolClient,
  ctx: Context,
  user: WholeUser | null,
  difference: Difference,
  locked: boolean,
): Promise<void> {
  const roles = [...difference.rows].filter(([table]) => table.table === 'user_roles').flatMap(([, changes]) => changes);
  for (const change of roles) {
    if (change.op !== 'add') checkRole(ctx.actor, String(change.before['type']));
    if (change.op !== 'remove') checkRole(ctx.actor, String(change.after['type']));
  }
  if (user === null || !user.rows.user_roles.some((role) => role['type'] === '26')) return;
  if (roles.length === 0 && !Object.keys(difference.fields).some((name) => ADMINISTRATOR_COLUMNS.includes(name))) return;
  if (!locked) throw new AdministratorTouched();
  const last = await lastOf(tx, todayIn(ctx.timeZone), (each) => (each.id === user.id ? changed(each, difference, roles) : each));
  if (last.length > 0) throw new AppError('access.last_administrator', { users: last.map((each) => each.primary_id).join(', ') });
}

type RoleChange = Difference['rows'] extends ReadonlyMap<unknown, readonly (infer Change)[]> ? Change : never;

function changed(user: Administrator, difference: Difference, roles: readonly RoleChange[]): Administrator {
  const after = new Map(user.roles.map((role) => [role.id, role]));
  for (const [i, change] of roles.entries()) {
    if (change.op === 'remove') after.delete(change.id);
    else {
      const id = change.op === 'edit' ? change.id : -1 - i;
      after.set(id, { ...(change.after as unknown as Omit<AdministratorRole, 'id'>), id }); // a row of user_roles
    }
  }
  const fields = Object.fromEntries(
    ADMINISTRATOR_COLUMNS.flatMap((name) => (name in difference.fields ? [[name, difference.fields[name]?.[1]]] : [])),
  );
  return { ...user, ...fields, roles: [...after.values()] };
}

function checkRole(actor: Actor, type: string): void {
  const ofStaff = type !== '200' && actor.kind === 'user' && !actor.rights.editsStaff;
  if (ofStaff || !canGrant(actor, type)) throw new AppError('feeds.role_not_yours', { value: type });
}
