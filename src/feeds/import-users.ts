/**
 * The import of users: a file is read as a stream into staging, checked record by record, and merged
 * in one transaction. A broken file is found before anything is merged and changes nothing; a bad
 * record is told with its place and left out.
 */
import { z } from 'zod';
import { grantRuleOf, notGrantedSql, outranksSql } from '../access/index.ts';
import { type Authority, mergeStaged, type MergeProblem, type MergeResult, type Staging } from '../changes/index.ts';
import { type Actor, AppError, type Context, count, id, operation, say, sayAny, todayIn } from '../core/index.ts';
import { GROUP_FIELDS } from '../users/index.ts';
import { PROBLEM_LIMIT } from './limits.ts';
import { loadMapping } from './mapping.ts';
import { type FeedFile, inspectFile } from './read-text.ts';
import { stageFile, type StagedFile, withStaging, wordsOfProblem } from './stage-file.ts';

const input = z.object({
  file: z.string().min(1).describe('Path of the file'),
  format: z.enum(['alma-json', 'alma-xml', 'csv']).optional().describe('Told from the content when left out'),
  mapping: z.string().min(1).optional().describe('For CSV: folio, or the path of a mapping file'),
  encoding: z.enum(['utf-8', 'windows-1252']).optional().describe('UTF-8 when left out'),
  mode: z.enum(['both', 'add', 'update']).default('both').describe('add: only users who do not exist yet; update: only users who do'),
  dryRun: z.boolean().default(false).describe('Work everything out and write nothing'),
});

export type ImportInput = z.output<typeof input>;

const importErrorSchema = z.object({
  line: count.describe('Line of the file on which the record begins'),
  field: z.string().describe('Column of a CSV file, or path in the record such as `user_identifier[1].value`'),
  code: z.string(),
  message: z.string(),
});
export type ImportError = z.output<typeof importErrorSchema>;

const importWarningSchema = z.object({ field: z.string(), code: z.string(), message: z.string() });
export type ImportWarning = z.output<typeof importWarningSchema>;

const importResultSchema = z.object({
  created: count,
  updated: count,
  unchanged: count,
  skipped: count.describe('Records that the mode leaves out'),
  rejected: count,
  errors: z.array(importErrorSchema).describe('The first 1,000, in the file’s order'),
  warnings: z.array(importWarningSchema),
  codes_added: count.describe('Codes that open code tables learned from the file'),
  roles_given: count.describe('Roles that the role assignment rules gave to new users; in a dry run, would give'),
  run_id: id.nullable().describe('The run that wrote; null for a dry run'),
  dry_run: z.boolean(),
});
export type ImportResult = z.output<typeof importResultSchema>;

export const importUsers = operation({
  name: 'users.import',
  summary: {
    en: 'Import users from Alma JSON, Alma XML or CSV',
    de: 'Benutzer aus Alma-JSON, Alma-XML oder CSV importieren',
  },
  privilege: 'users:import',
  input,
  output: importResultSchema,
  audit: (given, result) => ({
    entity: 'import',
    id: result?.run_id ?? null,
    detail: {
      file: given.file,
      dry_run: given.dryRun,
      ...(result === undefined
        ? {}
        : { created: result.created, updated: result.updated, unchanged: result.unchanged, rejected: result.rejected }),
    },
  }),
  run: importFile,
});

async function importFile(ctx: Context, given: ImportInput): Promise<ImportResult> {
  const file = await inspectFile(given.file, {
    ...(given.format === undefined ? {} : { format: given.format }),
    ...(given.encoding === undefined ? {} : { encoding: given.encoding }),
  });
  if (given.mapping !== undefined && file.format !== 'csv') throw new AppError('feeds.mapping_unused', { format: file.format });
  const mapping = given.mapping === undefined ? undefined : await loadMapping(given.mapping);
  return withStaging(ctx, async (staging) => {
    const staged = await stageFile(ctx, file, staging, { mapping, problemLimit: PROBLEM_LIMIT, secrets: true });
    return answer(ctx, file, staged, given, await merge(ctx, file, staging, staged, given));
  });
}

