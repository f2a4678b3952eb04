/**
 * A client of the HTTP API, typed by the operations themselves:
 *
 *     const client = new ApiClient({ server: 'https://muster.example.org', key, language: 'en' });
 *     const { sets } = await client.call(listSets, {});
 *
 * Throws `RemoteError` with the server's code and sentence, and `AppError` (`remote.…`) when there is no
 * proper answer. An answer has no time limit: an import may take hours.
 */
import { createWriteStream } from 'node:fs';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { AppError, type Language, type Operation, problemsOf } from '../core/index.ts';

export interface ClientOptions {
  /** `https://muster.example.org`, perhaps with a path; without a slash at the end. */
  readonly server: string;
  readonly key: string;
  readonly language: Language;
}

/** What the server refused: its code, and its sentence in the language that was asked for. */
export class RemoteError extends Error {
  override readonly name = 'RemoteError';
  readonly code: string;
  readonly status: number;

  constructor(code: string, sentence: string, status: number) {
    super(sentence);
    this.code = code;
    this.status = status;
  }
}

const problemSchema = z.object({ code: z.string().min(1), detail: z.string().min(1) });

interface Body {
  readonly type: string;
  readonly content: Readable | string;
}

export class ApiClient {
  readonly server: string;
  readonly #key: string;
  readonly #language: Language;

  constructor({ server, key, language }: ClientOptions) {
    this.server = server;
    this.#key = key;
    this.#language = language;
  }

  /** Performs an operation there; the same input and output as here. */
  async call<I extends z.ZodType, O extends z.ZodType>(operation: Operation<I, O>, input: z.input<I>): Promise<z.output<O>> {
    return this.#parsed(operation, await this.#json(operation.name, jsonBody(input)));
  }

  /** As `call`, with files for some fields of the input: field → what is sent for it. */
  async upload<I extends z.ZodType, O extends z.ZodType>(
    operation: Operation<I, O>,
    input: object,
    files: Readonly<Record<string, { readonly name: string; readonly blob: Blob }>>,
  ): Promise<z.output<O>> {
    const form = new FormData();
    form.set('input', JSON.stringify(input));
    for (const [field, { name, blob }] of Object.entries(files)) form.set(field, blob, name);
    const encoded = new Response(form);
    const stream = encoded.body;
    if (stream === null) throw new Error('A form has a body.');
    const body = { type: encoded.headers.get('content-type') ?? '', content: Readable.from(chunksOf(stream)) };
    return this.#parsed(operation, await this.#json(operation.name, body));
  }

  /** Performs an operation that writes a file, and writes the file here; answers what the server says of it. */
  async download(name: string, input: object, file: string): Promise<Readonly<Record<string, unknown>>> {
    const answer = await this.#send(name, jsonBody(input), '*/*');
    await pipeline(answer, createWriteStream(file, { mode: 0o600 }));
    const result: unknown = JSON.parse(String(answer.headers['x-muster-result'] ?? '{}'));
    return typeof result === 'object' && result !== null ? { ...result } : {};
  }

  #parsed<I extends z.ZodType, O extends z.ZodType>(operation: Operation<I, O>, answer: unknown): z.output<O> {
    const parsed = operation.output.safeParse(answer);
    if (parsed.success) return parsed.data;
    throw new AppError('remote.other_version', { operation: operation.name, problems: problemsOf(parsed.error) });
  }

  async #json(name: string, body: Body): Promise<unknown> {
    const answer = await this.#send(name, body, 'application/json');
    const content = await this.#read(answer);
    try {
      return JSON.parse(content);
    } catch (error) {
      throw new AppError('remote.no_muster', { server: this.server, status: answer.statusCode ?? 0 }, { cause: error });
    }
  }

  /** The answer's head, when it is a good one; its body is still to be read. */
  async #send(name: string, body: Body, accept: string): Promise<IncomingMessage> {
    const answer = await this.#request(`${this.server}/api/operations/${encodeURIComponent(name)}`, body, accept);
    const status = answer.statusCode ?? 0;
    // Redirects are not followed: the key is for this server only.
    if (status >= 200 && status < 300) return answer;
    throw this.#problem(await this.#read(answer), status);
  }

  #problem(content: string, status: number): Error {
    try {
      const { code, detail } = problemSchema.parse(JSON.parse(content));
      return new RemoteError(code, detail, status);
    } catch (error) {
      return new AppError('remote.no_muster', { server: this.server, status }, { cause: error });
    }
  }

  async #read(answer: IncomingMessage): Promise<string> {
    return text(answer).catch((error: unknown) => {
      throw this.#unreachable(error);
    });
  }

  /** With node's own client, since `fetch` gives up on whoever takes five minutes to answer. */
  async #request(url: string, body: Body, accept: string): Promise<IncomingMessage> {
    const { request } = url.startsWith('https:') ? https : http;
    const headers = {
      authorization: `apikey ${this.#key}`,
      'accept-language': this.#language,
      accept,
      'content-type': body.type,
      'user-agent': 'Muster',
    };
    return new Promise((resolve, reject) => {
      const sent = request(url, { method: 'POST', headers }, resolve);
      const fail = (error: unknown): void => reject(this.#unreachable(error));
      if (typeof body.content === 'string') {
        sent.on('error', fail).end(body.content);
        return;
      }
      // A server that refuses an upload answers before it has read it all; then the answer counts.
      const failLate = (error: unknown): void => void setTimeout(fail, LATE_ANSWER_MS, error);
      pipeline(body.content, sent.on('error', failLate)).catch(failLate);
    });
  }

  #unreachable(error: unknown): AppError<'remote.unreachable'> {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return new AppError('remote.unreachable', { server: this.server, reason: code }, { cause: error });
  }
}

const LATE_ANSWER_MS = 500;

function jsonBody(input: unknown): Body {
  return { type: 'application/json', content: JSON.stringify(input) };
}

async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
