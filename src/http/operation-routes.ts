/**
 * `POST /api/operations/{name}`: every operation under its own name, its input as the JSON body, its
 * output as the answer. What the command line speaks with a server.
 */
import type { FastifyInstance } from 'fastify';
import type { App } from '../app/index.ts';
import { OPERATIONS } from '../app/operations.ts';
import { AppError } from '../core/index.ts';
import { call } from './call.ts';
import { requireCaller } from './identify.ts';

export function addOperationRoutes(server: FastifyInstance, app: App): void {
  server.post<{ Params: { name: string } }>('/api/operations/:name', { onRequest: requireCaller }, async (request) => {
    const { name } = request.params;
    const operation = OPERATIONS.get(name);
    if (operation === undefined) throw new AppError('http.unknown_operation', { name: name.slice(0, 100) });
    return call(app, request, operation, request.body ?? {});
  });
}
