/** The preview: the exact effect of a plan on a set, before anything is written. */
import type { PoolClient } from 'pg';
import sql, { type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { addLetters, countChanges, type Counts, noLetters, pageChanges } from '../changes/index.ts';
import { type Context, count, day, id, operation, sayAny, todayIn } from '../core/index.ts';
import type { LetterRules } from '../letters/index.ts';
import { findSet, memberIdsSql, type SetRow } from '../sets/index.ts';
import { differenceFor } from '../users/index.ts';
import { guardFor, guardSchema } from './guard.ts';
import { asksForApproval } from './oversight/hold.ts';
import { sparedBy } from './administrators.ts';
import { parsePlan, type Plan, planHash, settlePlan } from './plan.ts';
import { checkRights, type PreparedPlan, preparePlan } from './prepare-run.ts';

/** Sets up to this size are remembered with the preview, so that a refused confirmation can name who came and went. */
export const REMEMBERED_MEMBERS = 100_000;

export const reasonCountSchema = z.object({ reason: z.string(), text: z.string(), users: count });
export type ReasonCount = z.output<typeof reasonCountSchema>;

export const previewedChangeSchema = z.object({
  change: z.string().describe('Kind of change'),
  words: z.string().describe('What it does, in the language of who asks'),
  changed: count,
  unchanged: count,
  skipped: count,
  failed: count,
  skipped_reasons: z.array(reasonCountSchema),
  failed_reasons: z.array(reasonCountSchema),
  warnings: z.array(reasonCountSchema),
});
export type PreviewedChange = z.output<typeof previewedChangeSchema>;

const letterCountsSchema = z.object({
  recipients: count.describe('Users whom the plan chose; the next seven add up to it'),
  queued: count.describe('Messages that go out; divided by `channels`'),
  no_address: count,
  suppressed: count.describe('Every address of the user is suppressed'),
  opted_out: count,
  not_again: count.describe('Written to too recently'),
  once: count.describe('Written to already about this date'),
  same_address: count.describe('Another user of the job with the same address gets it; known when the job has ended'),
  only_institutional: count.describe('Of the queued letters with credentials, those to users with addresses of an institution only'),
  channels: z.record(z.string(), z.record(z.string(), count)).describe('email, sms or print → language → messages'),
});
/** By notification type as well. */
export const previewedLetters = {
  ...letterCountsSchema.shape,
  by_type: z.record(z.string(), letterCountsSchema),
  wording: z
    .array(
      z.object({
        type: z.string(),
        language: z.string(),
        version: id.describe('Number of the text; `number` counts the versions of one letter'),
        number: count,
        subject: z.string().describe('As it is written, with its fields'),
      }),
    )
    .describe('Which version of each letter goes out'),
};
const previewedLettersSchema = z.object(previewedLetters);
export type PreviewedLetters = z.output<typeof previewedLettersSchema>;

export const userDifferenceSchema = z.object({
  id,
  primary_id: z.string(),
  name: z.string(),
  outcome: z.enum(['changed', 'unchanged', 'skipped', 'failed', 'conflict']),
  reason: z.string().nullable(),
  fields: z.record(z.string(), z.tuple([z.unknown(), z.unknown()])).describe('Field → [before, after]'),
  rows: z.array(z.record(z.string(), z.unknown())).describe('What happens to addresses, notes, blocks …; as in the journal'),
  letters: z.array(z.string()).describe('Notification type of each letter that the user would get'),
});

export const previewNext = id.nullable().describe('Where the next page starts; null: this was the last');

export const summarySchema = z.object({ members: count, changed: count, unchanged: count, skipped: count, failed: count });

const previewSchema = z.object({
  set: z.string(),
  today: day,
  ...summarySchema.shape,
  digest: z.string().describe('Confirms this preview when the job is run'),
  reasons: z.array(reasonCountSchema),
  changes: z.array(previewedChangeSchema),
  letters: previewedLettersSchema,
  warnings: z.array(z.string()),
  guard: guardSchema,
  needs_approval: z.boolean().describe('The run would wait until a second person has approved it'),
  users: z.array(userDifferenceSchema),
  next: previewNext,
});
export type Preview = z.output<typeof previewSchema>;

const input = z.strictObject({
  set: z.union([z.string(), z.number()]),
  plan: z.unknown(),
  page: z
    .strictObject({
      limit: z.number().int().min(0).max(1000).default(20),
      after: z.number().int().min(0).default(0),
      outcome: z.enum(['changed', 'unchanged', 'skipped', 'failed']).optional(),
    })
    .optional(),
});

export const previewJob = operation({
  name: 'job.preview',
  summary: { en: 'Shows what a plan would do to the members of a set', de: 'Zeigt, was ein Plan mit den Mitgliedern eines Sets täte' },
  privilege: 'jobs:run',
  input,
  output: previewSchema,
  audit: (i, output) => ({ entity: 'set', id: String(i.set), detail: { shown: output?.users.length ?? null } }),
  run: async (ctx, i): Promise<Preview> => {
    const plan = parsePlan(i.plan);
    const today = todayIn(ctx.timeZone);
    return ctx.db.transaction((tx) =>
      previewPlan(tx, ctx, plan, i.set, today, {
        limit: i.page?.limit ?? 20,
        after: i.page?.after ?? 0,
        outcome: i.page?.outcome ?? null,
      }),
    );
  },
});

interface PreparedFor {
  readonly plan: Plan;
  readonly prepared: PreparedPlan;
}

export interface PreparedPreview extends PreparedFor {
  readonly set: SetRow;
  /** Query of the members' ids. */
  readonly members: Sql;
}

/** A plan for the members of a set, checked in the name of who asks. */
export async function preparePreview(
  tx: PoolClient,
  ctx: Context,
  given: Plan,
  setName: string | number,
  today: string,
): Promise<PreparedPreview> {
  const set = await findSet(tx, setName, ctx.actor);
  const members = memberIdsSql(set, today);
  return { set, members, ...(await prepareFor(tx, ctx, given, members, today)) };
}

/** A plan for some users (a query of `user_id`), checked in the name of who asks. */
export async function prepareFor(tx: PoolClient, ctx: Context, given: Plan, members: Sql, today: string): Promise<PreparedFor> {
  const plan = await settlePlan(tx, given);
  const options = { today, actor: ctx.actor, movedSince: null };
  const alone = await preparePlan(tx, plan, options);
  checkRights(ctx.actor, alone.prepared);
  const spared = await sparedBy(tx, alone.compiled, members, today);
  return { plan, prepared: spared.length === 0 ? alone : await preparePlan(tx, plan, { ...options, spared }) };
}

async function previewPlan(
  tx: PoolClient,
  ctx: Context,
  given: Plan,
  setName: string | number,
  today: string,
  page: { limit: number; after: number; outcome: 'changed' | 'unchanged' | 'skipped' | 'failed' | null },
): Promise<Preview> {
  const { set, plan, prepared, members } = await preparePreview(tx, ctx, given, setName, today);
  await planForWhole(tx);
  const { counts, fingerprint } = await countChanges(tx, prepared.compiled, prepared.letters, members);
  await tx.query('set local enable_sort = on');
  const digest = `${fingerprint}-${planHash(plan, today, prepared.rules)}`;
  await remember(tx, ctx, { digest, setId: set.id, plan, today, members, count: counts.members });
  const found = page.limit === 0 ? [] : await pageChanges(tx, prepared.compiled, prepared.letters, members, page);
  const users = found.map((user) => differenceFor(ctx.actor, user));
  const last = users.at(-1);
  return {
    set: set.name,
    today,
    ...summaryOf(counts),
    digest,
    reasons: reasonsOf(counts.reasons, ctx.language),
    changes: previewedChanges(prepared, counts, ctx.language),
    letters: lettersOf(counts, prepared.rules),
    warnings: [
      ...(prepared.prepared.words.length > 0 && counts.changed === 0 ? [sayAny(ctx.language, 'runs.nothing_would_change')] : []),
      ...letterWarnings(counts, prepared.rules, ctx.language),
    ],
    guard: await guardFor(tx, counts.members),
    needs_approval: await asksForApproval(tx, ctx.actor, counts.members),
    users,
    next: last !== undefined && users.length === page.limit ? last.id : null,
  };
}

/**
 * A preview reads the whole set at once: hash joins in memory, and both cores. It counts a few groups, which
 * the planner takes for many, and would sort all users for them (a third more time, 2026-11).
 */
export async function planForWhole(tx: PoolClient): Promise<void> {
  await tx.query(`set local work_mem = '256MB'; set local enable_sort = off`);
}

interface Remembered {
  readonly digest: string;
  readonly setId: number;
  readonly plan: Plan;
  readonly today: string;
  readonly members: Sql;
  readonly count: number;
}

async function remember(tx: PoolClient, ctx: Context, preview: Remembered): Promise<void> {
  const ids =
    preview.count > REMEMBERED_MEMBERS
      ? sql`null::bigint[]`
      : sql`(select array_agg(m.user_id order by m.user_id) from (${preview.members}) m)`;
  await tx.query(sql`
    insert into previews (digest, set_id, plan, today, members, member_ids, created_by)
    values (${preview.digest}, ${preview.setId}::bigint, ${JSON.stringify(preview.plan)}::jsonb, ${preview.today}::date, ${preview.count}::bigint, ${ids}, ${ctx.actor.name})
    on conflict (digest) do update set created_at = now(), created_by = excluded.created_by`);
}

export function summaryOf(counts: Counts): z.output<typeof summarySchema> {
  return { members: counts.members, changed: counts.changed, unchanged: counts.unchanged, skipped: counts.skipped, failed: counts.failed };
}

export function reasonsOf(reasons: Readonly<Record<string, number>>, language: Context['language']): ReasonCount[] {
  return Object.entries(reasons)
    .sort(([one, a], [other, b]) => b - a || (one < other ? -1 : 1))
    .map(([reason, users]) => ({ reason, text: sayAny(language, reason), users }));
}

export function lettersOf(counts: Counts, rules: readonly LetterRules[]): PreviewedLetters {
  const total = noLetters();
  const by_type = Object.fromEntries(Object.entries(counts.letters).map(([code, own]) => [code, { ...noLetters(), ...own }]));
  for (const own of Object.values(by_type)) addLetters(total, own);
  const wording = rules.flatMap(({ code, languages }) =>
    languages.map(({ language, version, number, subject }) => ({ type: code, language, version, number, subject })),
  );
  return { ...total, by_type, wording };
}

function letterWarnings(counts: Counts, rules: readonly LetterRules[], language: Context['language']): string[] {
  const { no_address, suppressed, only_institutional } = lettersOf(counts, rules);
  const counted = [
    ['runs.no_address_warning', no_address],
    ['runs.suppressed_warning', suppressed],
    ['runs.only_institutional_address', only_institutional],
  ] as const;
  return [
    ...rules.flatMap((own) => (own.languages.length === 0 ? [sayAny(language, 'runs.no_letter_to_send', { type: own.code })] : [])),
    ...counted.flatMap(([code, letters]) => (letters > 0 ? [sayAny(language, code, { letters })] : [])),
  ];
}

export function previewedChanges(prepared: PreparedPlan, counts: Counts, language: Context['language']): PreviewedChange[] {
  return changesOf(prepared.prepared.words, counts, language);
}

export function changesOf(
  words: readonly { readonly kind: string; readonly en: string; readonly de: string }[],
  counts: Counts,
  language: Context['language'],
): PreviewedChange[] {
  const sum = (reasons: Readonly<Record<string, number>>) => Object.values(reasons).reduce((a, b) => a + b, 0);
  return counts.changes.map((change, k) => ({
    change: words[k]?.kind ?? '',
    words: words[k]?.[language] ?? '',
    changed: change.changed,
    unchanged: change.unchanged,
    skipped: sum(change.skipped),
    failed: sum(change.failed),
    skipped_reasons: reasonsOf(change.skipped, language),
    failed_reasons: reasonsOf(change.failed, language),
    warnings: reasonsOf(change.warnings, language),
  }));
}
