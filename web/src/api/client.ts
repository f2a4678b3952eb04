/**
 * The one way to the server. `api('job.preview', input)` is typed by the operation's name: what it takes
 * and what it answers are the server's own schemas. Errors are `AppProblem`s.
 */
import { addressOf } from './address.ts';
import { AppProblem, asProblem, problemOf, UNREACHABLE } from './problem.ts';
import { csrfHeader, isLeaving, loadSession, sessionAgain } from './session.ts';
import type { Input, InputBesideFiles, OperationName, Output } from './types.ts';

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Makes a call that is repeated happen once. */
  readonly idempotencyKey?: string;
}

/** Performs an operation under its name. */
export async function api<N extends OperationName>(name: N, input: Input<N>, options: CallOptions = {}): Promise<Output<N>> {
  const { data } = await send('POST', `/api/operations/${name}`, {
    ...options,
    body: JSON.stringify(input),
    headers: {
      'content-type': 'application/json',
      ...(options.idempotencyKey === undefined ? {} : { 'idempotency-key': options.idempotencyKey }),
    },
  });
  return data as Output<N>; // the operation's own schema has shaped it
}

export interface Tagged<T> {
  readonly data: T;
  /** Which state this is; give it as `match` of what writes, so that nobody's work is overwritten unseen. */
  readonly tag: string | null;
}

/** A user or set with its entity tag: `tagged('users.show', '/api/users/4711')`. */
export async function tagged<N extends OperationName>(_name: N, path: string, options: CallOptions = {}): Promise<Tagged<Output<N>>> {
  const { data, headers } = await send('GET', path, options);
  return { data: data as Output<N>, tag: headers.get('etag')?.replaceAll('"', '') ?? null }; // the route's own operation
}

/** A route that is no operation, e.g. `/api/changes`. */
export async function getJson<T>(path: string, options: CallOptions = {}): Promise<T> {
  const { data } = await send('GET', path, options);
  return data as T; // said by the caller, from the server's own types
}

interface Sending extends CallOptions {
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function send(method: string, path: string, sending: Sending): Promise<{ readonly data: unknown; readonly headers: Headers }> {
  const answer = await answered(method, path, 'application/json', sending);
  return { data: answer.status === 204 ? null : await answer.json(), headers: answer.headers };
}

/** Asks; when the session is over, waits until there is one again and asks once more. */
export async function answered(method: string, path: string, accept: string, sending: Sending = {}): Promise<Response> {
  for (let attempt = 0; ; attempt += 1) {
    const answer = await reached(method, path, accept, sending);
    if (answer.ok) return answer;
    const problem = problemOf(answer.status, await answer.json().catch(() => null), answer.headers);
    if (attempt > 2 || !(await mended(problem))) throw problem;
  }
}

async function reached(method: string, path: string, accept: string, sending: Sending): Promise<Response> {
  if (isLeaving()) return new Promise(() => undefined);
  try {
    return await fetch(addressOf(path), {
      method,
      headers: { accept, ...languageHeader(), ...(method === 'GET' ? {} : csrfHeader()), ...sending.headers },
      ...(sending.body === undefined ? {} : { body: sending.body }),
      ...(sending.signal === undefined ? {} : { signal: sending.signal }),
    });
  } catch (error) {
    throw asProblem(error);
  }
}

/** Whether what stood in the way is out of it now. */
async function mended(problem: AppProblem): Promise<boolean> {
  if (problem.status === 401) {
    await sessionAgain();
    return true;
  }
  if (problem.code === 'access.csrf') {
    // Somebody has signed in anew in another tab; the token is that session's now.
    await loadSession();
    return true;
  }
  if (problem.code === 'http.password_change_first') location.assign(addressOf('/change-password'));
  return false;
}

function languageHeader(): Record<string, string> {
  return { 'accept-language': document.documentElement.lang };
}

export interface UploadOptions extends CallOptions {
  /** 0 to 1, as the file leaves; then the server works on it. */
  readonly onProgress?: (share: number) => void;
}

/** Performs an operation that reads files: `upload('set.create', { name }, { file })`. */
export async function upload<N extends OperationName>(
  name: N,
  input: InputBesideFiles<N>,
  files: Readonly<Record<string, File>>,
  options: UploadOptions = {},
): Promise<Output<N>> {
  const body = new FormData();
  // Before the files: the server reads the parts in their order.
  body.set('input', JSON.stringify(input));
  for (const [field, file] of Object.entries(files)) body.set(field, file, file.name);
  for (let attempt = 0; ; attempt += 1) {
    try {
      return (await sendForm(`/api/operations/${name}`, body, options)) as Output<N>; // the operation's own schema
    } catch (error) {
      const problem = asProblem(error);
      if (attempt > 2 || !(await mended(problem))) throw problem;
    }
  }
}

/** `fetch` does not tell how much has left; the older way does. */
function sendForm(path: string, body: FormData, { signal, onProgress }: UploadOptions): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', addressOf(path));
    request.responseType = 'json';
    for (const [name, value] of Object.entries({ accept: 'application/json', ...languageHeader(), ...csrfHeader() })) {
      request.setRequestHeader(name, value);
    }
    request.upload.onprogress = ({ loaded, total }) => onProgress?.(total === 0 ? 0 : loaded / total);
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) return resolve(request.response);
      reject(problemOf(request.status, request.response, { get: (name) => request.getResponseHeader(name) }));
    };
    request.onerror = () => reject(new AppProblem({ code: UNREACHABLE, status: 0 }));
    request.onabort = () => reject(asProblem(new DOMException('', 'AbortError')));
    signal?.addEventListener('abort', () => request.abort(), { once: true });
    request.send(body);
  });
}

export interface Downloaded {
  readonly blob: Blob;
  readonly fileName: string;
  /** What the operation says of the file, e.g. how many rows it has. */
  readonly result: Readonly<Record<string, unknown>>;
}

/** Performs an operation that writes a file, and has the browser keep it under the server's name. */
export async function download<N extends OperationName>(
  name: N,
  input: InputBesideFiles<N>,
  options: CallOptions = {},
): Promise<Downloaded> {
  const answer = await answered('POST', `/api/operations/${name}`, '*/*', {
    ...options,
    body: JSON.stringify(input),
    headers: { 'content-type': 'application/json' },
  });
  const fileName = /filename="([^"]+)"/.exec(answer.headers.get('content-disposition') ?? '')?.[1] ?? `${name}.json`;
  const blob = await answer.blob();
  const said: unknown = JSON.parse(answer.headers.get('x-muster-result') ?? '{}');
  saveFile(blob, fileName);
  return { blob, fileName, result: typeof said === 'object' && said !== null ? { ...said } : {} };
}

/** Hands a file to the browser's downloads. */
export function saveFile(blob: Blob, fileName: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
