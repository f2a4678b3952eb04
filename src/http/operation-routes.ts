/**
 * `POST /api/operations/{name}`: every operation under its own name, its input as the JSON body, its
 * output as the answer. What the command line speaks with a server. A file that the operation reads
 * comes as a part of a multipart/form-data body, beside the part `input`; one that it writes is the
 * answer, with the output in `X-Muster-Result`, unless the caller accepts JSON alone.
 */
import type { FastifyInstance } from 'fastify';
import { hasPrivilege } from '../access/index.ts';
import type { App } from '../app/index.ts';
import { OPERATIONS } from '../app/operations.ts';
import { AppError } from '../core/index.ts';
import { answerCall } from './answer.ts';
import { callerLanguage } from './caller.ts';
import { callerOf, requireCaller } from './identify.ts';

export function addOperationRoutes(server: FastifyInstance, app: App): void {
  server.get('/api/operations', { onRequest: requireCaller }, async (request) => ({
    operations: [...OPERATIONS.values()].map((operation) => ({
      name: operation.name,
      summary: operation.summary[callerLanguage(app, request)],
      privilege: operation.privilege,
      permitted: hasPrivilege(callerOf(request), operation.privilege),
    })),
  }));

  server.post<{ Params: { name: string } }>('/api/operations/:name', { onRequest: requireCaller }, async (request, reply) => {
    const { name } = request.params;
    const operation = OPERATIONS.get(name);
    if (operation === undefined) throw new AppError('http.unknown_operation', { name: name.slice(0, 100) });
    return answerCall(app, request, reply, operation, objectOf(request.body), {
      status: 200,
      writes: true,
      file: wantsFile(request.headers.accept),
    });
  });
}

function objectOf(body: unknown): Readonly<Record<string, unknown>> {
  if (body === undefined || body === null) return {};
  if (typeof body !== 'object' || Array.isArray(body)) throw new AppError('http.bad_request', {});
  return { ...body };
}

/** What an operation answers is worth having without its file, e.g. the report of a run. */
function wantsFile(accept: string | undefined): boolean {
  return accept?.includes('application/json') !== true;
}
