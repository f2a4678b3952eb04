/** One call of an operation, with everything around it: uploads in, downloads out, keys that make it happen once. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../app/index.ts';
import { type AnyOperation, readSetting } from '../core/index.ts';
import { callOperation } from './call.ts';
import { sendFile } from './downloads.ts';
import { gatesOf } from './gate.ts';
import { callerOf } from './identify.ts';
import { type Answer, idempotencyKeyOf, once, ownerOf, requestHash } from './idempotency.ts';
import { localPathsOf } from './local-paths.ts';
import { pathOf } from './request-log.ts';
import { carriesSecret } from './secret-answers.ts';
import { UPLOAD_LIMIT } from '../app/http-settings.ts';
import { receive } from './uploads.ts';

export interface AnswerOptions {
  readonly status: number;
  /** Whether the call may write: then an Idempotency-Key holds for it. */
  readonly writes: boolean;
  /** Whether the answer is the file that the operation writes. */
  readonly file: boolean;
  /** What of the result is sent; may set headers. */
  readonly shape?: (result: unknown) => unknown;
}

const MEGABYTE = 1024 * 1024;

export async function answerCall(
  app: App,
  request: FastifyRequest,
  reply: FastifyReply,
  operation: AnyOperation,
  raw: Readonly<Record<string, unknown>>,
  { status, writes, file, shape = (result) => result }: AnswerOptions,
): Promise<unknown> {
  const { writes: field } = localPathsOf(operation);
  if (field !== undefined && file) return sendFile(app, request, reply, operation, field, raw);
  const key = writes ? idempotencyKeyOf(request) : undefined;
  const send = (input: unknown, work: () => Promise<unknown>): Promise<unknown> =>
    sendOnce(app, request, reply, { operation, key, input }, async () => ({ status, body: shape(await work()) }));
  if (request.isMultipart()) return answerUpload(app, request, operation, raw, send);
  return send(raw, () => callOperation(app, request, operation, raw, {}));
}

interface Call {
  readonly operation: AnyOperation;
  readonly key: string | undefined;
  /** Everything that makes another request of it. */
  readonly input: unknown;
}

async function sendOnce(
  app: App,
  request: FastifyRequest,
  reply: FastifyReply,
  { operation, key, input }: Call,
  work: () => Promise<Answer>,
): Promise<unknown> {
  if (key === undefined) {
    const { status, body } = await work();
    return reply.code(status).send(body);
  }
  const actor = ownerOf(callerOf(request));
  const hash = requestHash(request.method, pathOf(request.url), { raw: input, operation: operation.name });
  const answer = await once(app.db.pool, { key, actor, hash, secret: carriesSecret(operation) }, work);
  if (answer.replayed) reply.header('idempotency-replayed', 'true');
  return reply.code(answer.status).send(answer.body);
}

/** The file is read to its end before the key is looked up: it is part of what was asked. */
async function answerUpload(
  app: App,
  request: FastifyRequest,
  operation: AnyOperation,
  raw: Readonly<Record<string, unknown>>,
  send: (input: unknown, work: () => Promise<unknown>) => Promise<unknown>,
): Promise<unknown> {
  const limit = await readSetting(app.db.pool, UPLOAD_LIMIT);
  const upload = await receive(request, operation, app.config.dataDir, limit * MEGABYTE);
  try {
    // What the address says, no part of the body says otherwise.
    const input = { ...upload.input, ...raw };
    return await send({ input, files: upload.digests }, () =>
      gatesOf(app).files.through(() => callOperation(app, request, operation, input, upload.paths)),
    );
  } finally {
    await upload.remove();
  }
}
