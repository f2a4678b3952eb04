import type { PoolClient } from 'pg';
import type { Context } from '../../core/index.ts';

const BATCH = 1_000;

/**
 * Removes the empty records of merged users when nothing of their history is left: the merge can no longer
 * be undone then. Letters that they got, and what runs came to, go to who has everything else of theirs.
 */
export async function removeMerged(ctx: Pick<Context, 'db'>): Promise<number> {
  let removed = 0;
  for (;;) {
    const now = await ctx.db.transaction(removeSome);
    removed += now;
    if (now < BATCH) return removed;
  }
}

async function removeSome(tx: PoolClient): Promise<number> {
  await tx.query('drop table if exists removing');
  const { rowCount } = await tx.query(`
    create temp table removing on commit drop as
    select u.id as user_id, u.merged_into as keeper from users u
    where u.merged_into is not null and not exists (select from journal j where j.user_id = u.id)
    order by u.id limit ${BATCH} for update skip locked`);
  if ((rowCount ?? 0) === 0) return 0;
  await tx.query(`
    update outbox o set user_id = r.keeper from removing r where o.user_id = r.user_id
      and not exists (select from outbox k where k.user_id = r.keeper and k.run_id = o.run_id and k.letter = o.letter)
      and not exists (select from outbox k join removing x on x.user_id = k.user_id
        where x.keeper = r.keeper and k.run_id = o.run_id and k.letter = o.letter and k.id < o.id)`);
  await tx.query(`
    insert into doomed_files (path) select o.file from outbox o join removing r on r.user_id = o.user_id where o.file is not null
    on conflict (path) do nothing`);
  await tx.query(`
    update run_outcomes o set user_id = r.keeper from removing r where o.user_id = r.user_id
      and not exists (select from run_outcomes k where k.run_id = o.run_id and k.user_id = r.keeper)
      and not exists (select from run_outcomes k join removing x on x.user_id = k.user_id
        where x.keeper = r.keeper and k.run_id = o.run_id and k.user_id < o.user_id)`);
  await tx.query('delete from run_outcomes o using removing r where o.user_id = r.user_id');
  await tx.query('delete from users u using removing r where u.id = r.user_id');
  return rowCount ?? 0;
}
