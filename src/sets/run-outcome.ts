import { AppError, type Queryable } from '../core/index.ts';
import sql, { type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { journalledRun, type JournalledRun, journalledUsers } from '../users/index.ts';

export const outcomeSchema = z.enum(['changed', 'created', 'unchanged', 'skipped', 'failed', 'conflict']);
export type Outcome = z.output<typeof outcomeSchema>;

/**
 * The users to whom a run did this (`user_id`, each once; users erased since are left out, and for a record
 * that was merged since comes who has everything of it). Changed is
 * who stands in the run's journal, and created those of them whom the run made. Exceptions stand in
 * `run_outcomes`, and unchanged are the remaining
 * members of the chunks that were done: whom an aborted run never came to is not among them. With a
 * reason, only those who are an exception for it. Of a load, failed are those whose records it did not
 * take, where it is known whom they meant.
 */
export async function outcomeUsers(db: Queryable, runId: number, outcome: Outcome, reason?: string): Promise<Sql> {
  const run = await journalledRun(db, runId);
  if (run === undefined) throw new AppError('sets.run_not_found', { run: runId });
  if (run.journal_dropped && (outcome === 'changed' || outcome === 'created' || outcome === 'unchanged'))
    throw new AppError('privacy.journal_dropped', { id: runId });
  const users = usersOf(run, outcome, reason ?? null);
  return sql`select distinct coalesce(u.merged_into, t.user_id) as user_id from (${users}) t join users u on u.id = t.user_id`;
}

function usersOf(run: JournalledRun, outcome: Outcome, reason: string | null): Sql {
  switch (outcome) {
    case 'changed':
      return journalledUsers(run);
    case 'created':
      return sql`
        select j.user_id from journal j
        where j.run_id = ${run.id}::bigint and j.at >= ${run.created_at}::timestamptz and j.diff ? 'created'`;
    case 'unchanged':
      return sql`
        select m.user_id from run_chunks c cross join lateral unnest(c.user_ids) as m (user_id)
        where c.run_id = ${run.id}::bigint and c.state = 'done'
        except select o.user_id from run_outcomes o where o.run_id = ${run.id}::bigint
        except (${journalledUsers(run)})`;
    default:
      return sql`
        select o.user_id from run_outcomes o
        where o.run_id = ${run.id}::bigint and o.outcome = ${outcome}::text and (${reason}::text is null or o.reason = ${reason}::text)
        union all
        select r.user_id from run_rejections r
        where r.run_id = ${run.id}::bigint and ${outcome}::text = 'failed' and (${reason}::text is null or r.code = ${reason}::text)`;
  }
}
