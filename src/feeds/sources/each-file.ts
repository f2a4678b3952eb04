import { AppError } from '../../core/index.ts';
import { directoryShelf, exchangeDirectory } from './directory.ts';
import { FETCH_LIMITS, type Fetch, type Fetched, type FetchOptions } from './fetched.ts';
import { fetchListed } from './fetch-listed.ts';
import { fetchHttps } from './https-file.ts';
import { sftpShelf } from './sftp-files.ts';
import { openSftp } from './sftp-session.ts';
import { type FeedSource, placeName, type SftpSource } from './source.ts';

/**
 * Fetches what is new at a source, in the order of the names, and leaves the source as it is. Each file is handed over the
 * moment it is here, whole; when a later one fails, the error comes after those before it. Throws `feeds.source_*`; an
 * abort throws the signal's reason. Whoever is given a file owns it.
 */
export async function* eachFile(
  source: FeedSource,
  secret: string | null,
  options: FetchOptions,
): AsyncGenerator<Fetched, void, undefined> {
  const limits = { ...FETCH_LIMITS, ...options.limits };
  const where = placeName(source);
  const tooLong = AbortSignal.timeout(limits.totalMs);
  const signal = options.signal === undefined ? tooLong : AbortSignal.any([options.signal, tooLong]);
  try {
    signal.throwIfAborted();
    yield* filesOf(source, secret, { ...options, limits, signal, where });
  } catch (error) {
    if (options.signal?.aborted === true) throw options.signal.reason;
    if (!tooLong.aborted || error instanceof AppError) throw error;
    throw new AppError('feeds.source_too_slow', { where, minutes: Math.ceil(limits.totalMs / 60_000) }, { cause: error });
  }
}

async function* filesOf(source: FeedSource, secret: string | null, fetch: Fetch): AsyncGenerator<Fetched, void, undefined> {
  switch (source.kind) {
    case 'upload':
      throw new AppError('feeds.source_upload', {});
    case 'directory':
      return yield* fetchListed(directoryShelf(exchangeDirectory(fetch.dataDir, source.path), fetch.where), source.pattern, fetch);
    case 'sftp':
      return yield* filesOfServer(source, secret, fetch);
    case 'https':
      return yield* fetchHttps(source, secret, fetch);
  }
}

async function* filesOfServer(source: SftpSource, secret: string | null, fetch: Fetch): AsyncGenerator<Fetched, void, undefined> {
  const session = await openSftp(source, secret, fetch);
  try {
    yield* fetchListed(sftpShelf(session, source.path, fetch.where), source.pattern, fetch);
  } finally {
    session.close();
  }
}
