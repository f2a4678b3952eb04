/** A directory below `exchange/` of the data directory, into which something else puts files. */
import { constants } from 'node:fs';
import { lstat, open, opendir } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../core/index.ts';
import type { Listed, Shelf } from './fetch-listed.ts';

/** Most entries that a directory may have. */
export const MOST_ENTRIES = 100_000;

const CHUNK = 256 * 1024;

export function exchangeDirectory(dataDir: string, below: string): string {
  return path.join(dataDir, 'exchange', below);
}

export function directoryShelf(directory: string, where: string): Shelf {
  return {
    kind: 'directory',
    sameClock: true,
    list: () => list(directory, where),
    read: (file) => read(path.join(directory, file.name), file, where),
    look: (file) => look(directory, file.name),
  };
}

/** Regular files: a link could lead to anything that this process may read, and whoever puts files here did not choose that. */
async function list(directory: string, where: string): Promise<readonly Listed[]> {
  const files: Listed[] = [];
  let entries = 0;
  try {
    for await (const entry of await opendir(directory)) {
      entries += 1;
      if (entries > MOST_ENTRIES) throw new AppError('feeds.source_crowded', { where, limit: MOST_ENTRIES });
      if (!entry.isFile()) continue;
      const file = await look(directory, entry.name);
      if (file !== undefined) files.push(file);
    }
  } catch (error) {
    throw listProblem(error, where);
  }
  return files;
}

async function look(directory: string, name: string): Promise<Listed | undefined> {
  try {
    const found = await lstat(path.join(directory, name));
    return found.isFile() ? { name, bytes: found.size, modified: found.mtime.toISOString() } : undefined;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function* read(file: string, { name }: Listed, where: string): AsyncGenerator<Buffer, void, undefined> {
  try {
    const handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      for (;;) {
        const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, null);
        if (bytesRead === 0) return;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    throw new AppError('feeds.source_unreadable', { name, where, reason: codeOf(error) ?? '' }, { cause: error });
  }
}

function listProblem(error: unknown, where: string): unknown {
  const code = codeOf(error);
  return code === undefined ? error : new AppError('feeds.source_not_listed', { where, reason: code }, { cause: error });
}

/** Of an error of the operating system. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'syscall' in error && 'code' in error ? String(error.code) : undefined;
}
