/** Puts a file where somebody else picks it up: a directory below `exchange/`, or an SFTP server. */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError, localName } from '../../core/index.ts';
import { codeOf, exchangeDirectory } from './directory.ts';
import { FETCH_LIMITS } from './fetched.ts';
import { reasonOf, remotePath, statusOf } from './sftp-files.ts';
import { openSftp, type SftpSession } from './sftp-session.ts';
import { type ExportTarget, placeName, type SftpPlace } from './source.ts';

export interface PutOptions {
  readonly dataDir: string;
  readonly signal?: AbortSignal;
  readonly limits?: Partial<Pick<typeof FETCH_LIMITS, 'connectMs' | 'idleMs' | 'totalMs'>>;
}

const BLOCK = 32 * 1024;
const AHEAD = 32;

/**
 * Puts the file there under `name`, which it has only once it is whole; a file of that name is replaced. Gives the place
 * for people. Throws `feeds.target_refused` and what `openSftp` throws.
 */
export async function putFile(
  target: ExportTarget,
  secret: string | null,
  file: string,
  name: string,
  options: PutOptions,
): Promise<string> {
  const final = localName(name);
  // Hidden, and with an ending that nobody looks for: whoever picks files up leaves it alone.
  const part = `.${final}.${randomBytes(4).toString('hex')}.part`;
  if (target.kind === 'directory') await putInDirectory(exchangeDirectory(options.dataDir, target.path), { file, part, final }, target);
  else await putOnServer(target, secret, { file, part, final }, options);
  return `${placeName(target).replace(/\/+$/, '')}/${final}`;
}

interface Names {
  readonly file: string;
  readonly part: string;
  readonly final: string;
}

async function putInDirectory(directory: string, { file, part, final }: Names, target: ExportTarget): Promise<void> {
  const partly = path.join(directory, part);
  try {
    await mkdir(directory, { recursive: true });
    await copyFile(file, partly, constants.COPYFILE_EXCL);
    const handle = await open(partly, 'r+');
    await handle.sync().finally(() => handle.close());
    await rename(partly, path.join(directory, final));
  } catch (error) {
    await rm(partly, { force: true }).catch(() => undefined);
    const reason = codeOf(error);
    throw reason === undefined ? error : refused(target, final, reason, error);
  }
}

async function putOnServer(target: SftpPlace, secret: string | null, names: Names, { signal, limits }: PutOptions): Promise<void> {
  const all = { ...FETCH_LIMITS, ...limits };
  const tooLong = AbortSignal.timeout(all.totalMs);
  const where = placeName(target);
  const terms = { where, limits: all, signal: signal === undefined ? tooLong : AbortSignal.any([signal, tooLong]) };
  try {
    const session = await openSftp(target, secret, terms);
    try {
      await upload(session, target, names);
    } finally {
      session.close();
    }
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason;
    if (error instanceof AppError) throw error;
    if (tooLong.aborted) throw new AppError('feeds.source_too_slow', { where, minutes: Math.ceil(all.totalMs / 60_000) }, { cause: error });
    if (statusOf(error) !== undefined) throw refused(target, names.final, reasonOf(error), error);
    throw error;
  }
}

async function upload(session: SftpSession, target: SftpPlace, { file, part, final }: Names): Promise<void> {
  const [partly, whole] = [remotePath(target.path, part), remotePath(target.path, final)];
  try {
    await writeThere(session, file, partly);
    const { size } = await session.ask<{ size: number }>((sftp, answer) => sftp.stat(partly, answer));
    const { size: expected } = await stat(file);
    if (size !== expected) throw new AppError('feeds.source_cut', { name: final, where: placeName(target), bytes: size, expected });
    await renameThere(session, partly, whole);
  } catch (error) {
    await session.ask((sftp, answer) => sftp.unlink(partly, answer)).catch(() => undefined);
    throw error;
  }
}

async function writeThere(session: SftpSession, file: string, there: string): Promise<void> {
  const remote = await session.ask<Buffer>((sftp, answer) => sftp.open(there, 'wx', { mode: 0o600 }, answer));
  const local = await open(file, 'r');
  try {
    let sent: Promise<unknown>[] = [];
    for (let position = 0; ; ) {
      const { bytesRead, buffer } = await local.read(Buffer.allocUnsafe(BLOCK), 0, BLOCK, position);
      if (bytesRead === 0) break;
      const at = position;
      const block = session.ask((sftp, answer) => sftp.write(remote, buffer, 0, bytesRead, at, answer));
      block.catch(() => undefined);
      sent.push(block);
      position += bytesRead;
      if (sent.length < AHEAD) continue;
      await Promise.all(sent);
      sent = [];
    }
    await Promise.all(sent);
    await session.ask((sftp, answer) => sftp.close(remote, answer));
  } finally {
    await local.close();
  }
}

/** In one step where the server can; else a file of that name has to go first, since plain SFTP renames onto nothing. */
async function renameThere(session: SftpSession, from: string, to: string): Promise<void> {
  try {
    await session.ask((sftp, answer) => sftp.ext_openssh_rename(from, to, answer));
  } catch (error) {
    if (error instanceof AppError) throw error;
    await session
      .ask((sftp, answer) => sftp.unlink(to, answer))
      .catch((problem: unknown) => {
        if (problem instanceof AppError) throw problem;
      });
    await session.ask((sftp, answer) => sftp.rename(from, to, answer));
  }
}

function refused(target: ExportTarget, name: string, reason: string, cause: unknown): AppError {
  return new AppError('feeds.target_refused', { name, where: placeName(target), reason }, { cause });
}
