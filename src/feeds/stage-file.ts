/**
 * The first half of every import: a file is read as a stream into staging, record by record. A broken
 * file throws before anything else happens; a bad record is told with its place and left out.
 */
import { type MergeProblem, type Slot, Staging } from '../changes/index.ts';
import { AppError, type Context, say, sayAny } from '../core/index.ts';
import { ALMA_LISTS } from './alma-shape.ts';
import { type CodeBook, loadCodeBook } from './code-book.ts';
import { RecordCheck, type RecordProblem } from './check-record.ts';
import { CsvReader, csvRows, guessDelimiter } from './csv-records.ts';
import { fromAlma, type ReadRecord } from './from-alma.ts';
import { jsonRecords } from './json-records.ts';
import { type Mapping, ownMapping } from './mapping.ts';
import type { KnownRecords } from './known-records.ts';
import { type FeedFile, readText } from './read-text.ts';
import { hashSecrets } from './secrets.ts';
import { xmlRecords } from './xml-records.ts';

/** A record that was left out, and why. */
export interface LineProblem extends RecordProblem {
  readonly line: number;
}

export interface StageOptions {
  /** For CSV; undefined: the header has to be that of our own export. */
  readonly mapping: Mapping | undefined;
  /** Problems that are kept; `rejected` counts all. */
  readonly problemLimit: number;
  /** Passwords and PINs of the file are hashed and staged. */
  readonly secrets: boolean;
  /** Records that need not be read again, because nothing has changed since they were. */
  readonly known?: KnownRecords;
  /** Added to every line: for the second file of an archive and those after it. */
  readonly linesBefore?: number;
  /** Last word on a record that has been read, before its codes and keys are merged. */
  readonly finish?: (record: ReadRecord) => void;
}

export interface StagedFile {
  readonly rejected: number;
  readonly problems: readonly LineProblem[];
  /** Members of the notation, or columns, that nothing reads, and how often they came. */
  readonly unknown: ReadonlyMap<string, number>;
  readonly slots: readonly Slot[] | undefined;
  readonly matchIdentifier: string | undefined;
  readonly mapping: string | undefined;
  /** Where in the file a problem that the merge found is. */
  readonly placeOf: (problem: Pick<MergeProblem, 'field' | 'identifier'>) => string;
}

interface Source {
  readonly line: number;
  readonly mark?: string;
  readonly record: ReadRecord;
  readonly check: RecordCheck;
}

interface Notation {
  readonly sources: AsyncIterable<Source>;
  readonly reader?: () => CsvReader | undefined;
  readonly placeOf: StagedFile['placeOf'];
}

/** Records whose passwords are hashed together. */
const WINDOW = 64;
/** Different unknown members that are told. */
const MOST_UNKNOWN = 50;

