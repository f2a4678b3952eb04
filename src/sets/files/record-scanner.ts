import { isUtf8 } from 'node:buffer';
import { AppError } from '../../core/index.ts';
import { FileRecord, type OnRecord } from './file-record.ts';

/** Longest record in bytes; a file of identifiers or values is nowhere near it. */
export const MAX_RECORD_BYTES = 1024 * 1024;

const QUOTE = 0x22;
const CARRIAGE_RETURN = 0x0d;
const LINE_FEED = 0x0a;

export interface Layout {
  /** Byte between fields; null: the whole line is the field. */
  readonly delimiter: number | null;
  /** Byte that ends a line; CRLF counts as LF. */
  readonly newline: number;
}

/**
 * Cuts delimiter-separated text (RFC 4180 quoting) into records, chunk by chunk. It holds that no byte
 * reaches `onRecord` which is not valid UTF-8 or is NUL, and that no more than one record and one
 * chunk are kept in memory. Works on bytes: a million lines take about a tenth of a second.
 */
export class RecordScanner {
  readonly #path: string;
  readonly #delimiter: number;
  readonly #newline: number;
  readonly #record = new FileRecord();
  #rest: Buffer = Buffer.alloc(0);
  #line = 1;
  #scratch = Buffer.alloc(4096);

  constructor(path: string, layout: Layout) {
    this.#path = path;
    this.#delimiter = layout.delimiter ?? -1;
    this.#newline = layout.newline;
  }

