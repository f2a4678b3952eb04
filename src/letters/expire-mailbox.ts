import { rm } from 'node:fs/promises';
import path from 'node:path';
import sql from 'sql-template-tag';
import type { Context } from '../core/index.ts';
import { readSendingSettings } from './settings.ts';

/** Files removed by one statement's worth of rows. */
const PAGE = 500;

/**
 * Removes the mailbox's files that carry a password and are older than the library keeps them
 * (`letters.password_file_hours`, 24 unless set). The ledger keeps the message, without its file.
 * Says how many were removed.
 */
export async function expireMailbox(ctx: Context): Promise<number> {
  const { passwordFileHours } = await readSendingSettings(ctx.db.pool);
  let removed = 0;
  for (;;) {
    const { rows } = await ctx.db.pool.query<{ id: number; file: string }>(sql`
      select o.id, o.file
      from outbox o
      join notification_types t on t.code = o.letter and t.credentials
      where o.file is not null and o.sent_at < now() - make_interval(secs => 3600 * ${passwordFileHours}::double precision)
      order by o.id
      limit ${PAGE}::integer`);
    if (rows.length === 0) return removed;
    // A file that someone has already taken away is gone all the same.
    await Promise.all(rows.map((row) => rm(path.join(ctx.dataDir, row.file), { force: true })));
    await ctx.db.pool.query(sql`update outbox set file = null where id = any(${rows.map((row) => row.id)}::bigint[])`);
    removed += rows.length;
  }
}
