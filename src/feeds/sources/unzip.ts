import path from 'node:path';
import * as yauzl from 'yauzl';
import { AppError, localName } from '../../core/index.ts';
import { codeOf } from './directory.ts';
import type { UnpackedFile } from './unpack.ts';
import { writeMember } from './write-member.ts';

export interface UnzipTerms {
  readonly name: string;
  readonly signal: AbortSignal | undefined;
  readonly maxBytes: number;
  readonly maxFiles: number;
}

/** Unix file types stand in the upper half of the external attributes, where the archive was made on such a system. */
const MADE_ON_UNIX = 3;
const FILE_TYPE = 0o170000;
const REGULAR = 0o100000;

/** Every regular member, in the order of the names: dated names are the order in which they are meant. */
export async function unzip(file: string, directory: string, terms: UnzipTerms): Promise<readonly UnpackedFile[]> {
  const { name, maxBytes, signal } = terms;
  try {
    // Sizes are checked while unpacking by yauzl as well: a member that is longer than it says is an error.
    const zip = await yauzl.openPromise(file, { autoClose: false });
    try {
      const members = await membersOf(zip, terms);
      const files: UnpackedFile[] = [];
      let left = maxBytes;
      for (const [index, member] of members.entries()) {
        const target = path.join(directory, `${index + 1}-${localName(member.fileName)}`);
        const content = await zip.openReadStreamPromise(member);
        const { bytes, checksum } = await writeMember(content, target, { file: name, left, maxBytes, signal });
        if (checksum !== member.crc32) throw broken(name, `${member.fileName}: checksum`);
        files.push({ name: member.fileName, path: target, bytes });
        left -= bytes;
      }
      return files;
    } finally {
      zip.close();
    }
  } catch (error) {
    throw problemOf(error, name, signal);
  }
}

async function membersOf(zip: yauzl.ZipFile, { name, maxFiles }: UnzipTerms): Promise<readonly yauzl.Entry[]> {
  const members: yauzl.Entry[] = [];
  let entries = 0;
  for await (const entry of zip.eachEntry()) {
    entries += 1;
    if (members.length === maxFiles || entries > 10 * maxFiles)
      throw new AppError('feeds.archive_too_many', { file: name, limit: maxFiles });
    if (!isRegular(entry)) continue;
    if (entry.isEncrypted()) throw new AppError('feeds.archive_encrypted', { file: name, member: entry.fileName });
    members.push(entry);
  }
  if (members.length === 0) throw new AppError('feeds.archive_empty', { file: name });
  return members.sort((a, b) => (a.fileName < b.fileName ? -1 : Number(a.fileName > b.fileName)));
}

/** No directories, links and devices; nor what macOS puts beside each file. */
function isRegular({ fileName, versionMadeBy, externalFileAttributes }: yauzl.Entry): boolean {
  if (fileName.endsWith('/') || fileName.startsWith('__MACOSX/') || /(?:^|\/)\.DS_Store$/.test(fileName)) return false;
  const type = versionMadeBy >>> 8 === MADE_ON_UNIX ? (externalFileAttributes >>> 16) & FILE_TYPE : 0;
  return type === 0 || type === REGULAR;
}

function problemOf(error: unknown, name: string, signal: AbortSignal | undefined): unknown {
  if (error instanceof AppError || !(error instanceof Error) || signal?.aborted === true) return error;
  const system = codeOf(error);
  if (system !== undefined && system !== 'Z_DATA_ERROR')
    return new AppError('feeds.file_unreadable', { file: name, reason: system }, { cause: error });
  const reason = error.message.slice(0, 200);
  return /relative path|absolute path|invalid characters in fileName/.test(reason)
    ? new AppError('feeds.archive_path', { file: name, reason }, { cause: error })
    : broken(name, reason, error);
}

function broken(file: string, reason: string, cause?: unknown): AppError {
  return new AppError('feeds.archive_broken', { file, reason }, { cause });
}
