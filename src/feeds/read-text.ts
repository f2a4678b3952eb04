/**
 * A file as text: what it is (format, encoding), and its characters in pieces of bounded size. Bytes
 * that are not valid UTF-8 stop the reading with the line they are in; nothing is replaced in silence.
 */
import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../core/index.ts';

export type FeedFormat = 'alma-json' | 'alma-xml' | 'csv';

export type Encoding = 'utf-8' | 'windows-1252' | 'utf-16le' | 'utf-16be';

export interface FeedFile {
  readonly path: string;
  /** Without directories: what reports and messages show. */
  readonly name: string;
  readonly format: FeedFormat;
  readonly encoding: Encoding;
  /** The file's beginning, without a byte-order mark. */
  readonly head: string;
}

const HEAD_BYTES = 65_536;

/** Looks at the beginning of a file. Throws `feeds.file_unreadable`, `feeds.file_empty`, `feeds.encoding_unknown`. */
export async function inspectFile(filePath: string, given: { format?: FeedFormat; encoding?: Encoding } = {}): Promise<FeedFile> {
  const name = path.basename(filePath);
  const head = await readHead(filePath, name);
  if (head.length === 0) throw new AppError('feeds.file_empty', { file: name });
  const marked = byteOrderMark(head);
  const sketch = new TextDecoder(marked ?? 'utf-8').decode(head);
  const encoding = marked ?? given.encoding ?? declaredEncoding(sketch) ?? 'utf-8';
  const text = new TextDecoder(encoding).decode(head);
  if (text.trim() === '' && head.length < HEAD_BYTES) throw new AppError('feeds.file_empty', { file: name });
  return { path: filePath, name, format: given.format ?? guessFormat(text, name), encoding, head: text };
}

async function readHead(filePath: string, name: string): Promise<Buffer> {
  try {
    const file = await open(filePath);
    try {
      const buffer = Buffer.alloc(HEAD_BYTES);
      let length = 0;
      // A pipe gives less than it is asked for.
      for (;;) {
        const { bytesRead } = await file.read(buffer, length, HEAD_BYTES - length, length);
        length += bytesRead;
        if (bytesRead === 0 || length === HEAD_BYTES) return buffer.subarray(0, length);
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unreadable(name, error);
  }
}

function unreadable(name: string, error: unknown): AppError {
  const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return new AppError('feeds.file_unreadable', { file: name, reason }, { cause: error });
}

function byteOrderMark(head: Buffer): Encoding | undefined {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8';
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  return undefined;
}

/** The encoding that an XML declaration names. */
function declaredEncoding(text: string): Encoding | undefined {
  const name = /^\s*<\?xml[^>]*\sencoding\s*=\s*["']([^"']+)["']/.exec(text)?.[1];
  if (name === undefined) return undefined;
  const known: Readonly<Record<string, Encoding>> = {
    'utf-8': 'utf-8',
    utf8: 'utf-8',
    'us-ascii': 'utf-8',
    'windows-1252': 'windows-1252',
    'iso-8859-1': 'windows-1252',
    latin1: 'windows-1252',
  };
  const encoding = known[name.toLowerCase()];
  if (encoding === undefined) throw new AppError('feeds.encoding_unknown', { encoding: name.slice(0, 40) });
  return encoding;
}

function guessFormat(text: string, name: string): FeedFormat {
  const first = text.trimStart().charAt(0);
  if (first === '<') return 'alma-xml';
  if (first === '{' || first === '[') return 'alma-json';
  const extension = path.extname(name).toLowerCase();
  return extension === '.json' ? 'alma-json' : extension === '.xml' ? 'alma-xml' : 'csv';
}

/** The file's text in pieces, without a byte-order mark. Throws `feeds.not_utf8` with the line. */
export async function* readText(file: FeedFile): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder(file.encoding, { fatal: file.encoding !== 'utf-8' });
  const check = file.encoding === 'utf-8' ? new Utf8Check(file.name) : undefined;
  try {
    for await (const chunk of createReadStream(file.path)) {
      if (!Buffer.isBuffer(chunk)) continue;
      check?.push(chunk);
      const text = decoder.decode(chunk, { stream: true });
      if (text !== '') yield text;
    }
    check?.end();
    const rest = decoder.decode();
    if (rest !== '') yield rest;
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) throw unreadable(file.name, error);
    if (error instanceof TypeError && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
      throw new AppError('feeds.encoding_unknown', { encoding: file.encoding }, { cause: error });
    }
    throw error;
  }
}

/** Checks bytes as they pass; a character may be split between two pieces. */
class Utf8Check {
  readonly #file: string;
  #line = 1;
  #rest: Buffer = Buffer.alloc(0);

  constructor(file: string) {
    this.#file = file;
  }

  push(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const whole = bytes.length - unfinished(bytes);
    const complete = bytes.subarray(0, whole);
    if (!isUtf8(complete)) this.#refuse(complete);
    for (let at = complete.indexOf(10); at >= 0; at = complete.indexOf(10, at + 1)) this.#line += 1;
    this.#rest = Buffer.from(bytes.subarray(whole));
  }

  end(): void {
    if (this.#rest.length > 0) this.#refuse(this.#rest);
  }

  #refuse(bytes: Buffer): never {
    let line = this.#line;
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      if (!isUtf8(bytes.subarray(start, end))) break;
      line += 1;
      start = end + 1;
    }
    throw new AppError('feeds.not_utf8', { line, file: this.#file, likely: 'windows-1252' });
  }
}

/** Bytes at the end that begin a character which the next piece may complete. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return back < length ? back : 0;
    }
  }
  return 0;
}
