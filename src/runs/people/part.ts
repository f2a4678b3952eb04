/**
 * The undo of a merge: two records parted again. It is an undo like every other (changes/undo.ts), with
 * this beside: both users or none, and what hangs on them goes back with them.
 */
import type { PoolClient } from 'pg';
import sql from 'sql-template-tag';
import { outranksSql } from '../../access/index.ts';
import { type Actor, AppError, type Queryable } from '../../core/index.ts';
import type { UserGuard } from '../prepare-run.ts';
import { MERGED_GUARD } from '../prepare-run.ts';
import { type Holdings, restoreHoldings } from './holdings.ts';

interface Merge {
  readonly keep_id: number;
  readonly give_up_id: number;
  readonly keep: string;
  readonly give_up: string;
  readonly holdings: Holdings | null;
}

/** Out of the journal; undefined when one of the two stands in it no more. */
async function mergeOf(db: Queryable, runId: number): Promise<Merge | undefined> {
  const { rows } = await db.query<Merge>(sql`
    select g.user_id as give_up_id, k.user_id as keep_id, u.primary_id as keep, g.diff #>> '{fields,primary_id,0}' as give_up,
      g.diff -> 'holdings' as holdings
    from journal g join journal k on k.run_id = g.run_id and k.user_id = (g.diff #>> '{fields,merged_into,1}')::bigint
    join users u on u.id = k.user_id
    where g.run_id = ${runId}::bigint and g.diff -> 'fields' ? 'merged_into' and exists (select from users s where s.id = g.user_id)`);
  return rows[0];
}

/** Whether the run is the undo of a merge. */
export async function undoesMerge(db: Queryable, runId: number): Promise<boolean> {
  const { rows } = await db.query(sql`
    select from runs r join runs m on m.id = r.undo_of and m.kind = 'merge' where r.id = ${runId}::bigint`);
  return rows.length > 0;
}

/**
 * What may be known before the undo begins. `some`: it was asked for a part of the merge only.
 *
 * @throws `merge.undo_whole`, `merge.gone`, `merge.undone_already`, `merge.merged_further`, `merge.own_record`, `merge.outranks`
 */
export async function checkParting(tx: PoolClient, actor: Actor, runId: number, some: boolean): Promise<void> {
  if (some) throw new AppError('merge.undo_whole', {});
  const merge = await mergeOf(tx, runId);
  if (merge === undefined) throw new AppError('merge.gone', {});
  const { rows } = await tx.query<{ id: number; primary_id: string; merged_into: number | null; outranks: boolean }>(sql`
    select u.id, u.primary_id, u.merged_into, ${outranksSql(actor, sql`u.id`) ?? sql`false`} as outranks
    from users u where u.id in (${merge.keep_id}::bigint, ${merge.give_up_id}::bigint) order by u.id`);
  for (const user of rows) {
    if (user.id === merge.give_up_id && user.merged_into === null) throw new AppError('merge.undone_already', {});
    if (user.merged_into !== (user.id === merge.keep_id ? null : merge.keep_id)) throw new AppError('merge.merged_further', {});
    if (actor.kind === 'user' && actor.userId === user.id) throw new AppError('merge.own_record', {});
    if (user.outranks) throw new AppError('merge.outranks', { user: user.primary_id });
  }
}

/** Of an undo's guards those of a parting: what keeps one of the two keeps both. */
export function partingGuards(runId: number, guards: readonly UserGuard[]): UserGuard[] {
  const members = sql`select j.user_id from journal j where j.run_id = ${runId}::bigint`;
  return [
    {
      reason: 'merge.merged_further',
      // The one that was given up is still the other's, and that one a record of its own.
      when: sql`(select count(*) from users u join journal j on j.run_id = ${runId}::bigint and j.user_id = u.id
        where u.merged_into is not distinct from (j.diff #>> '{fields,merged_into,1}')::bigint) <> 2`,
    },
    ...guards
      .filter((guard) => guard !== MERGED_GUARD)
      .map(({ reason, when }) => ({ reason, when: sql`exists (select from users u where u.id in (${members}) and (${when}))` })),
  ];
}

/** After the undo `undoId` has parted the records, in its transaction: what hangs on them follows. */
export async function partHoldings(tx: PoolClient, undoId: number): Promise<void> {
  const { rows } = await tx.query<{ merge: number }>(sql`
    select r.undo_of as merge from runs r join journal j on j.run_id = r.id and j.diff -> 'fields' ? 'merged_into' where r.id = ${undoId}::bigint`);
  const merge = rows[0] === undefined ? undefined : await mergeOf(tx, rows[0].merge);
  if (merge?.holdings == null) return;
  await restoreHoldings(
    tx,
    { keep: { id: merge.keep_id, primaryId: merge.keep }, giveUp: { id: merge.give_up_id, primaryId: merge.give_up } },
    merge.holdings,
  );
}
