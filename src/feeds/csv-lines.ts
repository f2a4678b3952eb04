/**
 * A CSV file as its records stand in it, before they are taken apart (RFC 4180): a record ends with a line
 * break that is not between quotation marks. A nightly file is for the most part the one of the night before, and
 * whether a record is an old one shows without looking at its cells.
 */
import { RECORD_LIMIT } from './limits.ts';

export interface RawRecord {
  /** Without the line break that ends it. */
  readonly text: string;
  /** Line of the file on which it begins, from 1. */
  readonly line: number;
}

/**
 * The records of each piece of text; empty lines are passed over. One whose quotation mark is never closed comes with all that
 * follows, up to a little more than `RECORD_LIMIT` characters.
 */
export async function* rawRecords(text: AsyncIterable<string>): AsyncGenerator<readonly RawRecord[], void, undefined> {
  const lines = new Lines();
  for await (const piece of text) yield lines.push(piece, false);
  yield lines.push('', true);
}

class Lines {
  /** Begin of a record whose end has not come. */
  #rest = '';
  /** The last quotation mark of the rest opens. */
  #open = false;
  #line = 1;
  /** Line breaks inside the rest. */
  #within = 0;
  #break: '\n' | '\r' | undefined;

  push(piece: string, last: boolean): readonly RawRecord[] {
    const text = this.#rest === '' ? piece : this.#rest + piece;
    let at = this.#rest.length;
    if (this.#break === undefined) {
      this.#break = lineBreakOf(text, last);
      at = 0;
      if (this.#break === undefined) {
        this.#rest = text;
        return text.length > RECORD_LIMIT + SLACK ? [{ text, line: 1 }] : [];
      }
      this.#open = false;
    }
    const records: RawRecord[] = [];
    let start = 0;
    let quote = text.indexOf('"', at);
    for (let end = text.indexOf(this.#break, at); end !== -1; end = text.indexOf(this.#break, end + 1)) {
      for (; quote !== -1 && quote < end; quote = text.indexOf('"', quote + 1)) this.#open = !this.#open;
      if (this.#open) {
        this.#within += 1;
        continue;
      }
      this.#tell(records, text, start, end);
      start = end + 1;
    }
    for (; quote !== -1; quote = text.indexOf('"', quote + 1)) this.#open = !this.#open;
    if (last || text.length - start > RECORD_LIMIT + SLACK) this.#tell(records, text, start, text.length);
    this.#rest = text.slice(start);
    return records;
  }

  #tell(records: RawRecord[], text: string, start: number, end: number): void {
    const to = text.charCodeAt(end - 1) === CARRIAGE_RETURN && end > start ? end - 1 : end;
    if (to > start) records.push({ text: text.slice(start, to), line: this.#line });
    this.#line += this.#within + 1;
    this.#within = 0;
  }
}

/** What a record has beside what counts against the limit. */
const SLACK = 65_536;
const CARRIAGE_RETURN = 13;

/** What ends the first record; undefined: not to be seen yet. A carriage return may be the first half of a CRLF. */
function lineBreakOf(text: string, last: boolean): '\n' | '\r' | undefined {
  let open = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') open = !open;
    if (open) continue;
    if (character === '\n') return '\n';
    if (character === '\r') {
      if (at + 1 < text.length) return text[at + 1] === '\n' ? '\n' : '\r';
      return last ? '\n' : undefined;
    }
  }
  return last ? '\n' : undefined;
}
