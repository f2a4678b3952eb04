/** Listing and reading on an SFTP server. */
import type { FileEntryWithStats, Stats } from 'ssh2';
import { AppError } from '../../core/index.ts';
import { MOST_ENTRIES } from './directory.ts';
import type { Listed, Shelf } from './fetch-listed.ts';
import type { SftpSession } from './sftp-session.ts';

/** What SFTP answers where a list or a file ends. */
const END = 1;
const NOT_FOUND = 2;

/** What every server gives with one question. */
const BLOCK = 32 * 1024;
/** Questions on their way at once: else each block would wait for a whole journey there and back. */
const AHEAD = 32;

export function sftpShelf(session: SftpSession, directory: string, where: string): Shelf {
  return {
    kind: 'sftp',
    sameClock: false,
    list: () => list(session, directory, where),
    read: (file) => read(session, remotePath(directory, file.name), file, where),
    look: (file) => look(session, directory, file.name),
  };
}

export function remotePath(directory: string, name: string): string {
  return `${directory.replace(/\/+$/, '') || (directory.startsWith('/') ? '' : '.')}/${name}`;
}

async function list(session: SftpSession, directory: string, where: string): Promise<readonly Listed[]> {
  const files: Listed[] = [];
  try {
    const handle = await session.ask<Buffer>((sftp, answer) => sftp.opendir(directory, answer));
    for (let entries = 0; ; ) {
      const page = await nextPage(session, handle);
      if (page === undefined) break;
      // An empty page counts too: a server must not be able to go on for ever.
      entries += Math.max(page.length, 1);
      if (entries > MOST_ENTRIES) throw new AppError('feeds.source_crowded', { where, limit: MOST_ENTRIES });
      for (const entry of page) files.push(...(await listedOf(session, directory, entry)));
    }
    await session.ask((sftp, answer) => sftp.close(handle, answer));
  } catch (error) {
    if (statusOf(error) === undefined) throw error;
    throw new AppError('feeds.source_not_listed', { where, reason: reasonOf(error) }, { cause: error });
  }
  return files;
}

async function nextPage(session: SftpSession, handle: Buffer): Promise<readonly FileEntryWithStats[] | undefined> {
  try {
    return await session.ask<readonly FileEntryWithStats[]>((sftp, answer) => sftp.readdir(handle, answer));
  } catch (error) {
    if (statusOf(error) === END) return undefined;
    throw error;
  }
}

/** A name with a path in it is none: the server would have us ask for something outside of the directory. */
async function listedOf(session: SftpSession, directory: string, { filename, attrs }: FileEntryWithStats): Promise<readonly Listed[]> {
  if (/[/\\\0]/.test(filename) || filename === '.' || filename === '..') return [];
  if (attrs.isFile()) return [listed(filename, attrs)];
  // Links lead where whoever runs the server wants them to.
  if (!attrs.isSymbolicLink()) return [];
  const found = await look(session, directory, filename);
  return found === undefined ? [] : [found];
}

async function look(session: SftpSession, directory: string, name: string): Promise<Listed | undefined> {
  try {
    const found = await session.ask<Stats>((sftp, answer) => sftp.stat(remotePath(directory, name), answer));
    return found.isFile() ? listed(name, found) : undefined;
  } catch (error) {
    if (statusOf(error) === NOT_FOUND) return undefined;
    throw error;
  }
}

function listed(name: string, { size, mtime }: Pick<Stats, 'size' | 'mtime'>): Listed {
  return { name, bytes: size, modified: new Date(mtime * 1000).toISOString() };
}

/** Yields the file's bytes in their order, with some blocks asked for ahead; ends early where the file does. */
async function* read(session: SftpSession, path: string, file: Listed, where: string): AsyncGenerator<Buffer, void, undefined> {
  const cannot = (error: unknown): unknown =>
    statusOf(error) === undefined
      ? error
      : new AppError('feeds.source_unreadable', { name: file.name, where, reason: reasonOf(error) }, { cause: error });
  try {
    const handle = await session.ask<Buffer>((sftp, answer) => sftp.open(path, 'r', answer));
    const waiting: Promise<Buffer>[] = [];
    for (let [asked, got] = [0, 0]; got < file.bytes; ) {
      while (waiting.length < AHEAD && asked < file.bytes) {
        const block = readBlock(session, handle, asked, Math.min(BLOCK, file.bytes - asked));
        block.catch(() => undefined);
        waiting.push(block);
        asked += BLOCK;
      }
      const block = await waiting.shift();
      if (block === undefined) break;
      yield block;
      got += block.length;
      if (got < Math.min(file.bytes, asked - waiting.length * BLOCK)) break;
    }
    await session.ask((sftp, answer) => sftp.close(handle, answer));
  } catch (error) {
    throw cannot(error);
  }
}

/** A whole block, however little the server gives at once; shorter only at the end of the file. */
async function readBlock(session: SftpSession, handle: Buffer, position: number, length: number): Promise<Buffer> {
  const block = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const more = await session
      .ask<number>((sftp, answer) =>
        sftp.read(handle, block, filled, length - filled, position + filled, (error, bytes) => answer(error, bytes)),
      )
      .catch((error: unknown) => {
        if (statusOf(error) === END) return 0;
        throw error;
      });
    if (more === 0) break;
    filled += more;
  }
  return block.subarray(0, filled);
}

/** SFTP's own number of an answer that is not what was asked for. */
export function statusOf(error: unknown): number | undefined {
  // What an abort throws has a number of its own.
  if (!(error instanceof Error) || error instanceof AppError || error instanceof DOMException) return undefined;
  return 'code' in error && typeof error.code === 'number' ? error.code : undefined;
}

/** The server's words, kept short: they are foreign text. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 200) : String(error);
}
