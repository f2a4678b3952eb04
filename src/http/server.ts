import fastifyHelmet from '@fastify/helmet';
import fastifyMultipart from '@fastify/multipart';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import { almaPlugin, tellProgram } from '../alma/plugin.ts';
import type { Health } from '../app/health.ts';
import type { App } from '../app/index.ts';
import { AppError, readSetting } from '../core/index.ts';
import { callerLanguage } from './caller.ts';
import { addCatalogueRoutes } from './catalogue-routes.ts';
import { addDocs } from './docs-routes.ts';
import { addHelp } from './help/routes.ts';
import { addHealthRoutes } from './health-routes.ts';
import { DOORS } from './doors.ts';
import { addIdentify, type Doors } from './identify.ts';
import { lettersPlugin } from './letters/plugin.ts';
import { addLimits, type Limits } from './limits.ts';
import { addMetrics } from './metrics.ts';
import { addOperationRoutes } from './operation-routes.ts';
import { expireIdempotencyKeys } from './idempotency.ts';
import { problemOf } from './problem.ts';
import { trustedProxies } from './proxies.ts';
import { requestId } from './request-id.ts';
import { logRequests, pathOf, requestLogger } from './request-log.ts';
import { addRestRoutes } from './rest-routes.ts';
import { addRunEvents, STREAM_LIMITS, type StreamLimits } from './run-events.ts';
import { BODY_MEGABYTES, REQUESTS_AT_ONCE, REQUESTS_PER_MINUTE } from '../app/http-settings.ts';
import { signInPlugin } from './sign-in/index.ts';
import { removeLeftOvers } from './uploads.ts';
import { addWeb, isPageAddress, sendWeb } from './web.ts';

/** What the server is made of. */
export interface HttpParts {
  readonly app: App;
  /** How callers are told; Muster's own keys and sessions unless a test says otherwise. */
  readonly doors?: Doors;
  /** How the process is; without it there are no health routes. */
  readonly health?: () => Promise<Health>;
  /** Where the built web page lies, if not in `web/dist`. */
  readonly web?: string;
  /** Instead of what the settings say: for tests and measurements. */
  readonly limits?: Partial<Limits & StreamLimits & Timeouts>;
}

interface Timeouts {
  /** Milliseconds within which a request has to have arrived whole; an upload of some size takes its time. */
  readonly requestMs: number;
  readonly headersMs: number;
  /** Milliseconds that requests under way are given when the server stops. */
  readonly closingMs: number;
}

const TIMEOUTS: Timeouts = { requestMs: 600_000, headersMs: 20_000, closingMs: 20_000 };

/** Where programs that know Alma look for its API. */
const ALMA = '/almaws/v1';

const IDLE_LOOK_MS = 100;

const HOUR_MS = 3_600_000;

const MEGABYTE = 1024 * 1024;

/** The HTTP server with all its routes, ready but not listening yet. */
export async function createHttpServer(parts: HttpParts): Promise<FastifyInstance> {
  const { app } = parts;
  const times = { ...TIMEOUTS, ...parts.limits };
  const trusted = trustedProxies(app.config.trustedProxies);
  const server: FastifyInstance = fastify({
    loggerInstance: requestLogger(app.log),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: (await readSetting(app.db.pool, BODY_MEGABYTES)) * MEGABYTE,
    requestTimeout: times.requestMs,
    http: { headersTimeout: times.headersMs, connectionsCheckingInterval: Math.min(5_000, times.headersMs) },
    trustProxy: (address) => trusted(address),
    requestIdHeader: false,
    genReqId: requestId(trusted),
    return503OnClosing: true,
    // What is refused before there is a route, such as an address that is none.
    frameworkErrors: (error, request, reply) =>
      request.url.startsWith(`${ALMA}/`) ? tellProgram(error, request, reply) : void tell(app, error, request, reply),
    routerOptions: { maxParamLength: 300 },
  });
  addErrors(server, app, parts.web);
  takeEmptyJson(server);
  stopInTime(server, times.closingMs);
  await server.register(fastifyHelmet, helmetOptions(app));
  logRequests(server);
  addMetrics(server, app);
  await addLimits(server, {
    perMinute: parts.limits?.perMinute ?? (await readSetting(app.db.pool, REQUESTS_PER_MINUTE)),
    atOnce: parts.limits?.atOnce ?? (await readSetting(app.db.pool, REQUESTS_AT_ONCE)),
  });
  addIdentify(server, app, parts.doors ?? DOORS);
  await server.register(fastifyMultipart, { throwFileSizeLimit: true });
  if (parts.health !== undefined) addHealthRoutes(server, parts.health);
  addOperationRoutes(server, app);
  addRestRoutes(server, app);
  addCatalogueRoutes(server, app);
  addRunEvents(server, app, { ...STREAM_LIMITS, ...parts.limits });
  await addDocs(server, app);
  await server.register(signInPlugin, { app });
  await server.register(lettersPlugin, { app });
  await server.register(almaPlugin, { app, prefix: ALMA });
  await addWeb(server, app, parts.web);
  addHelp(server, app);
  await keepHouse(server, app);
  await server.ready();
  return server;
}

/** Answers are data; the few pages there are say for themselves what they need. */
function helmetOptions(app: App) {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], formAction: ["'none'"], baseUri: ["'none'"] },
    },
    // Only who has said that people come by https may promise it to their browsers.
    strictTransportSecurity: app.config.publicUrl?.startsWith('https:') === true ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'no-referrer' as const },
  };
}

/** What the server itself leaves behind is its to remove: expired keys, and files of calls that were cut off. */
async function keepHouse(server: FastifyInstance, app: App): Promise<void> {
  const tidy = async (): Promise<void> => {
    await removeLeftOvers(app.config.dataDir);
    await expireIdempotencyKeys(app.db.pool);
  };
  await tidy();
  const timer = setInterval(
    () => void tidy().catch((error: unknown) => app.log.warn({ reason: String(error) }, 'could not tidy up')),
    HOUR_MS,
  );
  server.addHook('onClose', async () => clearInterval(timer));
}

/**
 * New connections are no longer taken when it stops. Those under way are closed as they become idle,
 * which Node itself looks for only once; whoever has not ended after `closingMs` is cut off.
 */
function stopInTime(server: FastifyInstance, closingMs: number): void {
  server.addHook('preClose', async () => {
    const idle = setInterval(() => server.server.closeIdleConnections(), IDLE_LOOK_MS).unref();
    const late = setTimeout(() => server.server.closeAllConnections(), closingMs).unref();
    server.server.once('close', () => {
      clearInterval(idle);
      clearTimeout(late);
    });
  });
}

/** Clients that name JSON with every request, those without a body included, mean nothing by it. */
function takeEmptyJson(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error');
  server.removeContentTypeParser('application/json');
  server.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null);
    else void parse(request, body, done);
  });
}

function addErrors(server: FastifyInstance, app: App, web?: string): void {
  server.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  server.setErrorHandler((error, request, reply) => tell(app, error, request, reply));
  server.setNotFoundHandler(async (request, reply) => {
    if (isPageAddress(request)) return sendWeb(app, request, reply, web);
    throw new AppError('http.no_route', { method: request.method, path: pathOf(request.url) });
  });
}

function tell(app: App, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { body, retryAfter, internal } = problemOf(error, callerLanguage(app, request), request.id);
  if (internal) request.log.error({ err: error }, 'request failed');
  if (retryAfter !== null) reply.header('retry-after', String(retryAfter));
  if (body.status === 401) reply.header('www-authenticate', 'apikey');
  return reply.code(body.status).type('application/problem+json; charset=utf-8').send(JSON.stringify(body));
}
