import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError, localName } from '../../core/index.ts';
import type { Fetch } from './fetched.ts';
import { eachInTime } from './in-time.ts';

export interface KeptFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface Incoming {
  readonly name: string;
  readonly content: AsyncIterable<Buffer>;
  /** Bytes that are to come, where that is known. */
  readonly expected: number | undefined;
  /** Looked at when all has come; throws when it is not to be kept. */
  check?(kept: Omit<KeptFile, 'path'>): Promise<void>;
}

/**
 * Writes what comes in to a file of its own. It has its name only once it is whole and on the disk, so that nothing that
 * was cut is ever found there. Throws `feeds.source_too_large`, `feeds.source_cut`, `feeds.source_silent`, and what the
 * content throws; nothing is left behind then.
 */
export async function keepFile({ name, content, expected, check }: Incoming, fetch: Fetch): Promise<KeptFile> {
  const { into, limits, signal, where } = fetch;
  await mkdir(into, { recursive: true, mode: 0o700 });
  // What it is called elsewhere may come twice, and is not to be trusted.
  const file = path.join(into, `${randomBytes(8).toString('hex')}-${localName(name)}`);
  const part = `${file}.part`;
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    const handle = await open(part, 'wx', 0o600);
    try {
      const late = (): Error => new AppError('feeds.source_silent', { where, seconds: Math.ceil(limits.idleMs / 1000) });
      for await (const chunk of eachInTime(content, limits.idleMs, signal, late)) {
        bytes += chunk.length;
        if (bytes > limits.maxBytes) throw tooLarge(name, where, limits.maxBytes);
        hash.update(chunk);
        await handle.appendFile(chunk);
      }
      if (expected !== undefined && bytes !== expected) throw new AppError('feeds.source_cut', { name, where, bytes, expected });
      await handle.sync();
    } finally {
      await handle.close();
    }
    const kept = { bytes, sha256: hash.digest('hex') };
    await check?.(kept);
    await rename(part, file);
    return { path: file, ...kept };
  } catch (error) {
    await rm(part, { force: true });
    if (error instanceof Error && 'syscall' in error && 'path' in error && error.path === part) {
      throw new AppError(
        'feeds.file_unwritable',
        { file: path.basename(part), reason: String('code' in error ? error.code : '') },
        { cause: error },
      );
    }
    throw error;
  }
}

export function tooLarge(name: string, where: string, maxBytes: number): AppError {
  return new AppError('feeds.source_too_large', { name, where, megabytes: Math.floor(maxBytes / 1024 ** 2) });
}