/** Opens staging on a connection of its own for as long as `work` takes. */
export async function withStaging<T>(ctx: Context, work: (staging: Staging) => Promise<T>): Promise<T> {
  const client = await ctx.db.pool.connect();
  let broken: Error | undefined;
  try {
    const staging = await Staging.open(client);
    try {
      return await work(staging);
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

/** Reads the file to its end. @throws what a broken file is refused for (`feeds.*`, with the line) */
export async function stageFile(ctx: Context, file: FeedFile, staging: Staging, options: StageOptions): Promise<StagedFile> {
  return new FileStage(ctx, file, staging, options).run();
}

class FileStage {
  readonly #ctx: Context;
  readonly #file: FeedFile;
  readonly #staging: Staging;
  readonly #options: StageOptions;
  readonly #problems: LineProblem[] = [];
  readonly #unknown = new Map<string, number>();
  #rejected = 0;
  #read = 0;

  constructor(ctx: Context, file: FeedFile, staging: Staging, options: StageOptions) {
    this.#ctx = ctx;
    this.#file = file;
    this.#staging = staging;
    this.#options = options;
  }

  async run(): Promise<StagedFile> {
    const book = await loadCodeBook(this.#ctx.db.pool, (table, code, label) => this.#staging.newCode(table, code, label));
    const notation = this.#file.format === 'csv' ? this.#csv(book) : this.#alma(book);
    let window: Source[] = [];
    for await (const source of notation.sources) {
      window.push(source);
      if (window.length >= WINDOW) {
        await this.#stage(notation, window);
        window = [];
      }
    }
    await this.#stage(notation, window);
    await this.#staging.finish();
    const reader = notation.reader?.();
    const match = reader?.mapping.match;
    return {
      rejected: this.#rejected,
      problems: this.#problems,
      unknown: this.#unknown,
      slots: notation.reader === undefined ? undefined : (reader?.slots() ?? []),
      matchIdentifier: match === undefined || match === 'primary_id' ? undefined : match.identifier,
      mapping: notation.reader === undefined ? undefined : (reader?.mapping.name ?? ''),
      placeOf: notation.placeOf,
    };
  }

  #alma(book: CodeBook): Notation {
    const text = readText(this.#file);
    const { known, linesBefore: before = 0 } = this.#options;
    const records = this.#file.format === 'alma-xml' ? xmlRecords(text) : jsonRecords(text);
    const unknown = (path: string) => this.#tellUnknown(path);
    return {
      sources: (async function* () {
        for await (const { line, value } of records) {
          const mark = known?.look(JSON.stringify(value), line + before);
          if (mark === null) continue;
          const check = new RecordCheck(book);
          yield { line, record: fromAlma(value, check, unknown), check, ...(mark === undefined ? {} : { mark }) };
        }
      })(),
      placeOf: ({ field, identifier }) => (identifier === null ? field : `${IDENTIFIER_PATH}[${identifier.pos}].value`),
    };
  }

  #csv(book: CodeBook): Notation {
    const { head } = this.#file;
    const { mapping, known, linesBefore: before = 0 } = this.#options;
    let reader: CsvReader | undefined;
    const unknown = (path: string) => this.#tellUnknown(path);
    const look = known === undefined ? undefined : (text: string, line: number, header: string) => known.look(text, line + before, header);
    const rows = csvRows(readText(this.#file), mapping?.delimiter ?? guessDelimiter(head), look);
    return {
      sources: (async function* () {
        for await (const row of rows) {
          if (reader === undefined) {
            reader = new CsvReader(mapping ?? ownMappingFor(row.cells), row.cells, book.codeOfLabel);
            reader.unread.forEach(unknown);
            continue;
          }
          const check = new RecordCheck(book);
          yield { line: row.line, record: reader.read(row, check), check, ...(row.mark === undefined ? {} : { mark: row.mark }) };
        }
      })(),
      reader: () => reader,
      placeOf: ({ field, identifier }) => reader?.columnOf(field, identifier?.type) ?? field,
    };
  }

  async #stage(notation: Notation, window: readonly Source[]): Promise<void> {
    for (const source of window) this.#options.finish?.(source.record);
    // Those that are refused here already are told; the others once their passwords have been looked at.
    const good = window.filter((source) => source.check.problems.length === 0 || this.#accept(source));
    const hashes = this.#options.secrets
      ? await hashSecrets(
          this.#ctx.db.pool,
          good.map((source) => source.record),
          (no, why) => good[no]?.check.problem(notation.placeOf({ field: 'password', identifier: null }), why),
        )
      : [];
    for (const [i, source] of good.entries()) {
      if (!this.#accept(source)) continue;
      const { record, mark } = source;
      const line = source.line + (this.#options.linesBefore ?? 0);
      const { fields, forNew, lists, slots } = record;
      await this.#staging.add({
        line,
        fields,
        forNew,
        lists,
        ...(slots === undefined ? {} : { slots }),
        ...(mark === undefined ? {} : { mark }),
        ...hashes[i],
      });
    }
    this.#read += window.length;
    this.#ctx.onProgress?.({ stage: say(this.#ctx.language, 'feeds.stage_read', {}), done: this.#read, total: null });
  }

  #accept({ line, check }: Source): boolean {
    if (check.problems.length === 0) return true;
    this.#rejected += 1;
    for (const problem of check.problems) {
      if (this.#problems.length >= this.#options.problemLimit) break;
      this.#problems.push({ line: line + (this.#options.linesBefore ?? 0), ...problem });
    }
    return false;
  }

  #tellUnknown(path: string): void {
    const count = this.#unknown.get(path);
    if (count !== undefined || this.#unknown.size < MOST_UNKNOWN) this.#unknown.set(path, (count ?? 0) + 1);
  }
}

/** A problem of a record in words; parameters that are texts themselves are said in the reader's language. */
export function wordsOfProblem(ctx: Pick<Context, 'language'>, code: string, params: Readonly<Record<string, unknown>>): string {
  const said = Object.entries(params).map(([name, value]): [string, string | number] => [
    name,
    isTextParam(value) ? sayAny(ctx.language, value.text) : typeof value === 'number' ? value : String(value),
  ]);
  return sayAny(ctx.language, code, Object.fromEntries(said));
}

function isTextParam(value: unknown): value is { readonly text: string } {
  return typeof value === 'object' && value !== null && 'text' in value && typeof value.text === 'string';
}

const IDENTIFIER_PATH = ALMA_LISTS.find((l) => l.table.table === 'user_identifiers')?.alma ?? '';

/** Our own export needs no mapping; its header tells it. */
function ownMappingFor(header: readonly string[]): Mapping {
  const names = header.map((name) => name.trim());
  if (!names.includes('primary_id')) throw new AppError('feeds.mapping_needed', {});
  return ownMapping(names);
}
