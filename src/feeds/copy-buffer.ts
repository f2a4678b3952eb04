/** A value of a COPY row; arrays and JSON come as the text PostgreSQL reads. */
export type CopyValue = string | number | boolean | null;

/** Rows of one table on their way into COPY, in its text format. */
export class CopyBuffer<Column extends string> {
  readonly table: string;
  readonly columns: readonly Column[];
  #text = '';
  #rows = 0;

  constructor(table: string, columns: readonly Column[]) {
    this.table = table;
    this.columns = columns;
  }

  get rows(): number {
    return this.#rows;
  }

  add(row: Readonly<Record<Column, CopyValue>>): void {
    let line = '';
    for (const column of this.columns) {
      const value = row[column];
      const text = value === null ? '\\N' : typeof value === 'string' ? escape(value) : String(value);
      line = line === '' ? text : `${line}\t${text}`;
    }
    this.#text += `${line}\n`;
    this.#rows += 1;
  }

  /** The rows so far, as bytes; the buffer is empty afterwards. */
  take(): Buffer {
    const bytes = Buffer.from(this.#text);
    this.#text = '';
    this.#rows = 0;
    return bytes;
  }
}

const SPECIAL = /[\\\t\n\r]/;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function escape(value: string): string {
  return SPECIAL.test(value) ? value.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character) : value;
}
