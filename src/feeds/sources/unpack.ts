/**
 * What came, without its packing: the members of a ZIP, the content of a gzip, or the file itself, told by the first bytes,
 * since names say what somebody hoped. What comes out is counted while it comes out, never as the archive claims, so that
 * a bomb ends at the limit.
 */
import { createReadStream } from 'node:fs';
import { mkdtemp, mkdir, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { createGunzip } from 'node:zlib';
import { AppError, localName } from '../../core/index.ts';
import { codeOf } from './directory.ts';
import { unzip } from './unzip.ts';
import { writeMember } from './write-member.ts';

export interface UnpackedFile {
  /** As it is called in the archive, or the file's own name. */
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
}

export interface UnpackOptions {
  /** What the file is called, for errors and for what a gzip holds; else the name of the path. */
  readonly name?: string;
  readonly signal?: AbortSignal;
  /** All members together. */
  readonly maxBytes?: number;
  readonly maxFiles?: number;
}

const GIB = 1024 ** 3;
const MAX_BYTES = 32 * GIB;
const MAX_FILES = 1_000;

type Packing = 'zip' | 'gzip' | 'none';

/**
 * The files, in the order of their names, in a directory of their own below `into` that the caller removes; a file that is
 * not packed stays where it is. Throws `feeds.archive_*` and `feeds.file_unreadable`, and has left nothing behind then.
 */
export async function unpack(file: string, into: string, options: UnpackOptions = {}): Promise<readonly UnpackedFile[]> {
  const name = options.name ?? path.basename(file);
  const { packing, size } = await packingOf(file, name);
  if (packing === 'none') return [{ name, path: file, bytes: size }];
  await mkdir(into, { recursive: true, mode: 0o700 });
  const directory = await mkdtemp(path.join(into, 'unpacked-'));
  const terms = { name, signal: options.signal, maxBytes: options.maxBytes ?? MAX_BYTES, maxFiles: options.maxFiles ?? MAX_FILES };
  try {
    const files = packing === 'zip' ? await unzip(file, directory, terms) : [await gunzip(file, directory, terms)];
    for (const member of files) {
      if ((await packingOf(member.path, member.name)).packing !== 'none') {
        throw new AppError('feeds.archive_nested', { file: name, member: member.name });
      }
    }
    return files;
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    options.signal?.throwIfAborted();
    throw error;
  }
}

async function packingOf(file: string, name: string): Promise<{ readonly packing: Packing; readonly size: number }> {
  try {
    const handle = await open(file, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
      const { size } = await handle.stat();
      const start = buffer.subarray(0, bytesRead).toString('latin1');
      // An empty ZIP has its end alone.
      const zip = start === 'PK\x03\x04' || start === 'PK\x05\x06';
      return { packing: zip ? 'zip' : start.startsWith('\x1f\x8b') ? 'gzip' : 'none', size };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    throw new AppError('feeds.file_unreadable', { file: name, reason: codeOf(error) ?? '' }, { cause: error });
  }
}

async function gunzip(
  file: string,
  directory: string,
  { name, signal, maxBytes }: { readonly name: string; readonly signal: AbortSignal | undefined; readonly maxBytes: number },
): Promise<UnpackedFile> {
  // `users.xml.gz` → `users.xml`; the name that a gzip carries inside is rarely written, and nobody sees it.
  const inner = name.replace(/\.gz(?:ip)?$/i, '') || name;
  const target = path.join(directory, localName(inner));
  const source = createReadStream(file);
  const content = createGunzip();
  source.on('error', (error) => content.destroy(error));
  source.pipe(content);
  try {
    const { bytes } = await writeMember(content, target, { file: name, left: maxBytes, maxBytes, signal });
    return { name: inner, path: target, bytes };
  } catch (error) {
    if (error instanceof Error && 'code' in error && /^Z_|^ERR_/.test(String(error.code))) {
      throw new AppError('feeds.archive_broken', { file: name, reason: error.message }, { cause: error });
    }
    throw error;
  } finally {
    source.destroy();
    content.destroy();
  }
}
