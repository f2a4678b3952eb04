import { rm } from 'node:fs/promises';
import path from 'node:path';
import sql from 'sql-template-tag';
import type { Context } from '../../core/index.ts';

const PAGE = 500;

/**
 * Removes the files that are to go and whose time has come; says how many. One that cannot be removed
 * (its directory is on a machine that is away) stays on the list for the next time.
 */
export async function removeDoomedFiles(ctx: Pick<Context, 'db' | 'dataDir'>): Promise<number> {
  let after = '';
  let removed = 0;
  for (;;) {
    const { rows } = await ctx.db.pool.query<{ path: string }>(sql`
      select d.path from doomed_files d where d.not_before <= now() and d.path > ${after} order by d.path limit ${PAGE}::integer`);
    const last = rows.at(-1);
    if (last === undefined) return removed;
    after = last.path;
    const gone = await Promise.all(rows.map(async (row) => ((await remove(ctx.dataDir, row.path)) ? [row.path] : [])));
    const { rowCount } = await ctx.db.pool.query(sql`delete from doomed_files d where d.path = any (${gone.flat()}::text[])`);
    removed += rowCount ?? 0;
  }
}

/** Nothing outside of the data directory is ever touched, whatever a row says. */
async function remove(dataDir: string, relative: string): Promise<boolean> {
  const file = path.resolve(dataDir, relative);
  if (!file.startsWith(path.resolve(dataDir) + path.sep)) return true;
  return rm(file, { force: true }).then(
    () => true,
    () => false,
  );
}
