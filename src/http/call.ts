import type { FastifyRequest } from 'fastify';
import { perform } from '../access/index.ts';
import type { App } from '../app/index.ts';
import { type AnyOperation, AppError } from '../core/index.ts';
import { contextOf } from './caller.ts';
import { callerOf } from './identify.ts';
import { localPathIn } from './local-paths.ts';

/** Performs an operation for the request's caller; what its output schema does not have is not in the answer. */
export async function call(app: App, request: FastifyRequest, operation: AnyOperation, raw: unknown): Promise<unknown> {
  const field = localPathIn(operation, raw);
  if (field !== undefined) throw new AppError('http.local_path', { field });
  return callTrusted(app, request, operation, raw);
}

/** As `call`, for an input whose local paths this server has put in. */
export async function callTrusted(app: App, request: FastifyRequest, operation: AnyOperation, raw: unknown): Promise<unknown> {
  const ctx = contextOf(app, request, callerOf(request), 'http');
  return operation.output.parse(await perform(ctx, operation, raw));
}
