import { rm } from 'node:fs/promises';
import path from 'node:path';
import sql from 'sql-template-tag';
import type { Context, Queryable } from '../../core/index.ts';

/** Deletes the files of print batches whose time is over. Says of how many batches. */
export async function expirePrints(ctx: Context): Promise<number> {
  const { rows } = await ctx.db.pool.query<{ id: number }>(sql`
    select b.id from print_batches b where b.state = 'ready' and b.expires_at < now() order by b.id`);
  for (const { id } of rows) await deleteFiles(ctx, ctx.db.pool, id);
  return rows.length;
}

/**
 * Deletes a batch's files. They go first: should the database be away, the batch still says that it has files,
 * and is deleted the next time.
 */
export async function deleteFiles(ctx: Context, tx: Queryable, id: number): Promise<void> {
  await rm(path.join(ctx.dataDir, 'print', String(id)), { recursive: true, force: true });
  await tx.query(sql`
    update print_batches b set state = 'deleted', files = array_fill(''::text, array[cardinality(b.files)])
    where b.id = ${id}::bigint and b.state in ('ready', 'failed')`);
}
