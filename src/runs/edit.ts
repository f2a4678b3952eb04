/** One user edited by hand: a plan over one user, applied at once, journalled like every other. */
import sql from 'sql-template-tag';
import { z } from 'zod';
import type { Counts } from '../changes/index.ts';
import { AppError, id, operation, type Queryable, sayAny, todayIn } from '../core/index.ts';
import { findUser, type FoundUser, userTag } from '../users/index.ts';
import { applySparing, lockForAdministrator } from './administrators.ts';
import { freezeMembers } from './freeze.ts';
import { parsePlan, settlePlan } from './plan.ts';
import { applicationOf, preparePlan } from './prepare-run.ts';
import { summaryOf, summarySchema } from './preview.ts';
import { insertRun } from './start.ts';
import { finalState, runStateSchema } from './states.ts';

const input = z.strictObject({
  /** Primary id or any identifier. */
  user: z.string().min(1),
  changes: z.array(z.unknown()).min(1),
  match: z
    .string()
    .min(1)
    .max(80)
    .optional()
    .describe('Tag of the user as the caller knows them (`userTag`): refuse when they have changed since'),
});

const editedSchema = z.object({ id, state: runStateSchema, counts: summarySchema, reasons: z.array(z.string()) });
export type Edited = z.output<typeof editedSchema>;

export const editUser = operation({
  name: 'user.update',
  summary: { en: 'Changes one user', de: 'Ändert einen Benutzer' },
  privilege: 'users:write',
  input,
  output: editedSchema,
  audit: (i) => ({ entity: 'user', id: i.user }),
  run: async (ctx, i): Promise<Edited> => {
    const given = parsePlan({ changes: i.changes });
    const today = todayIn(ctx.timeZone);
    return ctx.db.transaction(async (tx) => {
      const user = await findUser(tx, i.user);
      await lockForAdministrator(tx, user.id);
      if (i.match !== undefined) await requireUnchanged(tx, user, i.match);
      const plan = await settlePlan(tx, given);
      const prepared = await preparePlan(tx, plan, { today, actor: ctx.actor, movedSince: null });
      const id = await insertRun(tx, {
        kind: 'edit',
        name: sayAny(ctx.language, 'runs.one_user', { user: user.primary_id }),
        plan,
        set: null,
        digest: null,
        today,
        touches: prepared.prepared.touches,
        words: prepared.prepared.words,
        actor: ctx.actor,
        scheduleId: null,
        undoOf: null,
        undoChanges: null,
        templates: prepared.compiled.templates,
        letters: prepared.rules,
      });
      await freezeMembers(tx, id, sql`select ${user.id}::bigint as user_id`);
      const counts: Counts = await applySparing(tx, applicationOf(prepared, id, ctx.actor.name), [user.id], today);
      if (counts.members === 0) throw new AppError('users.not_found', { id: i.user });
      const state = finalState(counts);
      await tx.query(
        sql`update run_chunks set state = 'done', counts = ${JSON.stringify(counts)}::jsonb, finished_at = now() where run_id = ${id}::bigint`,
      );
      await tx.query(sql`update runs set state = ${state}::text, members = 1, counts = ${JSON.stringify(counts)}::jsonb,
        started_at = now(), finished_at = clock_timestamp() where id = ${id}::bigint`);
      return { id, state, counts: summaryOf(counts), reasons: Object.keys(counts.reasons).map((r) => sayAny(ctx.language, r)) };
    });
  },
});

/** Locks the user, so that nobody gets in between; throws `users.changed`. */
async function requireUnchanged(tx: Queryable, user: FoundUser, match: string): Promise<void> {
  const { rows } = await tx.query<{ version: number }>(
    sql`select u.version from users u where u.id = ${user.id}::bigint for no key update`,
  );
  if (rows[0] === undefined || match !== userTag({ id: user.id, version: rows[0].version })) {
    throw new AppError('users.changed', { user: user.primary_id });
  }
}
