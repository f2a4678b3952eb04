/**
 * The import of users: a file is read as a stream into staging, checked record by record, and merged
 * in one transaction. A broken file is found before anything is merged and changes nothing; a bad
 * record is told with its place and left out.
 */
import { z } from 'zod';
import { grantRuleOf, notGrantedSql, outranksSql } from '../access/index.ts';
import { type Authority, mergeStaged, type MergeProblem, type MergeResult, type Slot, Staging } from '../changes/index.ts';
import { type Actor, AppError, type Context, count, id, operation, say, sayAny, todayIn } from '../core/index.ts';
import { GROUP_FIELDS } from '../users/index.ts';
import { ALMA_LISTS } from './alma-shape.ts';
import { type CodeBook, loadCodeBook } from './code-book.ts';
import { RecordCheck, type RecordProblem } from './check-record.ts';
import { CsvReader, csvRows, guessDelimiter } from './csv-records.ts';
import { fromAlma, type ReadRecord } from './from-alma.ts';
import { jsonRecords } from './json-records.ts';
import { PROBLEM_LIMIT } from './limits.ts';
import { loadMapping, ownMapping } from './mapping.ts';
import { type FeedFile, inspectFile, readText } from './read-text.ts';
import { hashSecrets } from './secrets.ts';
import { xmlRecords } from './xml-records.ts';

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
  const client = await ctx.db.pool.connect();
  let broken: Error | undefined;
  try {
    const staging = await Staging.open(client);
    try {
      return await new Import(ctx, given, file, staging).run();
    } finally {
      await staging.close();
    }
  } catch (error) {
    if (!(error instanceof AppError)) broken = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    // A connection that failed in mid-COPY is not given to the next one.
    client.release(broken);
  }
}

/** What a format's reader needs of the import: where to put records and problems. */
interface Source {
  readonly line: number;
  readonly record: ReadRecord;
  readonly check: RecordCheck;
}

interface Feed {
  readonly sources: AsyncIterable<Source>;
  readonly slots?: () => readonly Slot[];
  readonly matchIdentifier?: () => string | undefined;
  /** Where in the file a problem that the merge found is. */
  readonly placeOf: (problem: Pick<MergeProblem, 'field' | 'identifier'>) => string;
  readonly mapping?: () => string;
}

/** Records whose passwords are hashed together. */
const WINDOW = 64;
/** Different unknown members that are told. */
const MOST_UNKNOWN = 50;

class Import {
  readonly #ctx: Context;
  readonly #given: ImportInput;
  readonly #file: FeedFile;
  readonly #staging: Staging;
  readonly #errors: ImportError[] = [];
  readonly #unknown = new Map<string, number>();
  #rejected = 0;
  #read = 0;

  constructor(ctx: Context, given: ImportInput, file: FeedFile, staging: Staging) {
    this.#ctx = ctx;
    this.#given = given;
    this.#file = file;
    this.#staging = staging;
  }

