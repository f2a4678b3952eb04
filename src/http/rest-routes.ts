/** The addresses of `routes.ts`, each calling its operation. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../app/index.ts';
import { OPERATIONS } from '../app/operations.ts';
import { type AnyOperation, AppError } from '../core/index.ts';
import { setTag } from '../sets/index.ts';
import { publicUrlOf } from './caller.ts';
import { coerceFields } from './coerce.ts';
import { KEY_PARAMETERS } from './credentials.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { ifMatchOf, tagOfUser } from './entity-tags.ts';
import { requireCaller } from './identify.ts';
import { answerCall } from './answer.ts';
import { pathOf } from './request-log.ts';
import { type Route, ROUTES } from './routes.ts';

type Fields = Readonly<Record<string, unknown>>;

export function addRestRoutes(server: FastifyInstance, app: App): void {
  for (const route of ROUTES) {
    const operation = OPERATIONS.get(route.operation);
    if (operation === undefined) throw new Error(`${route.path} names the operation ${route.operation}, which there is not.`);
    server.route({
      method: route.method,
      url: route.path,
      onRequest: requireCaller,
      handler: (request, reply) => handle(app, request, reply, route, operation),
    });
  }
}

async function handle(app: App, request: FastifyRequest, reply: FastifyReply, route: Route, operation: AnyOperation): Promise<unknown> {
  const params = request.params as Readonly<Record<string, string>>; // of the route's own path
  const query = withoutKey(request.query as Fields);
  const reads = route.method === 'GET' || route.method === 'DELETE';
  const fields = reads ? withCursor(route, coerceFields(operation, query)) : bodyOf(request);
  const match = route.tag !== undefined && route.method !== 'GET' ? ifMatchOf(request) : undefined;
  const raw = { ...fields, ...coerceFields(operation, params, 'reference'), ...(match === undefined ? {} : { match }) };
  const tag = route.tag === 'user' && route.method === 'GET' ? await tagOfUser(app.db.pool, params['user'] ?? '') : undefined;
  return answerCall(app, request, reply, operation, raw, {
    status: route.status ?? 200,
    writes: route.method !== 'GET',
    file: route.file === true,
    shape: (result) => {
      if (tag !== undefined) reply.header('etag', `"${tag}"`);
      if (route.tag === 'set' && route.method === 'GET') reply.header('etag', `"${setTag(result as Parameters<typeof setTag>[0])}"`); // set.show's output
      return paged(app, request, reply, route, result);
    },
  });
}

function withoutKey(query: Fields): Fields {
  return Object.fromEntries(Object.entries(query).filter(([name]) => !KEY_PARAMETERS.includes(name)));
}

function bodyOf(request: FastifyRequest): Fields {
  const { body } = request;
  if (body === undefined || body === null) return {};
  if (typeof body !== 'object' || Array.isArray(body)) throw new AppError('http.bad_request', {});
  return body as Fields; // an object, as has just been seen
}

function withCursor(route: Route, { cursor, ...fields }: Fields): Fields {
  if (route.cursor === undefined || cursor === undefined) return cursor === undefined ? fields : { ...fields, cursor };
  return { ...fields, [route.cursor]: decodeCursor(cursor) };
}

/** A page's `next` as an opaque cursor, and as a link for clients that follow those. */
function paged(app: App, request: FastifyRequest, reply: FastifyReply, route: Route, result: unknown): unknown {
  if (route.cursor === undefined || typeof result !== 'object' || result === null || !('next' in result)) return result;
  const place = result.next;
  if (typeof place !== 'string' && typeof place !== 'number') return { ...result, next: null };
  const next = encodeCursor(place);
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(withoutKey(request.query as Fields))) {
    for (const item of [value].flat()) if (name !== 'cursor') query.append(name, String(item));
  }
  query.set('cursor', next);
  reply.header('link', `<${publicUrlOf(app, request)}${pathOf(request.url)}?${query.toString()}>; rel="next"`);
  return { ...result, next };
}
