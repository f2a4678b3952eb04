import sql from 'sql-template-tag';
import { grantRuleOf, notGrantedSql } from '../access/index.ts';
import type { Touches } from '../changes/index.ts';
import { type Actor, AppError, type Queryable } from '../core/index.ts';
import { isClosedTo } from '../users/index.ts';
import { parsePlan } from './plan.ts';
import { authorGuards, MERGED_GUARD, preparePlan, type UserGuard } from './prepare-run.ts';

/**
 * Users whom an undo of this author leaves alone: those of a plan (`authorGuards`), and those to whom
 * the undone run did something with a role that the author may not grant. Its plan need not name such
 * a role ("remove all that are inactive"), but bringing it back is granting it.
 */
export function undoGuards(actor: Actor, runId: number, touches: Touches): UserGuard[] {
  // Only a load touches this field; it alone makes users whom an undo may meet.
  const made = 'absent_since' in touches.scalars ? [createdBy(runId)] : [];
  const guards = [MERGED_GUARD, ...made, ...authorGuards(actor, touches)];
  const rule = grantRuleOf(actor);
  if (!touches.tables.includes('user_roles') || (rule.all && rule.roles.length === 0)) return guards;
  const role = (state: 'before' | 'after') =>
    sql`(x.row -> ${state}::text ->> 'type' is not null and ${notGrantedSql(rule, sql`(x.row -> ${state}::text ->> 'type')`)})`;
  return [
    ...guards,
    {
      reason: 'changes.not_permitted',
      when: sql`exists (select from journal j join runs undone on undone.id = j.run_id
        cross join lateral jsonb_array_elements(j.diff -> 'rows') as e (entry)
        cross join lateral (select journal_row(e.entry, undone.row_templates) as row offset 0) x
        where j.run_id = ${runId}::bigint and j.user_id = u.id and x.row ->> 'table' = 'user_roles' and (${role('before')} or ${role('after')}))`,
    },
  ];
}

/** A user whom the run itself made has no record from before it to come back to. */
function createdBy(runId: number): UserGuard {
  return {
    reason: 'runs.created_by_load',
    when: sql`exists (select from journal j where j.run_id = ${runId}::bigint and j.user_id = u.id and j.diff ? 'created')`,
  };
}

/** Whoever undoes a run, or an undo, might have made the plan that it all began with; throws what making it would. */
export async function checkUndoAuthor(db: Queryable, runId: number, actor: Actor): Promise<void> {
  const { rows } = await db.query<{ plan: unknown; today: string; touches: Touches }>(sql`
    with recursive back as (
      select r.kind, r.plan, r.today, r.touches, r.undo_of from runs r where r.id = ${runId}::bigint
      union all
      select r.kind, r.plan, r.today, r.touches, r.undo_of from back b join runs r on r.id = b.undo_of)
    select b.plan, b.today, b.touches from back b where b.kind in ('job', 'edit', 'feed', 'merge')`);
  const first = rows[0];
  if (first === undefined) return;
  if (!isReplacement(first.plan)) {
    await preparePlan(db, parsePlan(first.plan), { today: first.today, actor, movedSince: null });
    return;
  }
  // A record that was replaced or merged has no plan to make; what the undo may touch is guarded user by user.
  const closed = [...Object.keys(first.touches.scalars), ...first.touches.tables].filter((name) => isClosedTo(actor, name));
  if (closed.length > 0) throw new AppError('changes.field_closed', { groups: closed.join(', ') });
}

/** The plan of a run that replaced one record (see changes/replace.ts), of a feed's load, or of one that made two records one. */
function isReplacement(plan: unknown): boolean {
  return typeof plan === 'object' && plan !== null && ('replace' in plan || 'feed' in plan || 'merge' in plan);
}
