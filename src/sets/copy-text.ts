import type { FileRecord } from './files/file-record.ts';

const BLOCK_BYTES = 256 * 1024;
const BACKSLASH = 0x5c;
const TAB = 0x09;
const LINE_FEED = 0x0a;
const ZERO = 0x30;
const DIGITS = new Uint8Array(20);

/**
 * Rows in PostgreSQL's COPY text format, written byte by byte: a value goes from the file to the
 * database without ever being a string. Blocks are handed out with `take`.
 */
export class CopyText {
  #block = Buffer.allocUnsafe(BLOCK_BYTES);
  #length = 0;
  #full: Buffer[] = [];

  /** Whole numbers from 0. */
  number(value: number): this {
    this.#reserve(DIGITS.length);
    let count = 0;
    let rest = value;
    do {
      DIGITS[count] = rest % 10;
      rest = Math.floor(rest / 10);
      count += 1;
    } while (rest > 0);
    while (count > 0) {
      count -= 1;
      this.#block[this.#length] = ZERO + (DIGITS[count] as number);
      this.#length += 1;
    }
    return this;
  }

  separator(): this {
    this.#reserve(1);
    this.#block[this.#length] = TAB;
    this.#length += 1;
    return this;
  }

  endRow(): void {
    this.#reserve(1);
    this.#block[this.#length] = LINE_FEED;
    this.#length += 1;
  }

  bytes(source: Buffer, start: number, end: number): this {
    // A byte becomes at most two.
    this.#reserve((end - start) * 2);
    const block = this.#block;
    let to = this.#length;
    for (let at = start; at < end; at += 1) {
      const byte = source[at] as number;
      if (byte === BACKSLASH || byte === TAB || byte === LINE_FEED || byte === 0x0d) {
        block[to] = BACKSLASH;
        block[to + 1] = escapeLetter(byte);
        to += 2;
      } else {
        block[to] = byte;
        to += 1;
      }
    }
    this.#length = to;
    return this;
  }

  text(value: string): this {
    const bytes = Buffer.from(value);
    return this.bytes(bytes, 0, bytes.length);
  }

  /** The blocks that are full; with `all` also the one being written. */
  take(all: boolean): Buffer[] {
    if (all && this.#length > 0) this.#close(BLOCK_BYTES);
    const full = this.#full;
    this.#full = [];
    return full;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes > this.#block.length) this.#close(Math.max(BLOCK_BYTES, bytes));
  }

  #close(next: number): void {
    if (this.#length > 0) this.#full.push(this.#block.subarray(0, this.#length));
    this.#block = Buffer.allocUnsafe(next);
    this.#length = 0;
  }
}

function escapeLetter(byte: number): number {
  if (byte === TAB) return 0x74;
  if (byte === LINE_FEED) return 0x6e;
  return byte === BACKSLASH ? BACKSLASH : 0x72;
}

/** Writes a record's field; blanks that only Unicode knows (a no-break space, say) are cut off its ends too. */
export function copyField(copy: CopyText, record: FileRecord, index: number): void {
  const start = record.start(index);
  const end = record.end(index);
  const wide = end > start && ((record.bytes[start] ?? 0) > 0x7f || (record.bytes[end - 1] ?? 0) > 0x7f);
  if (wide) copy.text(record.text(index));
  else copy.bytes(record.bytes, start, end);
}