  /** Takes the next bytes; `last` also takes what no line end closes. */
  push(chunk: Buffer, last: boolean, onRecord: OnRecord): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const limit = last ? bytes.length : bytes.lastIndexOf(this.#newline) + 1;
    this.#check(bytes.subarray(0, limit));
    let position = 0;
    let quote = -1;
    while (position < limit) {
      const found = bytes.indexOf(this.#newline, position);
      const end = found === -1 ? limit : found;
      if (quote < position) {
        const next = bytes.indexOf(QUOTE, position);
        quote = next === -1 ? bytes.length : next;
      }
      const next = quote >= end ? this.#plain(bytes, position, end, onRecord) : this.#quoted(bytes, position, limit, last, onRecord);
      if (next === -1) break;
      position = next;
    }
    this.#rest = bytes.subarray(position);
    if (this.#rest.length > MAX_RECORD_BYTES) {
      throw new AppError('sets.line_too_long', { file: this.#path, line: this.#line, limit: MAX_RECORD_BYTES });
    }
  }

  /** A line without any quotation mark. */
  #plain(bytes: Buffer, start: number, end: number, onRecord: OnRecord): number {
    const record = this.#begin(bytes);
    let from = start;
    if (this.#delimiter !== -1) {
      for (let at = bytes.indexOf(this.#delimiter, from); at !== -1 && at < end; at = bytes.indexOf(this.#delimiter, from)) {
        record.addTrimmed(from, at);
        from = at + 1;
      }
    }
    record.addTrimmed(from, end);
    this.#line += 1;
    if (!record.blank) onRecord(record);
    return end + 1;
  }

  /** A record with quotation marks, which may go over several lines; -1 when its end is not there yet. */
  #quoted(bytes: Buffer, start: number, limit: number, last: boolean, onRecord: OnRecord): number {
    if (this.#scratch.length < limit - start && this.#scratch.length < MAX_RECORD_BYTES) {
      this.#scratch = Buffer.alloc(Math.min(limit - start, MAX_RECORD_BYTES));
    }
    const record = this.#begin(this.#scratch);
    let to = 0;
    let lines = 0;
    let at = start;
    for (;;) {
      const from = to;
      let open = at;
      while (open < limit && bytes[open] === 0x20) open += 1;
      const quoted = open < limit && bytes[open] === QUOTE;
      if (quoted) at = open + 1;
      for (;;) {
        if (to >= MAX_RECORD_BYTES) {
          throw new AppError('sets.line_too_long', { file: this.#path, line: this.#line, limit: MAX_RECORD_BYTES });
        }
        if (at >= limit) {
          if (!quoted) break;
          if (last) throw new AppError('sets.quote_not_closed', { file: this.#path, line: this.#line });
          return -1;
        }
        const byte = bytes[at] as number;
        if (quoted && byte === QUOTE) {
          if (bytes[at + 1] !== QUOTE) break;
          at += 1;
        } else if (!quoted && (byte === this.#delimiter || byte === this.#newline)) {
          break;
        } else if (byte === this.#newline) {
          lines += 1;
        }
        this.#scratch[to] = byte;
        to += 1;
        at += 1;
      }
      if (quoted) at = this.#afterQuote(bytes, at + 1, limit);
      record.addTrimmed(from, to);
      if (at >= limit || bytes[at] === this.#newline) break;
      at += 1;
    }
    this.#line += lines + 1;
    if (!record.blank) onRecord(record);
    return at + 1;
  }

  /** Where the field ends whose closing quotation mark lies before `start`. */
  #afterQuote(bytes: Buffer, start: number, limit: number): number {
    let at = start;
    while (at < limit) {
      const byte = bytes[at];
      if (byte === this.#delimiter || byte === this.#newline) break;
      if (byte !== 0x20 && byte !== CARRIAGE_RETURN && byte !== 0x09) {
        throw new AppError('sets.quote_misplaced', { file: this.#path, line: this.#line });
      }
      at += 1;
    }
    return at;
  }

  #begin(bytes: Buffer): FileRecord {
    this.#record.bytes = bytes;
    this.#record.count = 0;
    this.#record.line = this.#line;
    return this.#record;
  }

  /** `part` ends at a line end, so it never ends inside a character. */
  #check(part: Buffer): void {
    const nul = part.indexOf(0);
    if (nul !== -1) {
      throw new AppError('sets.file_nul', {
        file: this.#path,
        line: this.#line + newlinesIn(part.subarray(0, nul), this.#newline),
      });
    }
    if (isUtf8(part)) return;
    let start = 0;
    for (let line = this.#line; ; line += 1) {
      const found = part.indexOf(this.#newline, start);
      const end = found === -1 ? part.length : found;
      if (found === -1 || !isUtf8(part.subarray(start, end))) {
        throw new AppError('sets.file_encoding', { file: this.#path, line });
      }
      start = end + 1;
    }
  }
}

function newlinesIn(part: Buffer, newline: number): number {
  let count = 0;
  for (let at = part.indexOf(newline); at !== -1; at = part.indexOf(newline, at + 1)) count += 1;
  return count;
}

/** Finds out how a text file is laid out from its first bytes (valid UTF-8 or not). */
export function detectLayout(sample: Buffer): Layout {
  const newline = !sample.includes(LINE_FEED) && sample.includes(CARRIAGE_RETURN) ? CARRIAGE_RETURN : LINE_FEED;
  const lines = withoutQuoted(sample.toString('latin1'))
    .split(newline === LINE_FEED ? /\r?\n/ : '\r')
    .filter((line) => line.trim() !== '');
  // The last line of a sample may be cut off.
  const whole = lines.length > 1 ? lines.slice(0, -1) : lines;
  const [first] = whole;
  if (first === undefined) return { delimiter: null, newline };
  // A delimiter separates in every line; one comma in one id does not make a table.
  const found = ['\t', ';', ','].find(
    (delimiter) => first.includes(delimiter) && whole.filter((line) => line.includes(delimiter)).length * 2 > whole.length,
  );
  return { delimiter: found === undefined ? null : found.charCodeAt(0), newline };
}

/** Delimiters and line ends inside quotation marks do not count. */
function withoutQuoted(text: string): string {
  return text.replace(/(^|[\t;,\r\n] *)"(?:[^"]|"")*(?:"|$)/g, '$1x');
}
