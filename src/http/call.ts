import path from 'node:path';
import type { FastifyRequest } from 'fastify';
import { perform } from '../access/index.ts';
import type { App } from '../app/index.ts';
import { type AnyOperation, AppError } from '../core/index.ts';
import { contextOf } from './caller.ts';
import { callerOf } from './identify.ts';
import { localPathIn } from './local-paths.ts';

/**
 * Performs an operation for the request's caller; what its output schema does not have is not in the
 * answer. `paths` are local files that this server itself has made. Throws `http.local_path` for one
 * that the caller names.
 */
export async function callOperation(
  app: App,
  request: FastifyRequest,
  operation: AnyOperation,
  raw: unknown,
  paths: Readonly<Record<string, string>>,
): Promise<unknown> {
  const field = localPathIn(operation, raw);
  if (field !== undefined) throw new AppError('http.local_path', { field });
  const ctx = contextOf(app, request, callerOf(request), 'http');
  const input = Object.keys(paths).length === 0 ? raw : { ...(raw as Readonly<Record<string, unknown>>), ...paths }; // an object, as the paths' owner has checked
  return operation.output.parse(
    await perform(ctx, operation, input).catch((error: unknown) => {
      throw error instanceof AppError ? withoutDirectories(error, Object.values(paths)) : error;
    }),
  );
}

/** The same error with the names of files alone: where they lay is nobody's business. */
function withoutDirectories(error: AppError, files: readonly string[]): AppError {
  const told = Object.entries(error.params).map(([name, value]) => {
    const shorter = typeof value === 'string' ? files.reduce((text, file) => text.replaceAll(file, path.basename(file)), value) : value;
    return [name, shorter] as const;
  });
  return new AppError(error.code, Object.fromEntries(told) as typeof error.params, { cause: error.cause }); // the same names
}
