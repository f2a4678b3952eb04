/** Looking closer at a preview: its users page by page, and a set of some of them. Nothing is counted again. */
import { z } from 'zod';
import { type Chosen, chosenUsers, pageChanges } from '../changes/index.ts';
import { id, operation, todayIn } from '../core/index.ts';
import { itemizedSet, setCreatedSchema, setDescription, setName } from '../sets/index.ts';
import { differenceFor } from '../users/index.ts';
import { parsePlan } from './plan.ts';
import { planForWhole, preparePreview, previewNext, userDifferenceSchema } from './preview.ts';

export const PREVIEW_OUTCOMES = ['changed', 'unchanged', 'skipped', 'failed'] as const;

const whose = { set: z.union([z.string(), z.number()]), plan: z.unknown() };

export const previewUsers = operation({
  name: 'job.preview_users',
  summary: {
    en: 'Shows the users of a preview page by page, with before and after',
    de: 'Zeigt die Benutzer einer Vorschau seitenweise, mit vorher und nachher',
  },
  privilege: 'jobs:run',
  input: z.strictObject({
    ...whose,
    outcome: z.enum(PREVIEW_OUTCOMES).optional().describe('Absent: all members'),
    limit: z.number().int().min(1).max(1000).default(50),
    after: z.number().int().min(0).default(0).describe('The `next` of the page before'),
  }),
  output: z.object({ users: z.array(userDifferenceSchema), next: previewNext }),
  audit: (i, output) => ({ entity: 'set', id: String(i.set), detail: { shown: output?.users.length ?? null } }),
  run: async (ctx, { set, plan, outcome, limit, after }) =>
    ctx.db.transaction(async (tx) => {
      const { prepared, members } = await preparePreview(tx, ctx, parsePlan(plan), set, todayIn(ctx.timeZone));
      const page = { limit, after, outcome: outcome ?? ('any' as const) };
      const users = (await pageChanges(tx, prepared.compiled, prepared.letters, members, page)).map((user) =>
        differenceFor(ctx.actor, user),
      );
      const last = users.at(-1);
      return { users, next: last !== undefined && users.length === limit ? last.id : null };
    }),
});

export const createSetFromPreview = operation({
  name: 'set.from_preview',
  summary: {
    en: 'Make a set of the users to whom a plan would do one thing, e.g. of those who can get no letter',
    de: 'Ein Benutzerset aus einer Vorschau anlegen, z. B. aus denen, die keinen Brief bekommen können',
  },
  privilege: 'sets:write',
  input: z.strictObject({
    ...whose,
    outcome: z.enum(PREVIEW_OUTCOMES).optional(),
    reason: z.string().min(1).max(100).optional().describe('Code of the reason for which they are skipped or fail'),
    warning: z.string().min(1).max(100).optional().describe('Code of a warning that a change of the plan has for them'),
    letter: z
      .enum(['no_address', 'suppressed', 'opted_out', 'only_institutional', 'queued'])
      .optional()
      .describe('What would become of a letter to them'),
    name: setName,
    description: setDescription.optional(),
    private: z.boolean().default(true),
  }),
  output: setCreatedSchema.extend({ id }),
  audit: (input, output) => ({
    entity: 'set',
    id: output?.id ?? null,
    detail: { name: input.name, of: String(input.set), members: output?.members ?? null },
  }),
  run: async (ctx, { set: of, plan, name, description, private: own, outcome, reason, warning, letter }) =>
    ctx.db.transaction(async (tx) => {
      const { set, prepared, members } = await preparePreview(tx, ctx, parsePlan(plan), of, todayIn(ctx.timeZone));
      await planForWhole(tx);
      const chosen: Chosen = { outcome, reason, warning, letter };
      const users = chosenUsers(prepared.compiled, prepared.letters, members, chosen);
      return itemizedSet(ctx, tx, { name, description, private: own }, { from: 'set', what: set.name }, users);
    }),
});
