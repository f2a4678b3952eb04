/**
 * Files that come in. Each goes, as it streams, into a directory of its own under `dataDir/uploads`,
 * whose name is random and which only the owner of the process can enter. Of the caller's file name
 * no more than harmless characters stay, since reports name the file. Deleted after the call, and at
 * the next start when the process died meanwhile.
 */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { FastifyRequest } from 'fastify';
import { type AnyOperation, AppError, localName } from '../core/index.ts';
import { coerceFields } from './coerce.ts';
import { localPathsOf } from './local-paths.ts';

export interface Upload {
  /** What the caller said. */
  readonly input: Record<string, unknown>;
  /** Field → the file that came for it. */
  readonly paths: Readonly<Record<string, string>>;
  /** Field → SHA-256 of its file. */
  readonly digests: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

/** Longest text part, the JSON input included. */
export const LONGEST_FIELD = 4 * 1024 * 1024;

/**
 * Reads a multipart body: files into the operation's path fields, a part `input` as JSON, other parts
 * as fields. Throws `http.part_unknown` and `http.bad_form`, or Fastify's own error for a file over the limit.
 */
export async function receive(request: FastifyRequest, operation: AnyOperation, dataDir: string, fileLimit: number): Promise<Upload> {
  const directory = await privateDirectory(dataDir, 'uploads');
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true, maxRetries: 3 });
  const gone = untilGone(request);
  try {
    return { ...(await Promise.race([readParts(request, operation, { directory, fileLimit, gone }), gone.rejects])), remove };
  } catch (error) {
    await remove();
    throw brokenForm(error) ? new AppError('http.bad_form', {}, { cause: error }) : error;
  }
}

/** A body that ends too early, and a client that has gone. */
const CUT_OFF: ReadonlySet<unknown> = new Set(['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'ABORT_ERR']);

/** The parser's own errors are bare ones; those of files, of streams and of Fastify have a code. */
function brokenForm(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof AppError) return false;
  return 'code' in error ? CUT_OFF.has(error.code) : Object.getPrototypeOf(error) === Error.prototype;
}

const LOOK_MS = 500;
/** Looks without progress, while there is something to read, after which a parser has stopped for good. */
const STUCK_LOOKS = 6;

interface Gone {
  readonly signal: AbortSignal;
  readonly rejects: Promise<never>;
  /** Something of the body has been taken. */
  progress(): void;
  stop(): void;
}

/**
 * A client that has gone before its body was there, where the parser would wait for the rest for ever; or a
 * parser that has stopped in the middle of a form that breaks its limits, with the rest waiting to be read.
 */
function untilGone({ raw }: FastifyRequest): Gone {
  const gone = new AbortController();
  const rejects = new Promise<never>((_, reject) => {
    gone.signal.addEventListener('abort', () => reject(Object.assign(new Error('The client has gone.'), { code: 'ECONNRESET' })));
  });
  let taken = 0;
  let before = -1;
  let idle = 0;
  const timer = setInterval(() => {
    const now = raw.socket.bytesRead + taken;
    idle = now === before && raw.readableLength > 0 ? idle + 1 : 0;
    before = now;
    if (idle >= STUCK_LOOKS) gone.abort();
  }, LOOK_MS).unref();
  const look = (): void => {
    if (!raw.complete) gone.abort();
  };
  if (raw.closed) look();
  else raw.once('close', look);
  // It may be nobody's to wait for any more.
  rejects.catch(() => undefined);
  return { signal: gone.signal, rejects, progress: () => (taken += 1), stop: () => clearInterval(timer) };
}

interface Place {
  readonly directory: string;
  readonly fileLimit: number;
  readonly gone: Gone;
}

async function readParts(
  request: FastifyRequest,
  operation: AnyOperation,
  { directory, fileLimit, gone }: Place,
): Promise<Omit<Upload, 'remove'>> {
  const { reads = [], named = {} } = localPathsOf(operation);
  const files: Record<string, string> = {};
  const digests: Record<string, string> = {};
  const fields = new Map<string, unknown>();
  let input: Record<string, unknown> = {};
  for await (const part of request.parts({ limits: { fileSize: fileLimit, files: 2, fields: 50, fieldSize: LONGEST_FIELD } })) {
    gone.progress();
    // A part need not have a name, whatever the type says.
    const name = (part.fieldname as string | undefined) ?? '';
    if (part.type === 'file') {
      const wanted = reads.includes(name) || Object.hasOwn(named, name);
      if (!wanted || Object.hasOwn(files, name)) throw new AppError('http.part_unknown', { part: name.slice(0, 100) });
      // A directory each: people know their file by its name alone, and two may have the same.
      const own = path.join(directory, String(Object.keys(files).length + 1));
      await mkdir(own, { mode: 0o700 });
      const file = path.join(own, localName(part.filename ?? ''));
      files[name] = file;
      const hash = createHash('sha256');
      part.file.on('data', (bytes: Buffer) => {
        gone.progress();
        hash.update(bytes);
      });
      await pipeline(part.file, createWriteStream(file, { mode: 0o600, flags: 'wx' }), { signal: gone.signal });
      digests[name] = hash.digest('hex');
    } else if (name === 'input') {
      input = jsonObject(String(part.value));
    } else {
      fields.set(name, fields.has(name) ? [fields.get(name), part.value].flat() : part.value);
    }
  }
  return { input: { ...input, ...coerceFields(operation, Object.fromEntries(fields)) }, paths: files, digests };
}

function jsonObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // told below
  }
  throw new AppError('http.bad_json', {});
}

/** A new directory that only the owner of this process can enter. */
export async function privateDirectory(dataDir: string, kind: 'uploads' | 'downloads'): Promise<string> {
  const parent = path.join(dataDir, kind);
  await mkdir(parent, { recursive: true, mode: 0o700 });
  return mkdtemp(path.join(parent, 'http-'));
}

/** What lies about longer than any call takes. */
const LEFT_OVER_MS = 24 * 3_600_000;

/** Deletes what a process that died has left behind. */
export async function removeLeftOvers(dataDir: string): Promise<void> {
  for (const kind of ['uploads', 'downloads']) {
    const parent = path.join(dataDir, kind);
    for (const entry of await readdir(parent).catch(() => [])) {
      const file = path.join(parent, entry);
      const found = await stat(file).catch(() => undefined);
      if (found !== undefined && Date.now() - found.mtimeMs > LEFT_OVER_MS) await rm(file, { recursive: true, force: true });
    }
  }
}
