/**
 * Users out of a JSON file of any size: one object, an array, `{ "user": [ … ] }`, or one object per
 * line. Only the brackets are followed here; each record is parsed on its own, so that one record is
 * in memory at a time. A file that ends inside a record, or whose JSON is broken, is refused.
 */
import { AppError } from '../core/index.ts';
import { DEPTH_LIMIT, RECORD_LIMIT } from './limits.ts';

export interface FeedRecord {
  /** Line on which the record begins. */
  readonly line: number;
  readonly value: unknown;
}

const QUOTE = 34;
const BACKSLASH = 92;
const NEWLINE = 10;
const [OPEN, CLOSE, OPEN_LIST, CLOSE_LIST, COMMA, COLON] = [123, 125, 91, 93, 44, 58];

export async function* jsonRecords(text: AsyncIterable<string>): AsyncGenerator<FeedRecord, void, undefined> {
  const splitter = new JsonSplitter();
  for await (const chunk of text) yield* splitter.push(chunk);
  splitter.end();
}

/** Where the splitter is: before a record at the top, inside a list of records, in a record, or in the rest of a wrapper. */
type Place = 'top' | 'list' | 'record' | 'wrapper' | 'end';

class JsonSplitter {
  #place: Place = 'top';
  /** Brackets open around the present character. */
  #depth = 0;
  /** Depth at which the list's elements begin; 0: no list. */
  #listDepth = 0;
  #inString = false;
  #escaped = false;
  #line = 1;
  #recordLine = 1;
  #parts: string[] = [];
  #length = 0;
  /** In a list: a comma has come, or nothing yet, so a record may follow. */
  #mayFollow = true;
  #afterComma = false;
  /** A string at depth 1 of a top-level object, while it may be the key "user". */
  #key = '';
  #userKey = false;

  *push(chunk: string): Generator<FeedRecord, void, undefined> {
    let start = 0;
    for (let i = 0; i < chunk.length; i += 1) {
      const c = chunk.charCodeAt(i);
      if (c === NEWLINE) this.#line += 1;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (c === BACKSLASH) this.#escaped = true;
        else if (c === QUOTE) this.#inString = false;
        if (this.#depth === 1 && this.#listDepth === 0 && this.#key.length < 8) this.#key += chunk[i];
        continue;
      }
      if (c === 32 || c === NEWLINE || c === 13 || c === 9) continue;
      if (this.#place === 'top' || this.#place === 'list') {
        if (!this.#beginsRecord(c)) continue;
        start = i;
        if (c === QUOTE) this.#inString = true;
        if (c === OPEN || c === OPEN_LIST) this.#deeper();
        continue;
      }
      if (this.#place === 'end') this.#broken(`“${chunk.slice(i, i + 20)}” after the end`);
      if (c === QUOTE) {
        this.#inString = true;
        if (this.#depth === 1 && this.#listDepth === 0) this.#key = '';
      } else if (c === OPEN || c === OPEN_LIST) {
        this.#deeper();
        if (c === OPEN_LIST && this.#depth === 2 && this.#userKey) {
          this.#userKey = false;
          this.#enterList(2);
        }
      } else if (c === CLOSE || c === CLOSE_LIST) {
        if (this.#place === 'record' && this.#depth === this.#listDepth && c === CLOSE_LIST) {
          // A bare value (not an object) ended by its list's bracket.
          yield this.#finish(chunk.slice(start, i));
          this.#leaveList();
          continue;
        }
        this.#depth -= 1;
        if (this.#depth === 0 && this.#place === 'wrapper') {
          this.#place = 'top';
        } else if (this.#place === 'record' && this.#depth === this.#listDepth) {
          yield this.#finish(chunk.slice(start, i + 1));
        }
      } else if (c === COLON) {
        this.#userKey = this.#depth === 1 && this.#listDepth === 0 && this.#key === 'user"';
      } else if (c === COMMA && this.#place === 'record' && this.#depth === this.#listDepth && this.#listDepth > 0) {
        yield this.#finish(chunk.slice(start, i));
        this.#mayFollow = true;
        this.#afterComma = true;
      } else {
        this.#userKey = false;
      }
    }
    if (this.#place === 'record') this.#keep(chunk.slice(start));
  }

  end(): void {
    if (this.#place !== 'top' && this.#place !== 'end') throw new AppError('feeds.file_cut', { line: this.#line });
  }

  /** Handles what may stand between records; true when `c` begins one. */
  #beginsRecord(c: number): boolean {
    if (this.#place === 'top') {
      if (c === OPEN_LIST) {
        this.#deeper();
        this.#enterList(1);
        return false;
      }
      if (c !== OPEN) this.#broken(`“${String.fromCharCode(c)}” where a user should begin`);
    } else if (c === CLOSE_LIST) {
      if (this.#afterComma) this.#broken('a comma before “]”');
      this.#leaveList();
      return false;
    } else if (c === COMMA) {
      if (this.#mayFollow) this.#broken('a comma without a record before it');
      this.#mayFollow = true;
      this.#afterComma = true;
      return false;
    } else if (!this.#mayFollow) {
      this.#broken('a comma is missing between two records');
    }
    this.#place = 'record';
    this.#recordLine = this.#line;
    this.#mayFollow = false;
    this.#afterComma = false;
    this.#key = '';
    this.#userKey = false;
    return true;
  }

  #enterList(depth: number): void {
    this.#place = 'list';
    this.#listDepth = depth;
    this.#mayFollow = true;
    this.#afterComma = false;
    this.#parts = [];
    this.#length = 0;
  }

  #leaveList(): void {
    this.#depth -= 1;
    this.#place = this.#depth === 0 ? 'end' : 'wrapper';
    this.#listDepth = 0;
    this.#key = '';
  }

  #deeper(): void {
    this.#depth += 1;
    if (this.#depth > DEPTH_LIMIT) throw new AppError('feeds.too_deep', { line: this.#line, limit: DEPTH_LIMIT });
  }

  #keep(part: string): void {
    this.#length += part.length;
    if (this.#length > RECORD_LIMIT) throw new AppError('feeds.record_too_long', { line: this.#recordLine, limit: RECORD_LIMIT });
    this.#parts.push(part);
  }

  #finish(last: string): FeedRecord {
    this.#keep(last);
    const text = this.#parts.join('');
    this.#parts = [];
    this.#length = 0;
    this.#place = this.#listDepth === 0 ? 'top' : 'list';
    try {
      return { line: this.#recordLine, value: JSON.parse(text) as unknown };
    } catch (error) {
      const { lines, reason } = parseProblem(error, text);
      throw new AppError('feeds.json_broken', { line: this.#recordLine + lines, reason }, { cause: error });
    }
  }

  #broken(reason: string): never {
    throw new AppError('feeds.json_broken', { line: this.#line, reason });
  }
}

/** Where in the record the parser stumbled. Its own words quote the text around, which may be a password. */
function parseProblem(error: unknown, text: string): { lines: number; reason: string } {
  const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  if (position === undefined) return { lines: 0, reason: 'unexpected end or character' };
  const before = text.slice(0, Number(position));
  return { lines: before.split('\n').length - 1, reason: `column ${before.length - before.lastIndexOf('\n')}` };
}
