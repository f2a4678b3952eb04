/** A plan: an ordered list of changes, at most one notification, options. It is data. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { rawChange, settleChanges } from '../changes/index.ts';
import { AppError, parseInput, type Queryable } from '../core/index.ts';
import { type LetterRules, PLAN_CHANNELS } from '../letters/index.ts';

const MOST_CHANGES = 100;

export const planSchema = z
  .strictObject({
    name: z.string().trim().min(1).max(200).optional(),
    changes: z.array(rawChange).max(MOST_CHANGES).default([]),
    /**
     * A letter of this notification type: to the users that change (`changed`, the default), also to those who
     * are as the plan wants them already (`matched`), or to all members, those that the conditions leave out
     * included (`all`; always, when the plan changes nothing). Nobody who fails, or whom the author may not
     * change, is written to. `channel`: how each user wishes (`preferred`, the default), by e-mail alone, or on paper.
     */
    notify: z
      .strictObject({
        type: z.string().min(1).max(100),
        to: z.enum(['changed', 'matched', 'all']).optional(),
        channel: z.enum(PLAN_CHANNELS).optional(),
      })
      .optional(),
    /** Number of an uploaded value table that the changes take columns from. */
    values: z.number().int().positive().optional(),
    /** Skips users that somebody changed after the preview, instead of working on their present values. */
    strict: z.boolean().optional(),
    /** Protected fields of external users: held against their feed (default), or given up to it. */
    protected: z.enum(['hold', 'yield']).optional(),
    /** What a program that made the plan wants the report to tell: codes of texts. */
    remarks: z
      .array(z.strictObject({ code: z.string().min(1).max(100), params: z.record(z.string().max(100), z.string().max(255)).optional() }))
      .max(50)
      .optional(),
  })
  .refine((p) => p.changes.length > 0 || p.notify !== undefined, { message: 'a plan needs at least one change or a notification' });

export type Plan = z.output<typeof planSchema>;

/** Parses a plan; throws `input.invalid` with every problem and its place. */
export function parsePlan(raw: unknown): Plan {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) throw new AppError('runs.not_a_plan', {});
  return parseInput(planSchema, raw);
}

/** The plan with what its changes refer to written in (see `settleChanges`). */
export async function settlePlan(db: Queryable, plan: Plan): Promise<Plan> {
  return { ...plan, changes: await settleChanges(db, plan.changes) };
}

/** Says of two plans whether they, and the letters that go with them, are the same, whatever the order of their keys. */
export function planHash(plan: Plan, today: string, letters: readonly LetterRules[]): string {
  return createHash('sha256').update(canonical({ plan, today, letters })).digest('hex').slice(0, 16);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, v]) => v !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