  async run(): Promise<ImportResult> {
    const book = await loadCodeBook(this.#ctx.db.pool, (table, code, label) => this.#staging.newCode(table, code, label));
    const feed = this.#file.format === 'csv' ? this.#csv(book) : this.#alma(book);
    let window: Source[] = [];
    for await (const source of feed.sources) {
      window.push(source);
      if (window.length >= WINDOW) {
        await this.#stage(feed, window);
        window = [];
      }
    }
    await this.#stage(feed, window);
    await this.#staging.finish();
    return this.#answer(feed, await this.#merge(feed));
  }

  #alma(book: CodeBook): Feed {
    const text = readText(this.#file);
    const records = this.#file.format === 'alma-xml' ? xmlRecords(text) : jsonRecords(text);
    const unknown = (path: string) => this.#tellUnknown(path);
    return {
      sources: (async function* () {
        for await (const { line, value } of records) {
          const check = new RecordCheck(book);
          yield { line, record: fromAlma(value, check, unknown), check };
        }
      })(),
      placeOf: ({ field, identifier }) => (identifier === null ? field : `${identifierPath}[${identifier.pos}].value`),
    };
  }

  #csv(book: CodeBook): Feed {
    const { head } = this.#file;
    const given = this.#given.mapping;
    let reader: CsvReader | undefined;
    const unknown = (path: string) => this.#tellUnknown(path);
    const rowsOf = (delimiter: string) => csvRows(readText(this.#file), delimiter);
    return {
      sources: (async function* () {
        const mapping = given === undefined ? undefined : await loadMapping(given);
        for await (const row of rowsOf(mapping?.delimiter ?? guessDelimiter(head))) {
          if (reader === undefined) {
            reader = new CsvReader(mapping ?? ownMappingFor(row.cells), row.cells, book.codeOfLabel);
            reader.unread.forEach(unknown);
            continue;
          }
          const check = new RecordCheck(book);
          yield { line: row.line, record: reader.read(row, check), check };
        }
      })(),
      slots: () => reader?.slots() ?? [],
      matchIdentifier: () => (reader === undefined || reader.mapping.match === 'primary_id' ? undefined : reader.mapping.match.identifier),
      placeOf: ({ field, identifier }) => reader?.columnOf(field, identifier?.type) ?? field,
      mapping: () => reader?.mapping.name ?? '',
    };
  }

  async #stage(feed: Feed, window: readonly Source[]): Promise<void> {
    // Those that are refused here already are told; the others once their passwords have been looked at.
    const good = window.filter((source) => source.check.problems.length === 0 || this.#accept(source));
    const hashes = await hashSecrets(
      this.#ctx.db.pool,
      good.map((source) => source.record),
      (no, why) => good[no]?.check.problem(feed.placeOf({ field: 'password', identifier: null }), why),
    );
    for (const [i, source] of good.entries()) {
      if (!this.#accept(source)) continue;
      const { line, record } = source;
      const { fields, forNew, lists, slots } = record;
      await this.#staging.add({ line, fields, forNew, lists, ...(slots === undefined ? {} : { slots }), ...hashes[i] });
    }
    this.#read += window.length;
    this.#ctx.onProgress?.({ stage: say(this.#ctx.language, 'feeds.stage_read', {}), done: this.#read, total: null });
  }

  #accept({ line, check }: Source): boolean {
    if (check.problems.length === 0) return true;
    this.#rejected += 1;
    for (const problem of check.problems) {
      if (this.#errors.length >= PROBLEM_LIMIT) break;
      this.#errors.push({ line, field: problem.field, code: problem.code, message: this.#words(problem) });
    }
    return false;
  }

  #words({ code, params }: RecordProblem): string {
    const { language } = this.#ctx;
    const said = Object.entries(params).map(([name, value]) => [name, typeof value === 'object' ? sayAny(language, value.text) : value]);
    return sayAny(language, code, Object.fromEntries(said));
  }

  #tellUnknown(path: string): void {
    const count = this.#unknown.get(path);
    if (count !== undefined || this.#unknown.size < MOST_UNKNOWN) this.#unknown.set(path, (count ?? 0) + 1);
  }

  async #merge(feed: Feed): Promise<MergeResult> {
    const { language } = this.#ctx;
    const total = this.#staging.count;
    this.#ctx.onProgress?.({ stage: say(language, 'feeds.stage_merge', {}), done: 0, total: null });
    const matchIdentifier = feed.matchIdentifier?.();
    const mapping = feed.mapping?.();
    return mergeStaged(this.#staging, {
      actor: this.#ctx.actor.name,
      name: `Import ${this.#file.name}`,
      plan: { file: this.#file.name, format: this.#file.format, mode: this.#given.mode, ...(mapping === undefined ? {} : { mapping }) },
      today: todayIn(this.#ctx.timeZone),
      mode: this.#given.mode,
      dryRun: this.#given.dryRun,
      rejectedBefore: this.#rejected,
      problemLimit: PROBLEM_LIMIT,
      ...(matchIdentifier === undefined ? {} : { matchIdentifier }),
      ...authorityOf(this.#ctx.actor),
      ...(feed.slots === undefined ? {} : { slots: feed.slots() }),
      onProgress: (done) => this.#ctx.onProgress?.({ stage: say(language, 'feeds.stage_write', {}), done, total }),
    });
  }

  #answer(feed: Feed, merged: MergeResult): ImportResult {
    const found = merged.problems.map((problem) => ({
      line: problem.line,
      field: feed.placeOf(problem),
      code: problem.code,
      message: sayAny(this.#ctx.language, problem.code, { value: problem.value, holder: problem.holder, first_line: problem.firstLine }),
    }));
    const errors = [...this.#errors, ...found].sort((a, b) => a.line - b.line).slice(0, PROBLEM_LIMIT);
    return {
      created: merged.created,
      updated: merged.updated,
      unchanged: merged.unchanged,
      skipped: merged.skipped,
      rejected: merged.rejected,
      errors,
      warnings: this.#warnings(merged),
      codes_added: merged.codesAdded,
      roles_given: merged.rolesGiven,
      run_id: merged.runId,
      dry_run: this.#given.dryRun,
    };
  }

  #warnings(merged: MergeResult): ImportWarning[] {
    const { language } = this.#ctx;
    const warnings: ImportWarning[] = [...this.#unknown].map(([field, count]) =>
      this.#file.format === 'csv'
        ? { field, code: 'feeds.warn_unread_column', message: say(language, 'feeds.warn_unread_column', { field }) }
        : { field, code: 'feeds.warn_unknown_field', message: say(language, 'feeds.warn_unknown_field', { field, count }) },
    );
    if (merged.rolesLeftOut > 0) {
      const message = say(language, 'feeds.warn_rule_roles', { count: merged.rolesLeftOut });
      warnings.push({ field: 'user_role', code: 'feeds.warn_rule_roles', message });
    }
    const count = merged.passwordsIgnored;
    return count === 0
      ? warnings
      : [...warnings, { field: 'password', code: 'feeds.warn_password', message: say(language, 'feeds.warn_password', { count }) }];
  }
}

function authorityOf(actor: Actor): { readonly authority?: Authority } {
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

const identifierPath = ALMA_LISTS.find((l) => l.table.table === 'user_identifiers')?.alma ?? '';

/** Our own export needs no mapping; its header tells it. */
function ownMappingFor(header: readonly string[]): ReturnType<typeof ownMapping> {
  const names = header.map((name) => name.trim());
  if (!names.includes('primary_id')) throw new AppError('feeds.mapping_needed', {});
  return ownMapping(names);
}
