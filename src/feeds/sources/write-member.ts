import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { AppError } from '../../core/index.ts';

export interface MemberTerms {
  /** The archive, for errors. */
  readonly file: string;
  /** Bytes that may still come, of `maxBytes` for the whole archive. */
  readonly left: number;
  readonly maxBytes: number;
  readonly signal: AbortSignal | undefined;
}

/** Writes what is unpacked to a new file. Throws `feeds.archive_too_large`, and what the stream throws. */
export async function writeMember(
  content: Readable,
  target: string,
  { file, left, maxBytes, signal }: MemberTerms,
): Promise<{ readonly bytes: number; readonly checksum: number }> {
  const handle = await open(target, 'wx', 0o600);
  let bytes = 0;
  let checksum = 0;
  try {
    // A stream without an encoding gives buffers.
    for await (const chunk of content as AsyncIterable<Buffer>) {
      signal?.throwIfAborted();
      bytes += chunk.length;
      if (bytes > left) throw new AppError('feeds.archive_too_large', { file, megabytes: Math.floor(maxBytes / 1024 ** 2) });
      checksum = crc32(chunk, checksum);
      await handle.appendFile(chunk);
    }
  } finally {
    content.destroy();
    await handle.close();
  }
  return { bytes, checksum };
}
