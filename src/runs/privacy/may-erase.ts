/** Whether somebody may be erased by this actor now. */
import type { PoolClient } from 'pg';
import sql from 'sql-template-tag';
import { assertAdministratorsRemain, outranksSql } from '../../access/index.ts';
import { type Actor, AppError } from '../../core/index.ts';
import type { FoundUser } from '../../users/index.ts';

/**
 * Locks the user and throws what forbids the erasure: `privacy.own_record`, `privacy.outranks`,
 * `access.last_administrator`, `privacy.open_runs`, and, unless forced, `privacy.open_circulation`.
 */
export async function assertErasable(
  tx: PoolClient,
  actor: Actor,
  user: FoundUser,
  { force, today }: { readonly force: boolean; readonly today: string },
): Promise<void> {
  if (actor.kind === 'user' && actor.userId === user.id) throw new AppError('privacy.own_record', { user: user.primary_id });
  // Before the user's row is locked: that is the order of everybody who could take an administrator away.
  await assertAdministratorsRemain(tx, [user.id], today);
  await tx.query(sql`select u.id from users u where u.id = ${user.id}::bigint for update`);
  const outranks = outranksSql(actor, sql`u.id`) ?? sql`false`;
  const { rows } = await tx.query<{ outranks: boolean; loans: number; requests: number; fees: number; run: number | null }>(sql`
    select ${outranks} as outranks, ${openSql.loans} as loans, ${openSql.requests} as requests, ${openSql.fees}::float8 as fees,
      (select min(r.id) from runs r where r.created_by = u.primary_id and r.state in (${openStates})) as run
    from users u where u.id = ${user.id}::bigint`);
  const found = rows[0];
  if (found === undefined) throw new AppError('users.not_found', { id: user.primary_id });
  if (found.outranks) throw new AppError('privacy.outranks', { user: user.primary_id });
  if (found.run !== null) throw new AppError('privacy.open_runs', { user: user.primary_id, run: String(found.run) });
  const { loans, requests, fees } = found;
  if (!force && (loans > 0 || requests > 0 || fees > 0))
    throw new AppError('privacy.open_circulation', { user: user.primary_id, loans, requests, fees });
}

/** Over alias `u`: what the record's counts say, or the rows that tell it, whichever is more. */
export const openSql = {
  loans: sql`greatest(coalesce(u.loans, 0), (select count(*) from circulation c where c.user_id = u.id and c.kind = 'loan'))::integer`,
  requests: sql`greatest(coalesce(u.requests, 0), (select count(*) from circulation c where c.user_id = u.id and c.kind = 'request'))::integer`,
  fees: sql`greatest(coalesce(u.fees, 0), (select coalesce(sum(c.amount), 0) from circulation c where c.user_id = u.id and c.kind = 'fee'))`,
} as const;

/** States of a run whose author has to be there: its rights are looked at again when it goes on. */
export const openStates = sql`'MANUAL_HANDLING_REQUIRED', 'QUEUED', 'INITIALIZING', 'RUNNING', 'PAUSED', 'FINALIZING'`;
