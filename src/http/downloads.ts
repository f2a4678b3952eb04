/** Answers that are a file which an operation has written. */
import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../app/index.ts';
import type { AnyOperation } from '../core/index.ts';
import { callOperation } from './call.ts';
import { gatesOf } from './gate.ts';
import { localPathsOf } from './local-paths.ts';
import { privateDirectory } from './uploads.ts';

const TYPES: Readonly<Record<string, { readonly type: string; readonly ending: string }>> = {
  csv: { type: 'text/csv; charset=utf-8', ending: 'csv' },
  'alma-json': { type: 'application/json; charset=utf-8', ending: 'json' },
  json: { type: 'application/json; charset=utf-8', ending: 'json' },
  pdf: { type: 'application/pdf', ending: 'pdf' },
  'alma-xml': { type: 'application/xml; charset=utf-8', ending: 'xml' },
};
/** Milliseconds in which a client has to take something of its download. */
const STALLED_MS = 60_000;

const CSV = { type: 'text/csv; charset=utf-8', ending: 'csv' };

/**
 * Performs an operation that writes a file into `field`, and sends the file. What the operation says
 * of it goes along in `X-Muster-Result`, as JSON. The file is gone when the answer has ended.
 */
export async function sendFile(
  app: App,
  request: FastifyRequest,
  reply: FastifyReply,
  operation: AnyOperation,
  field: string,
  raw: Readonly<Record<string, unknown>>,
): Promise<FastifyReply> {
  const { type, ending } = TYPES[String(raw['format'] ?? localPathsOf(operation).ending ?? 'csv')] ?? CSV;
  const directory = await privateDirectory(app.config.dataDir, 'downloads');
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
  const file = path.join(directory, `${operation.name.replaceAll('.', '-')}.${ending}`);
  try {
    const result = await gatesOf(app).files.through(() => callOperation(app, request, operation, raw, { [field]: file }));
    const { size } = await stat(file);
    reply
      .type(type)
      .header('content-length', size)
      .header('content-disposition', `attachment; filename="${path.basename(file)}"`)
      .header('cache-control', 'no-store')
      .header('x-muster-result', asciiJson(summaryOf(result, field)));
    const stream = createReadStream(file);
    stream.once('close', () => void remove());
    // A client that takes nothing for so long is let go; the file is not kept for it.
    reply.raw.setTimeout(STALLED_MS, () => reply.raw.destroy());
    return await reply.send(stream);
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The few plain values of a result; where the file lay is nobody's business. */
function summaryOf(result: unknown, field: string): Record<string, unknown> {
  if (typeof result !== 'object' || result === null) return {};
  return Object.fromEntries(
    Object.entries(result).filter(
      ([name, value]) => name !== field && (value === null || ['number', 'string', 'boolean'].includes(typeof value)),
    ),
  );
}

/** JSON that may stand in a header. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
