/**
 * The journal goes by whole months: a partition is dropped when its last day is over time, so values
 * are kept for at least the days set, and at most until the month is over, too. That a run changed so
 * many users stays in its counts; the run is marked, and can no longer be undone.
 */
import sql, { raw } from 'sql-template-tag';
import type { Context } from '../../core/index.ts';

const BATCH = 5_000;

/** Removes what is older than `cutoff` (an instant); says how many entries went. */
export async function dropJournal(ctx: Pick<Context, 'db'>, cutoff: string): Promise<number> {
  const { rows: parts } = await ctx.db.pool.query<{ name: string; ends: string }>(sql`
    select p.name, p.ends::timestamptz as ends from (
      select c.relname::text as name, substring(pg_get_expr(c.relpartbound, c.oid) from $$TO \\('([^']+)'\\)$$) as ends
      from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'journal'::regclass) p
    where p.ends is not null and p.ends::timestamptz <= ${cutoff}::timestamptz order by 2`);
  let removed = 0;
  for (const part of parts) removed += await dropMonth(ctx, part.name, part.ends);
  return removed + (await emptyRest(ctx, cutoff)) + (await emptyEdits(ctx, cutoff));
}

/** Waits for nobody: a partition that somebody reads at this moment goes the next night. */
async function dropMonth(ctx: Pick<Context, 'db'>, name: string, ends: string): Promise<number> {
  try {
    return await ctx.db.transaction(async (tx) => {
      await tx.query(`set local lock_timeout = '3s'`);
      const { rows } = await tx.query<{ entries: number }>(sql`select count(*) as entries from ${raw(`"${name}"`)}`);
      await tx.query(sql`update runs r set journal_dropped = true where r.created_at < ${ends}::timestamptz and not r.journal_dropped`);
      await tx.query(sql`drop table ${raw(`"${name}"`)}`);
      return rows[0]?.entries ?? 0;
    });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '55P03') return 0;
    throw error;
  }
}

/** Entries of months that had no partition. */
async function emptyRest(ctx: Pick<Context, 'db'>, cutoff: string): Promise<number> {
  let removed = 0;
  for (;;) {
    const { rowCount } = await ctx.db.pool.query(sql`
      with old as (select j.ctid, j.run_id from journal_rest j where j.at < ${cutoff}::timestamptz limit ${BATCH}::integer),
      known as (update runs r set journal_dropped = true where r.id in (select o.run_id from old o) and not r.journal_dropped)
      delete from journal_rest j where j.ctid in (select o.ctid from old o)`);
    removed += rowCount ?? 0;
    if ((rowCount ?? 0) < BATCH) return removed;
  }
}

/**
 * The plan of an edit of one user says what the journal said, and its name whose record it was: without the
 * journal nothing would lead from the user to it when that is erased. It is not an entry more, so it is not counted.
 */
async function emptyEdits(ctx: Pick<Context, 'db'>, cutoff: string): Promise<0> {
  for (;;) {
    const { rowCount } = await ctx.db.pool.query(sql`
      update runs r set plan = '{"dropped": true}', row_templates = '[]', name = '[…]',
        words = coalesce((select jsonb_agg(jsonb_build_object('kind', w.word ->> 'kind', 'en', w.word ->> 'kind', 'de', w.word ->> 'kind') order by w.place)
          from jsonb_array_elements(r.words) with ordinality as w (word, place)), '[]')
      where r.id = any (array(select x.id from runs x where (x.kind in ('edit', 'merge') or x.kind = 'import' and x.members = 1) and x.journal_dropped and x.created_at < ${cutoff}::timestamptz
        and x.plan <> '{"dropped": true}' and not x.plan ? 'erased' limit ${BATCH}::integer))`);
    if ((rowCount ?? 0) < BATCH) return 0;
  }
}
