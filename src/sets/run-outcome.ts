import { AppError, type Queryable } from '../core/index.ts';
import sql, { type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { journalledRun, journalledUsers } from '../users/index.ts';

export const outcomeSchema = z.enum(['changed', 'unchanged', 'skipped', 'failed', 'conflict']);
export type Outcome = z.output<typeof outcomeSchema>;

/**
 * The users to whom a run did this (`user_id`, each once; users erased since are left out, and for a record
 * that was merged since comes who has everything of it). Changed is
 * who stands in the run's journal, exceptions stand in `run_outcomes`, and unchanged are the remaining
 * members of the chunks that were done: whom an aborted run never came to is not among them. With a
 * reason, only those who are an exception for it.
 */
export async function outcomeUsers(db: Queryable, runId: number, outcome: Outcome, reason?: string): Promise<Sql> {
  const run = await journalledRun(db, runId);
  if (run === undefined) throw new AppError('sets.run_not_found', { run: runId });
  if (run.journal_dropped && (outcome === 'changed' || outcome === 'unchanged'))
    throw new AppError('privacy.journal_dropped', { id: runId });
  const changed = journalledUsers(run);
  const users =
    outcome === 'changed'
      ? changed
      : outcome === 'unchanged'
        ? sql`
          select m.user_id from run_chunks c cross join lateral unnest(c.user_ids) as m (user_id)
          where c.run_id = ${runId}::bigint and c.state = 'done'
          except select o.user_id from run_outcomes o where o.run_id = ${runId}::bigint
          except (${changed})`
        : sql`
          select o.user_id from run_outcomes o
          where o.run_id = ${runId}::bigint and o.outcome = ${outcome}::text
            and (${reason ?? null}::text is null or o.reason = ${reason ?? null}::text)`;
  return sql`select distinct coalesce(u.merged_into, t.user_id) as user_id from (${users}) t join users u on u.id = t.user_id`;
}
