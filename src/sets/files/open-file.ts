import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { AppError } from '../../core/index.ts';
import type { OnRecord, RecordFile } from './file-record.ts';
import { detectLayout, RecordScanner } from './record-scanner.ts';
import { XlsxFile } from './xlsx-file.ts';

const SAMPLE_BYTES = 64 * 1024;
const CHUNK_BYTES = 256 * 1024;

const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const ZIP_MARK = Buffer.from('PK\x03\x04', 'latin1');
/** Compound files: .xls, and .xlsx behind a password. */
const COMPOUND_MARK = Buffer.from([0xd0, 0xcf, 0x11, 0xe0]);

/**
 * Opens a file of records: plain lines, comma, semicolon or tab separated, or XLSX. What it is shows in its
 * content; the name's ending is not asked.
 */
export async function openRecordFile(path: string): Promise<RecordFile> {
  const { sample, size } = await readSample(path);
  if (sample.subarray(0, 4).equals(ZIP_MARK)) return new XlsxFile(path, size);
  if (sample.subarray(0, 4).equals(COMPOUND_MARK)) throw new AppError('sets.file_old_excel', { file: path });
  if ((sample[0] === 0xff && sample[1] === 0xfe) || (sample[0] === 0xfe && sample[1] === 0xff)) {
    throw new AppError('sets.file_utf16', { file: path });
  }
  return new TextFile(path, size, sample);
}

class TextFile implements RecordFile {
  readonly path: string;
  readonly size: number;
  readonly #sample: Buffer;

  constructor(path: string, size: number, sample: Buffer) {
    this.path = path;
    this.size = size;
    this.#sample = sample;
  }

  async *read(onRecord: OnRecord): AsyncGenerator<number, void, void> {
    const marked = this.#sample.subarray(0, 3).equals(UTF8_MARK);
    const scanner = new RecordScanner(this.path, detectLayout(this.#sample.subarray(marked ? 3 : 0)));
    const stream = createReadStream(this.path, { highWaterMark: CHUNK_BYTES, start: marked ? 3 : 0 });
    let done = marked ? 3 : 0;
    try {
      // A stream without an encoding gives buffers.
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        scanner.push(chunk, false, onRecord);
        done += chunk.length;
        yield done;
      }
    } catch (error) {
      throw unreadable(this.path, error);
    }
    scanner.push(Buffer.alloc(0), true, onRecord);
    yield done;
  }
}

async function readSample(path: string): Promise<{ sample: Buffer; size: number }> {
  try {
    const handle = await open(path);
    try {
      const { size } = await handle.stat();
      const sample = Buffer.alloc(SAMPLE_BYTES);
      const { bytesRead } = await handle.read(sample, 0, SAMPLE_BYTES, 0);
      return { sample: sample.subarray(0, bytesRead), size };
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof AppError || !('syscall' in error)) return error;
  return new AppError('sets.file_unreadable', { file: path, reason: error.message }, { cause: error });
}
