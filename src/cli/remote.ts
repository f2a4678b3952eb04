/** The command line's work on another computer: the same commands, performed by a server over its HTTP API. */
import { createReadStream, openAsBlob } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { z } from 'zod';
import { AppError, type Language, type Operation } from '../core/index.ts';
import { localPathsOf } from '../http/local-paths.ts';
import { showRun } from '../runs/index.ts';
import { ApiClient } from './client.ts';
import type { Session } from './cli.ts';
import type { ProgressBar } from './progress.ts';

export interface RemoteServer {
  readonly server: string;
  readonly key: string;
}

/** A key that anybody on the way could read. */
export function isUnencrypted(server: string): boolean {
  const { protocol, hostname } = new URL(server);
  return protocol === 'http:' && !/^(?:localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
}

export function remoteSession({ server, key }: RemoteServer, language: Language, progress: ProgressBar): Session {
  const client = new ApiClient({ server, key, language });
  const perform: Session['perform'] = (operation, input) => performThere(client, operation, input);
  const local = (): never => {
    throw new AppError('remote.local_only', {});
  };
  return {
    remote: true,
    progress,
    perform,
    look: (id) => perform(showRun, { id }),
    get app() {
      return local();
    },
    get ctx() {
      return local();
    },
  };
}

/** Files that the operation reads go along; a file that it writes is written here. */
async function performThere<I extends z.ZodType, O extends z.ZodType>(
  client: ApiClient,
  operation: Operation<I, O>,
  input: z.input<I>,
): Promise<z.output<O>> {
  const fields: Readonly<Record<string, unknown>> = typeof input === 'object' && input !== null ? { ...input } : {};
  const { reads = [], writes, named = {} } = localPathsOf(operation);
  const target = writes === undefined ? undefined : fields[writes];
  if (writes !== undefined && typeof target === 'string') return download(client, operation, fields, { field: writes, file: target });
  const sent = Object.entries(fields).flatMap(([field, value]) =>
    typeof value === 'string' && (reads.includes(field) || (field in named && named[field]?.includes(value) !== true))
      ? [[field, value] as const]
      : [],
  );
  if (sent.length === 0) return client.call(operation, input);
  const files = Object.fromEntries(await Promise.all(sent.map(async ([field, file]) => [field, await readable(file)] as const)));
  return client.upload(operation, without(fields, Object.keys(files)), files);
}

/** What is read as it is sent; a pipe, whose length nobody knows, is read first. */
async function readable(file: string): Promise<{ name: string; blob: Blob }> {
  const name = path.basename(file);
  try {
    if (file === '-') return { name, blob: new Blob([await buffer(process.stdin)]) };
    if ((await stat(file)).isFile()) return { name, blob: await openAsBlob(file) };
    return { name, blob: new Blob([await buffer(createReadStream(file))]) };
  } catch (error) {
    throw new AppError('cli.file_unreadable', { file, reason: error instanceof Error ? error.message : String(error) }, { cause: error });
  }
}

/** A file appears when it is complete; a device or a pipe is written to as it is. */
async function download<I extends z.ZodType, O extends z.ZodType>(
  client: ApiClient,
  operation: Operation<I, O>,
  fields: Readonly<Record<string, unknown>>,
  { field, file }: { readonly field: string; readonly file: string },
): Promise<z.output<O>> {
  const rest = without(fields, [field]);
  const found = await stat(file).catch(() => undefined);
  const direct = found !== undefined && !found.isFile();
  const target = direct ? file : `${file}.part`;
  try {
    const said = { ...(await client.download(operation.name, rest, target)), [field]: file };
    if (!direct) await rename(target, file);
    const whole = operation.output.safeParse(said);
    if (whole.success) return whole.data;
    // What does not go into a header, such as the whole report, is asked for without the file.
    const answer = await client.call(operation, rest as z.input<I>);
    return operation.output.parse({ ...(typeof answer === 'object' ? answer : {}), ...said });
  } catch (error) {
    if (!direct) await rm(target, { force: true });
    throw error instanceof Error && 'syscall' in error && 'path' in error
      ? new AppError('feeds.file_unwritable', { file, reason: 'code' in error ? String(error.code) : error.message }, { cause: error })
      : error;
  }
}

function without(fields: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}
