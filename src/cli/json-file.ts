import { readFile } from 'node:fs/promises';
import { AppError } from '../core/index.ts';

/** Reads a JSON file; `-` is standard input. Throws `cli.file_unreadable` or `cli.json_invalid`. */
export async function readJsonFile(file: string): Promise<unknown> {
  // A byte-order mark is no part of the document.
  return readJsonText((await readTextFile(file)).replace(/^\uFEFF/, ''), file);
}

/** Parses JSON that came from `source`; throws `cli.json_invalid`. */
export function readJsonText(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AppError('cli.json_invalid', { file: source, reason: reasonOf(error) }, { cause: error });
  }
}

/** Reads a text file; `-` is standard input. Throws `cli.file_unreadable`. */
export async function readTextFile(file: string): Promise<string> {
  try {
    return file === '-' ? await readAll(process.stdin) : await readFile(file, 'utf8');
  } catch (error) {
    throw new AppError('cli.file_unreadable', { file, reason: reasonOf(error) }, { cause: error });
  }
}

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString('utf8');
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
