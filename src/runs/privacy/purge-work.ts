import type { PoolClient } from 'pg';
import sql from 'sql-template-tag';
import { hasPrivilege } from '../../access/index.ts';
import { type Counts, noCounts } from '../../changes/index.ts';
import { type Actor, AppError } from '../../core/index.ts';
import { eraseUsers } from './erase-users.ts';
import { keptSql, type PurgePlan } from './purge-reasons.ts';
import { keepTally, tallyOf } from './purge-statistics.ts';

export interface PurgeChunk {
  readonly runId: number;
  readonly plan: PurgePlan;
  readonly actor: Actor;
  readonly today: string;
  readonly timeZone: string;
  readonly userIds: readonly number[];
}

/**
 * Erases the members of a chunk. Whether somebody is to be kept is asked again, under lock: loans may
 * have come since the preview. Who was erased is written down nowhere; the counts say how many
 * (`changed`). Throws `access.denied` when the author may not erase users any more.
 */
export async function purgeChunk(tx: PoolClient, chunk: PurgeChunk): Promise<Counts> {
  const { actor, userIds } = chunk;
  if (!hasPrivilege(actor, 'users:delete')) throw new AppError('access.denied', { privilege: 'users:delete', actor: actor.name });
  await tx.query(sql`select u.id from users u where u.id = any (${userIds}::bigint[]) order by u.id for update`);
  const { rows } = await tx.query<{ id: number; reason: string | null }>(sql`
    select u.id, ${keptSql(actor, chunk.today, chunk.plan.purge.fees_up_to)} as reason
    from users u where u.id = any (${userIds}::bigint[]) order by u.id`);
  const kept = rows.filter((row) => row.reason !== null);
  await tx.query(sql`
    insert into run_outcomes (run_id, user_id, outcome, reason)
    select ${chunk.runId}::bigint, k.id, 'skipped', k.reason
    from unnest(${kept.map((row) => row.id)}::bigint[], ${kept.map((row) => row.reason)}::text[]) as k (id, reason)`);
  const going = rows.filter((row) => row.reason === null).map((row) => row.id);
  const tally = chunk.plan.purge.statistics === 'keep' ? await tallyOf(tx, going) : [];
  const erased = await eraseUsers(tx, going, {
    reason: 'purge',
    forced: false,
    actor: actor.name,
    runId: chunk.runId,
    timeZone: chunk.timeZone,
  });
  await keepTally(tx, tally, chunk.today);
  const gone = userIds.length - rows.length;
  const reasons: Record<string, number> = gone === 0 ? {} : { 'runs.user_erased': gone };
  for (const { reason } of kept) if (reason !== null) reasons[reason] = (reasons[reason] ?? 0) + 1;
  return { ...noCounts(0), members: userIds.length, changed: erased.users, skipped: kept.length + gone, reasons };
}