async function merge(ctx: Context, file: FeedFile, staging: Staging, staged: StagedFile, given: ImportInput): Promise<MergeResult> {
  const { language } = ctx;
  const total = staging.count;
  ctx.onProgress?.({ stage: say(language, 'feeds.stage_merge', {}), done: 0, total: null });
  return mergeStaged(staging, {
    actor: ctx.actor.name,
    name: `Import ${file.name}`,
    plan: { file: file.name, format: file.format, mode: given.mode, ...(staged.mapping === undefined ? {} : { mapping: staged.mapping }) },
    today: todayIn(ctx.timeZone),
    mode: given.mode,
    dryRun: given.dryRun,
    rejectedBefore: staged.rejected,
    problemLimit: PROBLEM_LIMIT,
    ...(staged.matchIdentifier === undefined ? {} : { matchIdentifier: staged.matchIdentifier }),
    ...authorityOf(ctx.actor),
    ...(staged.slots === undefined ? {} : { slots: staged.slots }),
    onProgress: (done) => ctx.onProgress?.({ stage: say(language, 'feeds.stage_write', {}), done, total }),
  });
}

function answer(ctx: Context, file: FeedFile, staged: StagedFile, given: ImportInput, merged: MergeResult): ImportResult {
  return {
    created: merged.created,
    updated: merged.updated,
    unchanged: merged.unchanged,
    skipped: merged.skipped,
    rejected: merged.rejected,
    errors: errorsOf(ctx, staged, merged.problems),
    warnings: warningsOf(ctx, file, staged, merged),
    codes_added: merged.codesAdded,
    roles_given: merged.rolesGiven,
    run_id: merged.runId,
    dry_run: given.dryRun,
  };
}

/** What the reader and the merge found, in the file’s order. */
export function errorsOf(ctx: Context, staged: StagedFile, problems: readonly MergeProblem[]): ImportError[] {
  const read = staged.problems.map(({ line, field, code, params }) => ({ line, field, code, message: wordsOfProblem(ctx, code, params) }));
  const found = problems.map((problem) => ({
    line: problem.line,
    field: staged.placeOf(problem),
    code: problem.code,
    message: sayAny(ctx.language, problem.code, { value: problem.value, holder: problem.holder, first_line: problem.firstLine }),
  }));
  return [...read, ...found].sort((a, b) => a.line - b.line).slice(0, PROBLEM_LIMIT);
}

export function warningsOf(
  ctx: Context,
  file: FeedFile,
  staged: StagedFile,
  { rolesLeftOut, passwordsIgnored }: Pick<MergeResult, 'rolesLeftOut' | 'passwordsIgnored'>,
): ImportWarning[] {
  const { language } = ctx;
  const warnings: ImportWarning[] = [...staged.unknown].map(([field, count]) =>
    file.format === 'csv'
      ? { field, code: 'feeds.warn_unread_column', message: say(language, 'feeds.warn_unread_column', { field }) }
      : { field, code: 'feeds.warn_unknown_field', message: say(language, 'feeds.warn_unknown_field', { field, count }) },
  );
  if (rolesLeftOut > 0) {
    const message = say(language, 'feeds.warn_rule_roles', { count: rolesLeftOut });
    warnings.push({ field: 'user_role', code: 'feeds.warn_rule_roles', message });
  }
  return passwordsIgnored === 0
    ? warnings
    : [
        ...warnings,
        { field: 'password', code: 'feeds.warn_password', message: say(language, 'feeds.warn_password', { count: passwordsIgnored }) },
      ];
}

export function authorityOf(actor: Actor): { readonly authority?: Authority } {
  if (actor.kind !== 'user') return {};
  const grants = grantRuleOf(actor);
  return {
    authority: {
      roleNotGranted: (type) => notGrantedSql(grants, type),
      outranks: (userId) => outranksSql(actor, userId),
      ownUserId: actor.userId,
      closed: actor.rights.closed.flatMap((group) => [...GROUP_FIELDS[group].scalars, ...GROUP_FIELDS[group].tables]),
    },
  };
}
