import { z } from 'zod';
import { AppError, operation, todayIn } from '../../core/index.ts';
import { findUser } from '../../users/index.ts';
import { removeDoomedFiles } from './doomed-files.ts';
import { eraseUsers } from './erase-users.ts';
import { assertErasable } from './may-erase.ts';

/** Erases one user for good. There is no undo, so the confirmation is the primary id itself. */
export const eraseUser = operation({
  name: 'user.erase',
  summary: {
    en: 'Erases a user for good: record, history, messages, memberships',
    de: 'Löscht einen Benutzer endgültig: Datensatz, Verlauf, Nachrichten, Mitgliedschaften',
  },
  privilege: 'users:delete',
  input: z.strictObject({
    user: z.string().min(1).describe('Primary id or any identifier'),
    confirm: z.string().default('').describe('The primary id, once more'),
    force: z.boolean().default(false).describe('Although loans, requests or fees are open'),
    reason: z.string().trim().max(500).optional().describe('Why; stays with the count, so it should name nobody'),
  }),
  output: z.object({
    erasure: z.number().describe('Number of the count that is left'),
    users: z.number(),
    journal: z.number().describe('Entries of the history that went with the user'),
    messages: z.number(),
    sets: z.number().describe('Memberships in itemized sets'),
  }),
  // Once it is done, the audit must not bring back what has just been erased.
  audit: (input, output) =>
    output === undefined ? { entity: 'user', id: input.user } : { entity: 'user', id: null, detail: { erasure: output.erasure, users: 1 } },
  run: async (ctx, input) => {
    const erased = await ctx.db.transaction(async (tx) => {
      const user = await findUser(tx, input.user);
      if (folded(input.confirm) !== folded(user.primary_id)) throw new AppError('privacy.confirm_erasure', { user: user.primary_id });
      await assertErasable(tx, ctx.actor, user, { force: input.force, today: todayIn(ctx.timeZone) });
      return eraseUsers(tx, [user.id], {
        reason: input.reason ?? null,
        forced: input.force,
        actor: ctx.actor.name,
        runId: null,
        timeZone: ctx.timeZone,
      });
    });
    await removeDoomedFiles(ctx);
    if (erased.id === null) throw new AppError('users.not_found', { id: input.user });
    const { id: erasure, users, journal, messages, sets } = erased;
    return { erasure, users, journal, messages, sets };
  },
});

function folded(text: string): string {
  return text.trim().normalize('NFC').toLowerCase();
}
