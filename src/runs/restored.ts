/** What has to be seen to when a backup has been put back. */
import sql from 'sql-template-tag';
import type { PoolClient } from 'pg';
import type { Queryable } from '../core/index.ts';
import { holdAllLetters } from '../letters/index.ts';
import { moveRun } from './states.ts';

/** Whether there are users, runs or sets: what a backup would replace, and beside which nobody wants made-up users. Asked also of a database without our tables. */
export async function isInUse(db: Queryable): Promise<boolean> {
  const { rows } = await db.query<{ made: boolean }>(sql`select to_regclass('muster.users') is not null as made`);
  if (rows[0]?.made !== true) return false;
  const found = await db.query<{ used: boolean }>(
    sql`select exists (select from users) or exists (select from runs) or exists (select from sets) as used`,
  );
  return found.rows[0]?.used === true;
}

/**
 * Nothing goes on by itself: what ran when the backup was made is paused, and letters are held, since
 * those that wait in it may have gone out after it was made.
 */
export async function settleRestored(tx: PoolClient): Promise<void> {
  const { rows } = await tx.query<{ id: number }>(sql`select r.id from runs r where r.state = 'RUNNING' order by r.id`);
  for (const { id } of rows) await moveRun(tx, id, { to: 'PAUSED', reason: 'runs.paused_by_restore' });
  await holdAllLetters(tx);
}
