import sql from 'sql-template-tag';
import type { Context } from '../../core/index.ts';

/** How long a link that is over is kept, so that support can tell what became of it. */
const LINK_DAYS_KEPT = 90;

/** Housekeeping: sessions that are over, links that have long been, attempts that are forgotten. */
export async function tidySignIn(ctx: Context): Promise<void> {
  const db = ctx.db.pool;
  await db.query('delete from sessions s where s.expires_at < now() or s.last_seen_at + make_interval(secs => s.idle_seconds) < now()');
  await db.query(sql`delete from sign_in_links l where l.expires_at < now() - make_interval(days => ${LINK_DAYS_KEPT}::integer)`);
  await db.query(
    sql`delete from sign_in_throttle t where t.last_at < now() - interval '1 day' and coalesce(t.locked_until, t.last_at) < now()`,
  );
}
