/** Rows of a circulation file: one loan, request or fee of a user each, or the word that there is none. */
import { AppError, type TextCode } from '../core/index.ts';
import type { CsvRow } from './csv-records.ts';
import { isoDateOf } from './dates.ts';

export const KINDS = ['loan', 'request', 'fee'] as const;
export type Kind = (typeof KINDS)[number];

/** A row that passed every check which needs no database. */
export interface CirculationRow {
  readonly user: string;
  readonly kind: Kind;
  /** Null: the user has nothing of this kind. */
  readonly reference: string | null;
  readonly title: string | null;
  readonly barcode: string | null;
  /** Decimal text with a point. */
  readonly amount: string | null;
  readonly currency: string | null;
  readonly dueOn: string | null;
  readonly asOf: string;
}

export interface RowProblem {
  readonly field: string;
  readonly code: TextCode;
  readonly params: Readonly<Record<string, string | number>>;
  /** Parameters that are texts themselves. */
  readonly words?: Readonly<Record<string, TextCode>>;
}

/** A row that cannot go in. User and kind, where they can be read, say whose history is incomplete without it. */
export interface BadRow {
  readonly user: string | null;
  readonly kind: Kind | null;
  readonly problems: readonly RowProblem[];
}

/** Column names as files write them: upper or lower case, with blanks, hyphens or underscores. */
const COLUMNS = {
  user: ['user_id', 'user', 'primary_id', 'identifier'],
  kind: ['kind', 'type'],
  reference: ['reference', 'id'],
  title: ['title'],
  barcode: ['barcode'],
  amount: ['amount'],
  currency: ['currency'],
  due: ['due_date', 'due', 'due_on'],
  asOf: ['as_of_date', 'as_of', 'true_on'],
} as const;

type Column = keyof typeof COLUMNS;

const REQUIRED: readonly Column[] = ['user', 'kind', 'reference', 'asOf'];

const LONGEST: Readonly<Partial<Record<Column, number>>> = { user: 255, reference: 255, title: 1_000, barcode: 255 };

const SHOWN = 60;

export class CirculationReader {
  readonly #places = new Map<Column, number>();
  readonly #width: number;
  readonly #today: string;

  /** @throws `circulation.columns_missing` */
  constructor(header: readonly string[], today: string) {
    const names = header.map((name) =>
      name
        .trim()
        .toLowerCase()
        .replace(/[\s-]+/g, '_'),
    );
    for (const column of Object.keys(COLUMNS) as Column[]) {
      // the keys of a constant
      const place = names.findIndex((name) => (COLUMNS[column] as readonly string[]).includes(name));
      if (place >= 0) this.#places.set(column, place);
    }
    const missing = REQUIRED.filter((column) => !this.#places.has(column)).map((column) => COLUMNS[column][0]);
    if (missing.length > 0) {
      throw new AppError('circulation.columns_missing', { missing: missing.join(', '), found: header.join(', ').slice(0, 200) });
    }
    this.#width = header.length;
    this.#today = today;
  }

  read(row: CsvRow): CirculationRow | BadRow {
    const problems: RowProblem[] = [];
    const cell = (column: Column): string | null => {
      const text = row.cells[this.#places.get(column) ?? -1]?.trim() ?? '';
      return text === '' ? null : this.#storable(column, text, problems);
    };
    const user = cell('user');
    const kind = this.#kind(cell('kind'), problems);
    const reference = cell('reference');
    const title = cell('title');
    const barcode = cell('barcode');
    const amount = this.#amount(cell('amount'), problems);
    const currency = this.#currency(cell('currency'), problems);
    const dueOn = this.#date('due', cell('due'), problems);
    const asOf = this.#date('asOf', cell('asOf'), problems);

    if (row.cells.length !== this.#width) {
      problems.push({ field: '', code: 'feeds.column_count', params: { found: row.cells.length, expected: this.#width } });
    }
    if (user === null) this.#required('user', row, problems);
    if (asOf === null) this.#required('asOf', row, problems);
    else if (asOf > this.#today) problems.push({ field: COLUMNS.asOf[0], code: 'circulation.in_future', params: { value: asOf } });
    // Only user, kind and date: the user has none. With anything more, the reference was forgotten.
    if (reference === null && [title, barcode, amount, dueOn].some((value) => value !== null)) this.#required('reference', row, problems);
    if (kind === 'fee' && reference !== null && amount === null) this.#required('amount', row, problems);

    if (problems.length > 0 || user === null || kind === null || asOf === null) return { user, kind, problems };
    return { user, kind, reference, title, barcode, amount, currency, dueOn, asOf };
  }

  /** An empty cell; a full one that did not pass has a problem of its own already. */
  #required(column: Column, row: CsvRow, problems: RowProblem[]): void {
    if ((row.cells[this.#places.get(column) ?? -1]?.trim() ?? '') === '')
      problems.push({ field: COLUMNS[column][0], code: 'feeds.required', params: {} });
  }

  #storable(column: Column, text: string, problems: RowProblem[]): string | null {
    const field = COLUMNS[column][0];
    const word = text.includes('\0') ? 'feeds.word_nul' : text.isWellFormed() ? null : 'feeds.word_surrogate';
    if (word !== null) {
      problems.push({ field, code: 'feeds.bad_characters', params: {}, words: { what: word } });
      return null;
    }
    const longest = LONGEST[column];
    if (longest !== undefined && text.length > longest) {
      problems.push({ field, code: 'feeds.too_long', params: { value: shown(text), length: text.length, max: longest } });
      return null;
    }
    return text;
  }

  #kind(text: string | null, problems: RowProblem[]): Kind | null {
    const kind = KINDS.find((known) => known === text?.toLowerCase());
    if (kind !== undefined) return kind;
    if (text === null) problems.push({ field: 'kind', code: 'feeds.required', params: {} });
    else problems.push({ field: 'kind', code: 'circulation.unknown_kind', params: { value: shown(text), known: KINDS.join(', ') } });
    return null;
  }

  #amount(text: string | null, problems: RowProblem[]): string | null {
    if (text === null) return null;
    const parts = /^(-?\d{1,7})(?:[.,](\d{1,2}))?$/.exec(text);
    if (parts !== null) return `${parts[1]}.${(parts[2] ?? '').padEnd(2, '0')}`;
    problems.push({ field: 'amount', code: 'feeds.bad_number', params: { value: shown(text) }, words: { expected: 'feeds.word_amount' } });
    return null;
  }

  #currency(text: string | null, problems: RowProblem[]): string | null {
    if (text === null || /^[A-Za-z]{3}$/.test(text)) return text?.toUpperCase() ?? null;
    problems.push({ field: 'currency', code: 'circulation.bad_currency', params: { value: shown(text) } });
    return null;
  }

  #date(column: 'due' | 'asOf', text: string | null, problems: RowProblem[]): string | null {
    if (text === null) return null;
    const date = isoDateOf(text);
    if (date !== undefined) return date;
    problems.push({
      field: COLUMNS[column][0],
      code: 'feeds.bad_date',
      params: { value: shown(text) },
      words: { expected: 'feeds.word_date' },
    });
    return null;
  }
}

/** A value as a message quotes it. */
export function shown(text: string): string {
  const clean = text.replace(/\p{Cc}/gu, '\u{FFFD}');
  return clean.length > SHOWN ? `${clean.slice(0, SHOWN)}…` : clean;
}
