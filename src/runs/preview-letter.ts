/**
 * The letters that a plan would bring one user, as they would get them. The plan is applied to that user by
 * the code that runs apply it with, its letters are read as the sender reads them, and all of it is rolled back.
 */
import type { PoolClient } from 'pg';
import sql, { type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { hasPrivilege } from '../access/index.ts';
import { applyUsers, type Counts, type LetterCounts, planForChunk } from '../changes/index.ts';
import { AppError, type Context, operation, sayAny, todayIn } from '../core/index.ts';
import {
  chooseLanguage,
  fillForeseen,
  type ForeseenMessage,
  formFields,
  formsField,
  languageTag,
  LETTER_CHANNELS,
  type LetterRules,
  NO_FORMS,
  readForeseen,
} from '../letters/index.ts';
import { releaseLetters } from './letters.ts';
import { parsePlan } from './plan.ts';
import { applicationOf } from './prepare-run.ts';
import { prepareFor, preparePreview } from './preview.ts';
import { insertRun, nameOfRun } from './start.ts';

/** What becomes of a letter for one user; all but `queued` get none. */
const LETTER_OUTCOMES = [
  'queued',
  'no_address',
  'suppressed',
  'opted_out',
  'not_again',
  'once',
  'same_address',
  'not_chosen',
] as const satisfies readonly (keyof LetterCounts | 'not_chosen')[];
type LetterOutcome = (typeof LETTER_OUTCOMES)[number];

const USER_OUTCOMES = ['changed', 'unchanged', 'skipped', 'failed'] as const;
type UserOutcome = (typeof USER_OUTCOMES)[number];

const letterSchema = z.object({
  type: z.string().describe('Notification type'),
  credentials: z.boolean().describe('It brings a password or a link; here a dummy stands for it'),
  outcome: z.enum(LETTER_OUTCOMES).describe('What becomes of it; all but `queued` do not go out'),
  reason: z.string().nullable().describe('Why the user would get none, in words'),
  channel: z.enum(LETTER_CHANNELS).nullable().describe('Null: none goes out'),
  to: z.string().nullable().describe('E-mail address or telephone number; null on paper'),
  name: z.string().describe('How the user is addressed'),
  language: z.string().nullable(),
  version: z.int().nullable().describe('Number of the version'),
  ...formFields,
  problem: z.string().nullable().describe('Why it cannot be filled in for this user, or could not be sent; then the rest is empty'),
});
type PreviewedLetter = z.output<typeof letterSchema>;

const input = z.strictObject({
  user: z.string().trim().min(1).max(255).describe('Primary id or another identifier'),
  plan: z.unknown(),
  set: z.union([z.string(), z.number()]).optional().describe('Of the job; without it the user is taken as its only member'),
  name: z.string().trim().min(1).max(200).optional().describe('Of the job, as letters say it'),
  forms: formsField,
  language: languageTag.optional().describe('Without it the user’s own'),
});
type Input = z.output<typeof input>;

export const previewJobLetter = operation({
  name: 'job.preview_letter',
  summary: {
    en: 'Shows the letters that a plan would bring one user, with the record as the plan leaves it; nothing is written, a password is masked',
    de: 'Zeigt die Briefe, die ein Plan einem Benutzer brächte, mit dem Datensatz, wie der Plan ihn hinterlässt; nichts wird geschrieben, ein Passwort ist verdeckt',
  },
  privilege: 'jobs:run',
  input,
  output: z.object({
    user: z.string().describe('Primary id'),
    in_set: z.boolean().nullable().describe('False: the job would not touch this user at all; null: no set was given'),
    outcome: z.enum(USER_OUTCOMES),
    reason: z.string().nullable().describe('Why the user would be skipped or fail, in words'),
    letters: z.array(letterSchema).describe('One for each letter of the plan'),
  }),
  audit: (i, output) => ({
    entity: 'user',
    id: i.user,
    detail: {
      set: i.set ?? null,
      letters: output?.letters.flatMap((letter) => (letter.outcome === 'queued' ? [letter.type] : [])) ?? null,
    },
  }),
  run: async (ctx, i) => {
    if (!hasPrivilege(ctx.actor, 'letters:read')) throw new AppError('access.denied', { privilege: 'letters:read', actor: ctx.actor.name });
    const tried = await ctx.db.transaction((tx) => withoutTrace(tx, () => tryOut(tx, ctx, i))).catch(sayWhoWaits(i.user));
    const letters: PreviewedLetter[] = [];
    for (const rules of tried.rules) letters.push(await letterOf(ctx, i, tried, rules));
    const { user, inSet, outcome, reason } = tried;
    return { user: user.primary_id, in_set: inSet, outcome, reason: reason === null ? null : sayAny(ctx.language, reason), letters };
  },
});

/** How long somebody who holds the user, a running job most of all, is waited for: milliseconds. */
const PATIENCE_MS = 2_000;

/** Runs `look`, and takes back everything that it wrote and locked. */
async function withoutTrace<T>(tx: PoolClient, look: () => Promise<T>): Promise<T> {
  await tx.query('savepoint muster_look');
  const seen = await look();
  await tx.query('rollback to savepoint muster_look');
  return seen;
}

interface TriedOut {
  readonly user: { readonly id: number; readonly primary_id: string };
  readonly inSet: boolean | null;
  readonly outcome: UserOutcome;
  /** A text code. */
  readonly reason: string | null;
  readonly rules: readonly LetterRules[];
  readonly counts: Counts;
  readonly messages: readonly ForeseenMessage[];
}

async function tryOut(tx: PoolClient, ctx: Context, i: Input): Promise<TriedOut> {
  const given = parsePlan(i.plan);
  const today = todayIn(ctx.timeZone);
  const user = await requireUser(tx, i.user);
  const alone = sql`select ${user.id}::bigint as user_id`;
  const whole = i.set === undefined ? null : await preparePreview(tx, ctx, given, i.set, today);
  const { plan, prepared } = whole ?? (await prepareFor(tx, ctx, given, alone, today));
  const inSet = whole === null ? null : await isMember(tx, whole.members, user.id);
  await tx.query(`set local lock_timeout = ${PATIENCE_MS}`);
  await planForChunk(tx);
  const runId = await insertRun(tx, {
    // Not out of the line of numbers: staff would wonder about the missing ones.
    id: sql`-(pg_current_xact_id()::text::bigint)`,
    kind: 'job',
    name: nameOfRun(i.name ?? null, plan, whole?.set.name ?? user.primary_id),
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
  const application = { ...applicationOf(prepared, runId, ctx.actor.name), searchable: false };
  const shared = prepared.rules.some((rules) => rules.one_per_address);
  const others = shared && whole !== null ? await sharers(tx, whole.members, user.id) : [];
  if (others.length > 0) await applyUsers(tx, application, others);
  const counts = await applyUsers(tx, application, [user.id]);
  if (shared) await releaseLetters(tx, runId);
  return {
    user,
    inSet,
    outcome: USER_OUTCOMES.find((outcome) => counts[outcome] > 0) ?? 'unchanged',
    reason: Object.keys(counts.reasons)[0] ?? null,
    rules: prepared.rules,
    counts,
    messages: await readForeseen(tx, runId, user.id),
  };
}

async function requireUser(tx: PoolClient, identifier: string): Promise<TriedOut['user']> {
  const { rows } = await tx.query<TriedOut['user']>(sql`
    select u.id, u.primary_id from user_keys k join users u on u.id = k.user_id where k.key = fold(${identifier}::text)`);
  if (rows[0] === undefined) throw new AppError('letters.user_not_found', { id: identifier });
  return rows[0];
}

async function isMember(tx: PoolClient, members: Sql, userId: number): Promise<boolean> {
  const { rows } = await tx.query<{ found: boolean }>(sql`
    select exists (select from (${members}) m where m.user_id = ${userId}::bigint) as found`);
  return rows[0]?.found === true;
}

/** One of them getting the letter is enough; who gets none for a reason of their own is seldom the first. */
const MOST_SHARERS = 100;

/**
 * Members who share an e-mail address with the user and come before them: of these the first gets the one
 * letter to it (see `releaseOnePerAddress`). All are locked before the user, so in the order of their ids.
 */
async function sharers(tx: PoolClient, members: Sql, userId: number): Promise<number[]> {
  const { rows } = await tx.query<{ id: number }>(sql`
    select distinct other.user_id as id
    from user_emails own join user_emails other on fold(other.address) = fold(own.address) and other.user_id < own.user_id
    where own.user_id = ${userId}::bigint and other.user_id in (select m.user_id from (${members}) m)
    order by 1 limit ${MOST_SHARERS}::integer`);
  return rows.map((row) => row.id);
}

/** Nobody waits for a job that works on this user at the moment. */
function sayWhoWaits(user: string): (error: unknown) => never {
  return (error) => {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    throw code === '55P03' || code === '40P01' ? new AppError('runs.user_busy', { user }, { cause: error }) : error;
  };
}

async function letterOf(ctx: Context, i: Input, tried: TriedOut, rules: LetterRules): Promise<PreviewedLetter> {
  const message = tried.messages.find((each) => each.letter === rules.code);
  const outcome = becomesOf(tried.counts.letters[rules.code], message);
  const { code: type, credentials } = rules;
  if (outcome !== 'queued' || message === undefined) {
    const reason = whyNone(ctx, tried, rules, outcome);
    const nobody = { channel: null, to: null, name: '', language: null, version: null, problem: null };
    return { type, credentials, outcome, reason, ...nobody, ...NO_FORMS };
  }
  const available = rules.languages.map((each) => each.language);
  const wished = i.language === undefined ? undefined : chooseLanguage(available, i.language, rules.library_language);
  const chosen = rules.languages.find((each) =>
    wished === undefined ? each.version === message.letter_version : each.language === wished,
  );
  const letter = await fillForeseen(ctx, message, { forms: i.forms, pinned: chosen?.version ?? message.letter_version });
  const { channel, address: to } = message;
  return { type, credentials, outcome, reason: null, channel, to, version: chosen?.number ?? null, ...letter };
}

function becomesOf(counts: LetterCounts | undefined, message: ForeseenMessage | undefined): LetterOutcome {
  // Known at the end of a run, and not counted by its chunks.
  if (message?.last_error === 'letters.same_address') return 'same_address';
  return LETTER_OUTCOMES.find((outcome) => outcome !== 'not_chosen' && (counts?.[outcome] ?? 0) > 0) ?? 'not_chosen';
}

function whyNone(ctx: Context, { outcome: user, reason }: TriedOut, rules: LetterRules, outcome: LetterOutcome): string {
  if (outcome === 'not_chosen') {
    if (reason !== null && (user === 'skipped' || user === 'failed'))
      return sayAny(ctx.language, `no_letter.${user}`, { reason: sayAny(ctx.language, reason) });
    return sayAny(ctx.language, rules.credentials ? 'no_letter.no_credentials' : 'no_letter.unchanged');
  }
  return sayAny(ctx.language, `no_letter.${outcome}`, { days: rules.not_again_days ?? 0 });
}
