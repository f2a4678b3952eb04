import { styleText } from 'node:util';
import { type Language, say, sayAny, type TextCode, type TextParams } from '../core/index.ts';
import { cut, padEnd, padStart, widthOf } from './width.ts';

type Style = Parameters<typeof styleText>[0];

export interface Column {
  readonly title: string;
  readonly align?: 'right';
  /** Longer texts are cut to this many columns. */
  readonly max?: number;
}

/** A terminal may act on control characters, so what comes out of records shows them as a mark. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

export function printable(text: string): string {
  return text.replace(CONTROL, '�');
}

/**
 * What a person reads: standard output in the person's language, with colours where the terminal
 * has them. With `--json` it says nothing, since the one document is all that may appear there.
 */
export class Screen {
  readonly language: Language;
  readonly silent: boolean;
  readonly #stream: NodeJS.WriteStream;

  constructor(language: Language, silent: boolean, stream: NodeJS.WriteStream = process.stdout) {
    this.language = language;
    this.silent = silent;
    this.#stream = stream;
  }

  /** Columns of the terminal; a file or pipe gets whole lines. */
  get width(): number {
    return this.#stream.isTTY ? this.#stream.columns : Number.POSITIVE_INFINITY;
  }

  line(text = ''): void {
    if (!this.silent) this.#stream.write(`${text}\n`);
  }

  say<C extends TextCode>(code: C, params: TextParams<C>): void {
    this.line(this.text(code, params));
  }

  text<C extends TextCode>(code: C, params: TextParams<C>): string {
    return say(this.language, code, params);
  }

  /** The words of a code that comes out of the database; an unknown one as it is. */
  textOf(code: string): string {
    return sayAny(this.language, code);
  }

  heading(text: string): void {
    this.line(this.style('bold', text));
  }

  /** Plain text where the output is no terminal or `NO_COLOR` is set. */
  style(style: Style, text: string): string {
    return styleText(style, text, { stream: this.#stream });
  }

  /** Name of a step of a long operation, as `Context.onProgress` gives it. */
  stage(name: string): string {
    const code = `cli.stage.${name}`;
    const words = sayAny(this.language, code);
    return words === code ? name : words;
  }

  number(value: number): string {
    return value.toLocaleString(this.language === 'de' ? 'de-DE' : 'en-GB');
  }

  /** `2027-09-30` → `30 Sept 2027`, `30.09.2027`; an instant gets its time of day as well. */
  date(value: string | null | undefined): string {
    if (value === null || value === undefined || value === '') return '–';
    const locale = this.language === 'de' ? 'de-DE' : 'en-GB';
    const day = { day: '2-digit', month: this.language === 'de' ? '2-digit' : 'short', year: 'numeric' } as const;
    if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return new Date(`${value}T00:00:00Z`).toLocaleDateString(locale, { ...day, timeZone: 'UTC' });
    return new Date(value).toLocaleString(locale, { ...day, hour: '2-digit', minute: '2-digit', second: '2-digit' });
  }

  /** Old value faint, arrow, new value in colour: the same everywhere. */
  change(before: string | null, after: string | null): string {
    const nothing = this.text('cli.empty', {});
    const old = this.style('dim', printable(before ?? nothing));
    return `${old} → ${this.style('green', printable(after ?? nothing))}`;
  }

  /** Aligned columns; on a terminal the last one is cut to what is left of the line. */
  table(columns: readonly Column[], rows: readonly (readonly string[])[]): void {
    const cells = rows.map((row) => columns.map((column, index) => cut1(row[index] ?? '', column)));
    const widths = columns.map((column, index) => Math.max(widthOf(column.title), ...cells.map((row) => widthOf(row[index] ?? ''))));
    const layOut = (row: readonly string[]): string =>
      columns
        .map((column, index) => (column.align === 'right' ? padStart : padEnd)(row[index] ?? '', widths[index] ?? 0))
        .join('  ')
        .trimEnd();
    this.line(this.style('dim', layOut(columns.map((column) => column.title))));
    for (const row of cells) this.line(layOut(row));
  }

  /** Label and value, one pair a line. */
  pairs(pairs: readonly (readonly [string, string])[]): void {
    const width = Math.max(0, ...pairs.map(([label]) => widthOf(label)));
    for (const [label, value] of pairs) this.line(`${this.style('dim', padEnd(label, width))}  ${value}`);
  }
}

function cut1(text: string, column: Column): string {
  return column.max === undefined ? text : cut(text, column.max);
}
