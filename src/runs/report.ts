/** What runs are, were and came to: list, one run, its per-user outcomes. */
import sql, { type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { hasPrivilege } from '../access/index.ts';
import { type Counts, noCounts } from '../changes/index.ts';
import { AppError, type Context, count, day, id, instant, type Language, operation, type Queryable, sayAny } from '../core/index.ts';
import type { LetterRules } from '../letters/index.ts';
import {
  changesOf,
  lettersOf,
  previewedChangeSchema,
  previewedLetters,
  previewNext,
  reasonCountSchema,
  reasonsOf,
  summaryOf,
  summarySchema,
} from './preview.ts';
import { adviceFor } from './advice.ts';
import { writeCsv } from './csv-file.ts';
import { courseFields, courseOf, ledgerByChannel, outcomesByReason, sumByState } from './course.ts';
import { journalledRun, journalledUsers } from '../users/index.ts';
import { planSchema } from './plan.ts';
import { runStateSchema } from './states.ts';
import { sumCounts } from './work.ts';

const runKind = z.enum(['job', 'undo', 'import', 'edit', 'purge', 'feed', 'merge']);

const runFields = {
  id,
  kind: runKind,
  name: z.string(),
  state: runStateSchema,
  state_text: z.string().describe('The state in words; says so when nothing changed'),
  state_reason: z.string().nullable(),
  counts: z.object({ ...summarySchema.shape, conflict: count.optional() }),
  progress: z.object({ done: count, total: count }),
  set: z.string().nullable(),
  created_by: z.string(),
  created_by_name: z.string().nullable().describe('null: no user here, or erased since'),
  created_at: instant,
  started_at: instant.nullable(),
  finished_at: instant.nullable(),
  seconds: z.number().nullable().describe('From the start to the end, or until now'),
  undo_of: id.nullable(),
  undone_by: z.array(id),
};
const runViewSchema = z.object(runFields);
export type RunView = z.output<typeof runViewSchema>;

interface RunRow extends Omit<RunView, 'state_text' | 'counts' | 'progress'> {
  readonly members: number;
  readonly stored: Counts | null;
  readonly done: number;
  /** What the second person said who rejected the run. */
  readonly rejection: string | null;
  readonly plan: unknown;
  readonly letters: readonly LetterRules[];
  readonly words: readonly { readonly kind: string; readonly en: string; readonly de: string }[];
}

const COLUMNS: Sql = sql`r.id, r.kind, r.name, r.state, r.state_reason, r.set_name as set, r.created_by,
  (select nullif(concat_ws(' ', u.first_name, u.last_name), '') from users u where fold(u.primary_id) = fold(r.created_by)) as created_by_name, r.created_at, r.started_at, r.finished_at,
  round(extract(epoch from coalesce(r.finished_at, clock_timestamp()) - r.started_at), 1)::float8 as seconds, r.undo_of, r.members, r.counts as stored, r.plan, r.letters, r.words,
  coalesce((select sum(c.members) from run_chunks c where c.run_id = r.id and c.state = 'done'), 0)::integer as done,
  array(select x.id from runs x where x.undo_of = r.id order by x.id) as undone_by,
  (select a.reason from run_approvals a where a.run_id = r.id and a.decision = 'rejected') as rejection`;

async function viewOf(db: Queryable, ctx: Context, row: RunRow): Promise<{ view: RunView; counts: Counts }> {
  // While it runs, the sum over the chunks is the truth.
  const counts = row.stored === null ? await sumCounts(db, row.id) : { ...noCounts(0), ...row.stored };
  const nothing = row.state === 'COMPLETED_SUCCESS' && counts.changed === 0;
  const { rejection, members: _members, stored: _stored, done, plan: _plan, letters: _letters, words: _words, ...rest } = row;
  return {
    counts,
    view: {
      ...rest,
      undone_by: row.undone_by.map(Number),
      state_text: sayAny(ctx.language, `state.${row.state}${nothing ? '.nothing' : ''}`),
      state_reason:
        row.state_reason === null ? null : [sayAny(ctx.language, row.state_reason), ...(rejection === null ? [] : [rejection])].join(': '),
      counts: { ...summaryOf(counts), ...(row.kind === 'undo' ? { conflict: counts.conflict } : {}) },
      progress: { done: Number(done), total: Number(row.members) },
    },
  };
}

const listInput = z.strictObject({
  limit: z.number().int().min(1).max(1000).default(50),
  /** Runs older than this id. */
  before: z.number().int().positive().optional(),
  kinds: z.array(runKind).optional(),
  open: z.boolean().optional(),
  states: z.array(runStateSchema).optional(),
  /** Runs made on this day or later, and on this day or before, in the library's time zone. */
  from: day.optional(),
  to: day.optional(),
  /** Runs left out, newest first; for callers that know places in the list only. */
  offset: z.number().int().min(0).optional(),
  text: z.string().trim().min(1).max(200).optional().describe('Occurs in the name, the set, or who started it; or the number of the run'),
  /** Number of a set: only runs of it. */
  set: z.number().int().positive().optional(),
  /** Says how many runs match in all. */
  counted: z.boolean().optional(),
});

export const listRuns = operation({
  name: 'job.list',
  summary: { en: 'Lists jobs, newest first', de: 'Listet Prozesse auf, neueste zuerst' },
  privilege: 'jobs:read',
  input: listInput,
  output: z.object({
    jobs: z.array(runViewSchema),
    total: count.optional().describe('Jobs that match, when they were to be counted'),
    next: z.number().nullable().describe('Give it as `before` for the next page; null on the last'),
  }),
  audit: () => ({ entity: 'run', id: null }),
  run: async (ctx, i) => {
    const kinds = i.kinds ?? ['job', 'undo', 'purge', 'feed'];
    const made = sql`(r.created_at at time zone ${ctx.timeZone}::text)::date`;
    const matching = sql`from runs r
      where r.kind = any (${kinds}::text[]) and (${i.before ?? null}::bigint is null or r.id < ${i.before ?? null}::bigint)
        and (not ${i.open ?? false}::boolean or r.state in ('MANUAL_HANDLING_REQUIRED', 'QUEUED', 'INITIALIZING', 'RUNNING', 'PAUSED', 'FINALIZING'))
        and (${i.states ?? null}::text[] is null or r.state = any (${i.states ?? null}::text[]))
        and (${i.set ?? null}::bigint is null or r.set_id = ${i.set ?? null}::bigint)
        and ${i.text === undefined ? sql`true` : holdsText(i.text)}
        and (${i.from ?? null}::date is null or ${made} >= ${i.from ?? null}::date)
        and (${i.to ?? null}::date is null or ${made} <= ${i.to ?? null}::date)`;
    const { rows } = await ctx.db.pool.query<RunRow>(sql`
      select ${COLUMNS} ${matching} order by r.id desc limit ${i.limit}::integer offset ${i.offset ?? 0}::bigint`);
    const jobs: RunView[] = [];
    for (const row of rows) jobs.push((await viewOf(ctx.db.pool, ctx, row)).view);
    const next = jobs.length === i.limit ? (jobs.at(-1)?.id ?? null) : null;
    if (i.counted !== true) return { jobs, next };
    const { rows: counted } = await ctx.db.pool.query<{ total: number }>(sql`select count(*)::integer as total ${matching}`);
    return { jobs, total: counted[0]?.total ?? 0, next };
  },
});

function holdsText(text: string): Sql {
  const within = (field: Sql) => sql`position(fold(${text}::text) in fold(${field})) > 0`;
  return sql`(${within(sql`r.name`)} or ${within(sql`coalesce(r.set_name, '')`)} or ${within(sql`r.created_by`)} or r.id::text = ${text}::text)`;
}

const runLettersSchema = z.object({
  ...previewedLetters,
  ledger: z.record(z.string(), count).describe('State in the outbox → messages, as of now'),
  by_channel: ledgerByChannel,
  credentials_pending: count.describe('Users whose reset waits for a letter, a link or a desk slip'),
});

const runReport = {
  ...runFields,
  changes: z.array(previewedChangeSchema),
  reasons: z.array(
    reasonCountSchema.extend({
      outcome: z.enum(['skipped', 'failed', 'conflict']).nullable().describe('What the users are because of it'),
      advice: z.string().nullable().describe('What can be done about it'),
    }),
  ),
  moved: count.describe('Users whom somebody changed between preview and run'),
  letters: runLettersSchema,
  ...courseFields,
  words: z.array(z.string()).describe('The plan in words, change by change'),
  remarks: z.array(z.string()).describe('What the program that made the plan wants told'),
  plan: z.unknown(),
};
const runReportSchema = z.object(runReport);
export type RunReport = z.output<typeof runReportSchema>;

const idInput = z.strictObject({ id: z.number().int().positive() });

export const showRun = operation({
  name: 'job.show',
  summary: { en: 'Shows a job: state, progress, report', de: 'Zeigt einen Prozess: Stand, Fortschritt, Bericht' },
  privilege: 'jobs:read',
  input: idInput,
  output: runReportSchema,
  audit: (i) => ({ entity: 'run', id: i.id }),
  run: (ctx, { id }) => reportOf(ctx, id),
});

export async function reportOf(ctx: Context, id: number): Promise<RunReport> {
  const db = ctx.db.pool;
  const { rows } = await db.query<RunRow>(sql`select ${COLUMNS} from runs r where r.id = ${id}::bigint`);
  const row = rows[0];
  if (row === undefined) throw new AppError('runs.not_found', { id });
  const { view, counts } = await viewOf(db, ctx, row);
  const { course, channels } = await courseOf(db, ctx, id);
  const outcomes = await outcomesByReason(db, id);
  const pending = resets(row)
    ? await db.query<{ users: number }>(sql`select count(*)::integer as users from run_members m join users u on u.id = m.user_id
        where m.run_id = ${id}::bigint and u.credential_state = 'pending'`)
    : null;
  return {
    ...view,
    changes: changesOf(row.words, counts, ctx.language),
    ...course,
    words: row.words.map((change) => change[ctx.language]),
    reasons: reasonsOf(counts.reasons, ctx.language).map((own) => ({
      ...own,
      outcome: outcomes.get(own.reason) ?? null,
      advice: adviceFor(own.reason, ctx.language),
    })),
    moved: counts.moved,
    letters: {
      ...lettersOf(counts, row.letters),
      ledger: sumByState(channels),
      by_channel: channels,
      credentials_pending: pending?.rows[0]?.users ?? 0,
    },
    remarks: remarksOf(row.plan, ctx.language),
    plan: row.plan,
  };
}

/** A plan as it is stored; one of an undo or an import has no remarks. */
const remarked = z.looseObject({ remarks: planSchema.shape.remarks });

function remarksOf(plan: unknown, language: Language): string[] {
  const parsed = remarked.safeParse(plan);
  return (parsed.data?.remarks ?? []).map(({ code, params }) => sayAny(language, code, params ?? {}));
}

function resets(row: RunRow): boolean {
  return row.kind === 'job' && row.words.some((w) => w.kind === 'password' || w.kind === 'account_type');
}

const outcomesInput = z.strictObject({
  id: z.number().int().positive(),
  outcome: z.enum(['changed', 'unchanged', 'skipped', 'failed', 'conflict']).optional(),
  reason: z.string().min(1).max(100).optional().describe('Code of the reason for which they are skipped, fail or conflict'),
  limit: z.number().int().min(1).max(10_000).default(100),
  /** Users with ids after this one. */
  after: z.number().int().min(0).default(0),
  /** Users left out after those; for callers that know places in the list only. */
  offset: z.number().int().min(0).optional(),
});

const userOutcomeSchema = z.object({
  user_id: id,
  primary_id: z.string().nullable().describe('null: the user has been erased since'),
  name: z.string().nullable().describe('null to those who may not look at users'),
  outcome: z.enum(['changed', 'unchanged', 'skipped', 'failed', 'conflict', 'open', 'erased', 'not_kept']),
  reason: z.string().nullable(),
  text: z.string().nullable().describe('The reason in words'),
  detail: z.unknown(),
  moved: z.boolean().describe('Somebody changed the user between preview and run: the values are worked out on what was there then'),
});
export type UserOutcome = z.output<typeof userOutcomeSchema>;

export const listOutcomes = operation({
  name: 'job.outcomes',
  summary: { en: 'Lists what became of each user', de: 'Listet auf, was aus jedem Benutzer wurde' },
  privilege: 'jobs:read',
  input: outcomesInput,
  output: z.object({ users: z.array(userOutcomeSchema), next: previewNext }),
  audit: (i, output) => ({ entity: 'run', id: i.id, detail: { shown: output?.users.length ?? null } }),
  run: async (ctx, i) => {
    const users = await outcomePage(ctx, i);
    return { users, next: users.length === i.limit ? (users.at(-1)?.user_id ?? null) : null };
  },
});

type Outcome = NonNullable<z.output<typeof outcomesInput>['outcome']>;

interface OutcomeChoice {
  readonly id: number;
  readonly outcome?: Outcome | undefined;
  readonly reason?: string | undefined;
  readonly after: number;
  readonly limit: number;
  readonly offset?: number | undefined;
}

async function outcomePage(ctx: Context, choice: OutcomeChoice): Promise<UserOutcome[]> {
  const { id, outcome = null, reason = null, after, limit, offset = 0 } = choice;
  const isException = reason !== null || outcome === 'skipped' || outcome === 'failed' || outcome === 'conflict';
  const { rows } = await ctx.db.pool.query<Omit<UserOutcome, 'text'>>(sql`
    select y.* from (select x.user_id, u.primary_id, x.reason, x.detail, x.moved,
      ${hasPrivilege(ctx.actor, 'users:read') ? sql`nullif(concat_ws(' ', u.first_name, u.last_name), '')` : sql`null::text`} as name,
      case when x.outcome = 'unchanged' and u.id is null then 'erased' when x.outcome = 'unchanged' and x.dropped then 'not_kept'
        else x.outcome end as outcome
    from (
      select m.user_id, r.journal_dropped as dropped, o.reason, o.detail, coalesce(j.moved, false) or coalesce(o.reason = 'changes.moved_strict', false) as moved,
        case when o.outcome is not null then o.outcome when j.moved is not null then 'changed'
          when exists (select from run_chunks c where c.run_id = m.run_id and m.user_id between c.first_user and c.last_user and c.state = 'open') then 'open'
          else 'unchanged' end as outcome
      from ${
        // Three who failed among a million are found by the run's exceptions, not by going through its members.
        isException ? sql`run_outcomes` : await membersOf(ctx.db.pool, id, after)
      } m join runs r on r.id = m.run_id
      left join run_outcomes o on o.run_id = m.run_id and o.user_id = m.user_id
      left join lateral (select bool_or(j.diff ? 'moved') as moved from journal j
        where j.user_id = m.user_id and j.run_id = m.run_id and j.at >= r.created_at) j on true
      where m.run_id = ${id}::bigint and m.user_id > ${after}::bigint order by m.user_id) x
    left join users u on u.id = x.user_id) y
    where (${outcome}::text is null or y.outcome = ${outcome}::text) and (${reason}::text is null or y.reason = ${reason}::text)
    order by y.user_id limit ${limit}::integer offset ${offset}::bigint`);
  return rows.map((row) => ({ ...row, user_id: Number(row.user_id), text: textOf(row, ctx.language) }));
}

/** A load, an import and a merge have no chunks: who stands in the journal is whom they were about. */
async function membersOf(db: Queryable, id: number, after: number): Promise<Sql> {
  const run = await journalledRun(db, id);
  if (run === undefined || run.members > 0) return sql`run_members`;
  return sql`(select ${id}::bigint as run_id, x.user_id from (${journalledUsers(run, after)}) x)`;
}

/** Of an outcome without a reason, only those that are not plain are explained. */
function textOf({ reason, outcome }: Pick<UserOutcome, 'reason' | 'outcome'>, language: Language): string | null {
  if (reason !== null) return sayAny(language, reason);
  return outcome === 'erased' || outcome === 'not_kept' ? sayAny(language, `privacy.${outcome}`) : null;
}

const reportInput = z.strictObject({
  id: z.number().int().positive(),
  /** Where to write the CSV of per-user outcomes. */
  csv: z.string().min(1).optional(),
  outcome: z.enum(['changed', 'unchanged', 'skipped', 'failed', 'conflict']).optional(),
});

const PAGE = 5000;

export const reportRun = operation({
  name: 'job.report',
  summary: {
    en: 'The report of a job, and per-user outcomes as CSV',
    de: 'Der Bericht eines Prozesses und die Ergebnisse je Benutzer als CSV',
  },
  privilege: 'jobs:read',
  input: reportInput,
  output: z.object({ ...runReport, csv_rows: count.optional().describe('Users in the CSV, when one was asked for') }),
  audit: (i, output) => ({ entity: 'run', id: i.id, ...(output?.csv_rows === undefined ? {} : { detail: { exported: output.csv_rows } }) }),
  run: async (ctx, i) => {
    const report = await reportOf(ctx, i.id);
    if (i.csv === undefined) return report;
    return { ...report, csv_rows: await writeOutcomes(ctx, i.id, i.csv, i.outcome) };
  },
});

const CSV_COLUMNS = ['primary_id', 'outcome', 'reason', 'explanation', 'detail', 'moved'];

async function writeOutcomes(ctx: Context, id: number, file: string, outcome: Outcome | undefined): Promise<number> {
  let count = 0;
  async function* lines(): AsyncGenerator<readonly string[], void, undefined> {
    for (let after: number | undefined = 0; after !== undefined; ) {
      const rows: readonly UserOutcome[] = await outcomePage(ctx, { id, outcome, after, limit: PAGE });
      for (const row of rows) {
        const detail = row.detail === null ? '' : JSON.stringify(row.detail);
        yield [row.primary_id ?? '', row.outcome, row.reason ?? '', row.text ?? '', detail, row.moved ? 'moved' : ''];
      }
      count += rows.length;
      after = rows.length < PAGE ? undefined : rows.at(-1)?.user_id;
    }
  }
  await writeCsv(file, CSV_COLUMNS, lines());
  return count;
}
