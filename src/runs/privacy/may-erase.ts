/** Whether somebody may be erased by this actor now. */
import type { PoolClient } from 'pg';
import sql from 'sql-template-tag';
import { outranksSql, ROLE } from '../../access/index.ts';
import { type Actor, AppError } from '../../core/index.ts';
import type { FoundUser } from '../../users/index.ts';

/** One lock for everything that could take the last administrator away: parallel calls each see the other's. */
const ADMINISTRATORS_LOCK = 5_318_008_418;

/**
 * Locks the user and throws what forbids the erasure: `privacy.own_record`, `privacy.outranks`,
 * `privacy.last_administrator`, `privacy.open_runs`, and, unless forced, `privacy.open_circulation`.
 */
export async function assertErasable(
  tx: PoolClient,
  actor: Actor,
  user: FoundUser,
  { force, today }: { readonly force: boolean; readonly today: string },
): Promise<void> {
  await tx.query(sql`select u.id from users u where u.id = ${user.id}::bigint for update`);
  if (actor.kind === 'user' && actor.userId === user.id) throw new AppError('privacy.own_record', { user: user.primary_id });
  const outranks = outranksSql(actor, sql`u.id`) ?? sql`false`;
  const { rows } = await tx.query<{ outranks: boolean; loans: number; requests: number; fees: number; run: number | null }>(sql`
    select ${outranks} as outranks, ${openSql.loans} as loans, ${openSql.requests} as requests, ${openSql.fees}::float8 as fees,
      (select min(r.id) from runs r where r.created_by = u.primary_id and r.state in (${openStates})) as run
    from users u where u.id = ${user.id}::bigint`);
  const found = rows[0];
  if (found === undefined) throw new AppError('users.not_found', { id: user.primary_id });
  if (found.outranks) throw new AppError('privacy.outranks', { user: user.primary_id });
  await assertAdministratorLeft(tx, user, today);
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

async function assertAdministratorLeft(tx: PoolClient, user: FoundUser, today: string): Promise<void> {
  const holders = sql`
    select distinct r.user_id from user_roles r join users u on u.id = r.user_id
    where r.type = ${ROLE.systemAdministrator} and r.status = 'ACTIVE' and (r.expiry_date is null or r.expiry_date >= ${today}::date)
      and u.status = 'ACTIVE' and (u.expiry_date is null or u.expiry_date >= ${today}::date)
      and not exists (select from codes c where c.table_name = 'Libraries' and c.code = r.scope)`;
  const holds = await tx.query(sql`select from (${holders}) h where h.user_id = ${user.id}::bigint`);
  if (holds.rowCount === 0) return;
  await tx.query(sql`select pg_advisory_xact_lock(${ADMINISTRATORS_LOCK}::bigint)`);
  const others = await tx.query(sql`select from (${holders}) h where h.user_id <> ${user.id}::bigint limit 1`);
  if (others.rowCount === 0) throw new AppError('privacy.last_administrator', { user: user.primary_id });
}
