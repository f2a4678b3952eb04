import fastifyMultipart from '@fastify/multipart';
import fastify, { type FastifyInstance, type FastifyPluginAsync, LogController } from 'fastify';
import type { Health } from '../app/health.ts';
import type { App } from '../app/index.ts';
import { AppError } from '../core/index.ts';
import { callerLanguage } from './caller.ts';
import { addHealthRoutes } from './health-routes.ts';
import { addIdentify, type Doors } from './identify.ts';
import { addOperationRoutes } from './operation-routes.ts';
import { problemOf } from './problem.ts';
import { trustedProxies } from './proxies.ts';
import { requestId } from './request-id.ts';
import { addRestRoutes } from './rest-routes.ts';
import { logRequests, pathOf, requestLogger } from './request-log.ts';

/** What the server is made of. */
export interface HttpParts {
  readonly app: App;
  /** How callers are told; Muster's own keys and sessions unless a test says otherwise. */
  readonly doors?: Doors;
  /** How the process is; without it there are no health routes. */
  readonly health?: () => Promise<Health>;
}

export type HttpPlugin = FastifyPluginAsync<{ app: App }>;

/** Largest JSON body; files are streamed and have a limit of their own. */
const BODY_LIMIT = 16 * 1024 * 1024;

/** Milliseconds within which a request has to have arrived, whole. */
const REQUEST_TIMEOUT_MS = 120_000;

/** The HTTP server with all its routes, ready but not listening yet. */
export async function createHttpServer(parts: HttpParts): Promise<FastifyInstance> {
  const { app } = parts;
  const trusted = trustedProxies(app.config.trustedProxies);
  const server: FastifyInstance = fastify({
    loggerInstance: requestLogger(app.log),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: (address) => trusted(address),
    requestIdHeader: false,
    genReqId: requestId(trusted),
    return503OnClosing: true,
  });
  addErrors(server, app);
  logRequests(server);
  addIdentify(server, app, parts.doors ?? NO_DOORS);
  if (parts.health !== undefined) addHealthRoutes(server, parts.health);
  await server.register(fastifyMultipart, { throwFileSizeLimit: true });
  addOperationRoutes(server, app);
  addRestRoutes(server, app);
  await server.ready();
  return server;
}

/** Nobody can sign in. */
const NO_DOORS: Doors = {
  resolveKey: async () => {
    throw new AppError('http.not_signed_in', {});
  },
  resolveSession: async () => {
    throw new AppError('http.not_signed_in', {});
  },
  sessionCookieOf: () => undefined,
  checkCsrf: () => undefined,
};

function addErrors(server: FastifyInstance, app: App): void {
  server.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  server.setErrorHandler(async (error, request, reply) => {
    const { body, retryAfter, internal } = problemOf(error, callerLanguage(app, request), request.id);
    if (internal) request.log.error({ err: error }, 'request failed');
    if (retryAfter !== null) reply.header('retry-after', String(retryAfter));
    if (body.status === 401) reply.header('www-authenticate', 'apikey');
    return reply.code(body.status).type('application/problem+json; charset=utf-8').send(JSON.stringify(body));
  });
  server.setNotFoundHandler(async (request) => {
    throw new AppError('http.no_route', { method: request.method, path: pathOf(request.url) });
  });
}
