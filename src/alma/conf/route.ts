/** Routes under /conf: paging, and our own errors under the numbers that Alma has for them. */
import type { FastifyInstance, HTTPMethods } from 'fastify';
import type { App } from '../../app/index.ts';
import { AppError } from '../../core/index.ts';
import { type AlmaAnswer, type AlmaCall, AlmaError, type AlmaQuery, almaRoute } from '../wire/index.ts';

/** Our code, or the beginning of several, → Alma's number and its sentence; without one ours is told. */
export type Numbers = Readonly<Record<string, readonly [code: string, message?: string]>>;

export function confRoute(
  server: FastifyInstance,
  app: App,
  method: HTTPMethods,
  path: string,
  numbers: Numbers,
  handler: (call: AlmaCall) => Promise<AlmaAnswer>,
): void {
  almaRoute(server, app, method, `/conf${path}`, async (call) => {
    try {
      return await handler(call);
    } catch (error) {
      throw numbered(error, numbers);
    }
  });
}

/** The longest name that fits counts. What nothing fits stays as it is. */
export function numbered(error: unknown, numbers: Numbers): unknown {
  if (!(error instanceof AppError)) return error;
  const fits = Object.keys(numbers)
    .filter((name) => error.code === name || (name.endsWith('.') && error.code.startsWith(name)))
    .sort((a, b) => b.length - a.length)[0];
  const found = fits === undefined ? undefined : numbers[fits];
  return found === undefined ? error : new AlmaError(found[0], found[1] ?? error.message);
}

export interface Page {
  /** 0 to 100. */
  readonly limit: number;
  readonly offset: number;
}

export function pageOf(query: AlmaQuery): Page {
  return {
    limit: query.number('limit', { min: 0, max: 100, otherwise: 10 }),
    offset: query.number('offset', { min: 0, max: 999_999_999, otherwise: 0 }),
  };
}

/** A number in the path; `AlmaError` with `code` when it is none. */
export function numberInPath(call: AlmaCall, name: string, code: string, message: string): number {
  const text = call.path(name);
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new AlmaError(code, message);
  return Number(text);
}
