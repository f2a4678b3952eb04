/** One file from a web server. */
import { request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { AppError } from '../../core/index.ts';
import type { Fetch, Fetched, Origin } from './fetched.ts';
import { inTime } from './in-time.ts';
import { keepFile, tooLarge } from './keep-file.ts';
import type { HttpsSource } from './source.ts';

/** It has been taken before. */
class Known extends Error {}

/**
 * Yields the file when it is new: by the server's ETag, else its Last-Modified, else by the content. Throws
 * `feeds.source_status`, `feeds.source_redirect`, `feeds.source_no_length`, `feeds.source_certificate`, `feeds.source_unreachable`.
 */
export async function* fetchHttps(source: HttpsSource, secret: string | null, fetch: Fetch): AsyncGenerator<Fetched, void, undefined> {
  const { where, limits } = fetch;
  const name = nameOf(source.url);
  // Ends the connection however this ends.
  const over = new AbortController();
  try {
    const response = await ask(source, secret, fetch, AbortSignal.any([fetch.signal, over.signal]));
    checkAnswer(response, source, where);
    const { etag = null, 'last-modified': modified = null } = response.headers;
    const version = { kind: 'https' as const, name, etag, modified, sha256: null };
    const versioned = etag !== null || modified !== null;
    if (versioned && (await fetch.known(version))) return;
    const length = response.headers['content-length'];
    const expected = length === undefined ? undefined : Number(length);
    if (expected !== undefined && expected > limits.maxBytes) throw tooLarge(name, where, limits.maxBytes);
    let origin: Origin = version;
    const kept = await keepFile(
      {
        name,
        content: contentOf(response, name, where, expected),
        expected,
        check: async ({ sha256 }) => {
          if (versioned) return;
          origin = { ...version, sha256 };
          if (await fetch.known(origin)) throw new Known();
        },
      },
      fetch,
    );
    yield { name, ...kept, origin };
  } catch (error) {
    if (!(error instanceof Known)) throw error;
  } finally {
    over.abort();
  }
}

async function ask(
  { url, header = 'Authorization', ca }: HttpsSource,
  secret: string | null,
  { where, limits, signal: fetchSignal }: Fetch,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    const call = request(
      url,
      {
        // Not kept for anybody else, and never without a look at the certificate, whatever the environment says.
        agent: false,
        rejectUnauthorized: true,
        ...(ca === undefined ? {} : { ca }),
        signal,
        headers: { 'user-agent': 'Muster', accept: '*/*', 'accept-encoding': 'identity', ...(secret === null ? {} : { [header]: secret }) },
      },
      resolve,
    );
    call.on('error', reject);
    call.end();
  });
  const late = (): Error => new AppError('feeds.source_unreachable', { where, reason: 'ETIMEDOUT' });
  try {
    return await inTime(answer, limits.connectMs, fetchSignal, late);
  } catch (error) {
    throw error instanceof AppError || fetchSignal.aborted ? error : problemOf(error, where);
  }
}

function checkAnswer({ statusCode = 0, headers }: IncomingMessage, { url }: HttpsSource, where: string): void {
  if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
    throw new AppError('feeds.source_redirect', { where, to: withoutQuery(headers.location, url) });
  }
  if (statusCode !== 200) throw new AppError('feeds.source_status', { where, status: statusCode });
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) {
    throw new AppError('feeds.source_no_length', { where });
  }
}

async function* contentOf(
  response: IncomingMessage,
  name: string,
  where: string,
  expected: number | undefined,
): AsyncGenerator<Buffer, void, undefined> {
  let bytes = 0;
  const cut = (error?: unknown): Error =>
    expected === undefined
      ? new AppError('feeds.source_lost', { where, reason: codeOf(error) ?? 'ECONNRESET' }, { cause: error })
      : new AppError('feeds.source_cut', { name, where, bytes, expected }, { cause: error });
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      yield chunk;
    }
  } catch (error) {
    throw codeOf(error) === undefined ? error : cut(error);
  }
  // Chunks say themselves which is the last.
  if (!response.complete) throw cut();
}

function problemOf(error: unknown, where: string): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  const cause = { cause: error };
  if (code === 'ERR_INVALID_CHAR') return new AppError('feeds.source_header', { where }, cause);
  if (/CERT|SIGNED|VERIFY|ISSUER|ALTNAME/.test(code)) return new AppError('feeds.source_certificate', { where, reason: code }, cause);
  return new AppError('feeds.source_unreachable', { where, reason: code }, cause);
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && !(error instanceof AppError) && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}

/** What an address has after its `?` may be a secret. */
function withoutQuery(location: string, base: string): string {
  if (!URL.canParse(location, base)) return '?';
  const { origin, pathname } = new URL(location, base);
  return `${origin}${pathname}`.slice(0, 300);
}

/** The last part of the address. */
function nameOf(url: string): string {
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last) || new URL(url).hostname;
  } catch {
    return last;
  }
}
