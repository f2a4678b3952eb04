/**
 * Loans, requests and fees as another system tells them. For every user and kind in the file, what is
 * in the file replaces what was known, as of the file's date; the counts on the user follow.
 *
 * Invariant: a user's history of one kind goes in whole or not at all. A bad row therefore keeps the
 * other rows of its user and kind out as well: half a history would be a wrong count.
 */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { z } from 'zod';
import { type Context, count, id, type Language, operation, sayAny, type TextCode, todayIn } from '../core/index.ts';
import { CirculationReader, type RowProblem, shown } from './circulation-row.ts';
import { applyCirculation, circulationCounts, planCirculation, readPlanProblems } from './circulation-plan.ts';
import { CopyBuffer } from './copy-buffer.ts';
import { csvRows, guessDelimiter } from './csv-records.ts';
import { PROBLEM_LIMIT } from './limits.ts';
import { type FeedFile, inspectFile, readText } from './read-text.ts';

const input = z.object({
  file: z.string().min(1).describe('Path of the CSV file'),
  encoding: z.enum(['utf-8', 'windows-1252']).optional().describe('UTF-8 when left out'),
  dryRun: z.boolean().default(false).describe('Work everything out and write nothing'),
});

const circulationErrorSchema = z.object({ line: count, field: z.string(), code: z.string(), message: z.string() });
export type CirculationError = z.output<typeof circulationErrorSchema>;

const circulationResultSchema = z.object({
  ...circulationCounts,
  rejected: count.describe('Rows that cannot go in'),
  errors: z.array(circulationErrorSchema).describe('The first 1,000, in the file’s order'),
  run_id: id.nullable().describe('The run that wrote; null for a dry run'),
  dry_run: z.boolean(),
});
export type CirculationResult = z.output<typeof circulationResultSchema>;

export const importCirculation = operation({
  name: 'users.import_circulation',
  summary: {
    en: 'Import loans, requests and fees from CSV, true as of a date',
    de: 'Ausleihen, Bestellungen und Gebühren zu einem Stichtag aus CSV importieren',
  },
  privilege: 'users:import',
  input,
  output: circulationResultSchema,
  audit: (given, result) => ({
    entity: 'import',
    id: result?.run_id ?? null,
    detail: {
      file: given.file,
      dry_run: given.dryRun,
      ...(result === undefined ? {} : { changed: result.changed, unchanged: result.unchanged, rejected: result.rejected }),
    },
  }),
  run: importFile,
});

/** Imports of circulation take turns: each replaces what another one may just be writing. */
const ADVISORY_LOCK = 7_303_015;

/** Ends the transaction of a dry run without an error for the caller. */
class DryRun extends Error {
  readonly result: CirculationResult;
  constructor(result: CirculationResult) {
    super('dry run');
    this.result = result;
  }
}

async function importFile(ctx: Context, given: z.output<typeof input>): Promise<CirculationResult> {
  const file = await inspectFile(given.file, { format: 'csv', ...(given.encoding === undefined ? {} : { encoding: given.encoding }) });
  const today = todayIn(ctx.timeZone);
  try {
    return await ctx.db.transaction(async (tx) => {
      await tx.query(`select pg_advisory_xact_lock(${ADVISORY_LOCK})`);
      await tx.query(`set local work_mem = '64MB'`);
      const staging = new Staging(ctx, file, today);
      await staging.fill(tx);
      const counts = await planCirculation(tx);
      const found = await readPlanProblems(tx, PROBLEM_LIMIT);
      const all = [...staging.problems, ...found.problems.map((problem) => told(problem.line, problem, ctx.language))];
      const errors = all.sort((a, b) => a.line - b.line).slice(0, PROBLEM_LIMIT);
      const result = { ...counts, rejected: staging.rejected + found.count, errors, run_id: null, dry_run: given.dryRun };
      if (given.dryRun) throw new DryRun(result);
      const run = await applyCirculation(tx, {
        actor: ctx.actor.name,
        today,
        counts,
        rejected: result.rejected,
        file: file.name,
        name: sayAny(ctx.language, 'circulation.run', { file: file.name }),
      });
      return { ...result, run_id: run };
    });
  } catch (error) {
    if (error instanceof DryRun) return error.result;
    throw error;
  }
}

/** Rows per piece of COPY text. */
const PIECE = 2_000;

class Staging {
  readonly problems: CirculationError[] = [];
  rejected = 0;
  readonly #ctx: Context;
  readonly #file: FeedFile;
  readonly #today: string;

  constructor(ctx: Context, file: FeedFile, today: string) {
    this.#ctx = ctx;
    this.#file = file;
    this.#today = today;
  }

  /** Copies the file's rows into the session's table `circulation_staged`; bad ones as marks without content. */
  async fill(tx: PoolClient): Promise<void> {
    await tx.query(`create temp table circulation_staged (
      line bigint not null, bad boolean not null, id_text text not null, kind text not null, reference text, title text, barcode text,
      amount numeric(12, 2), currency text, due_on date, true_on date) on commit drop`);
    const buffer = new CopyBuffer('circulation_staged', [
      'line',
      'bad',
      'id_text',
      'kind',
      'reference',
      'title',
      'barcode',
      'amount',
      'currency',
      'due_on',
      'true_on',
    ] as const);
    const copy = tx.query(copyFrom(`copy circulation_staged (${buffer.columns.join(', ')}) from stdin`));
    await pipeline(Readable.from(this.#pieces(buffer)), copy);
  }

  async *#pieces(buffer: CopyBuffer<StagedColumn>): AsyncGenerator<Buffer, void, undefined> {
    let reader: CirculationReader | undefined;
    let rows = 0;
    for await (const row of csvRows(readText(this.#file), guessDelimiter(this.#file.head))) {
      if (reader === undefined) {
        reader = new CirculationReader(row.cells, this.#today);
        continue;
      }
      const read = reader.read(row);
      if ('problems' in read) {
        this.#reject(row.line, read.problems);
        if (read.user !== null && read.kind !== null)
          buffer.add({ ...NOTHING, line: row.line, bad: true, id_text: read.user, kind: read.kind });
      } else {
        const { user, kind, reference, title, barcode, amount, currency, dueOn, asOf } = read;
        buffer.add({
          line: row.line,
          bad: false,
          id_text: user,
          kind,
          reference,
          title,
          barcode,
          amount,
          currency,
          due_on: dueOn,
          true_on: asOf,
        });
      }
      rows += 1;
      if (buffer.rows === PIECE) {
        yield buffer.take();
        this.#ctx.onProgress?.({ stage: sayAny(this.#ctx.language, 'circulation.stage_read'), done: rows, total: null });
      }
    }
    if (buffer.rows > 0) yield buffer.take();
  }

  #reject(line: number, problems: readonly RowProblem[]): void {
    this.rejected += 1;
    for (const problem of problems) if (this.problems.length < PROBLEM_LIMIT) this.problems.push(told(line, problem, this.#ctx.language));
  }
}

type StagedColumn = 'line' | 'bad' | 'id_text' | 'kind' | 'reference' | 'title' | 'barcode' | 'amount' | 'currency' | 'due_on' | 'true_on';

const NOTHING = { reference: null, title: null, barcode: null, amount: null, currency: null, due_on: null, true_on: null };

function told(line: number, problem: Omit<RowProblem, 'code'> & { readonly code: TextCode }, language: Language): CirculationError {
  const words = Object.entries(problem.words ?? {}).map(([name, code]) => [name, sayAny(language, code)]);
  const quoted = Object.entries(problem.params).map(([name, value]) => [name, typeof value === 'string' ? shown(value) : value]);
  return {
    line,
    field: problem.field,
    code: problem.code,
    message: sayAny(language, problem.code, { ...Object.fromEntries(quoted), ...Object.fromEntries(words) }),
  };
}
