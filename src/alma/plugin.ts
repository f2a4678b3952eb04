/** The Alma-compatible API, for programs that libraries already have. Registered under /almaws/v1. */
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../app/index.ts';
import { todayIn } from '../core/index.ts';
import { apiKeyOf } from '../http/credentials.ts';
import { confRoutes } from './conf/index.ts';
import { requireDescribed } from './openapi.ts';
import { testRoutes } from './test-routes.ts';
import { userRoutes } from './users/index.ts';
import { acceptAnyBody, AlmaError, almaErrorOf, GatewayError, sendAlmaError, Thresholds, unauthorized } from './wire/index.ts';

export { almaDocumentOf } from './openapi.ts';

export const almaPlugin: FastifyPluginAsync<{ app: App }> = async (server, { app }) => {
  const thresholds = new Thresholds(app.db.pool);
  acceptAnyBody(server);
  server.addHook('onRoute', ({ method, url, prefix }) => {
    // Fastify adds HEAD to every GET by itself.
    for (const each of [method].flat()) if (each !== 'HEAD') requireDescribed(each, url.slice(prefix.length));
  });
  server.addHook('onRequest', async (request, reply) => {
    const remaining = await thresholds.admit(todayIn(app.config.timeZone));
    reply.header('x-exl-api-remaining', String(remaining));
    await identifyProgram(request);
  });
  server.setErrorHandler((error, request, reply) => tellProgram(error, request, reply));
  server.setNotFoundHandler((request, reply) => {
    sendAlmaError(reply, request, new GatewayError('ROUTING_ERROR', 'There is no such API.', 404));
  });
  testRoutes(server, app);
  userRoutes(server, app);
  confRoutes(server, app);
};

/** Any error in Alma's form; one that is our own fault goes into the log. */
export function tellProgram(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const answer = almaErrorOf(error, generalCode(request));
  if (answer !== undefined) {
    sendAlmaError(reply, request, answer);
    return;
  }
  const trackingId = sendAlmaError(reply, request, new AlmaError('INTERNAL_SERVER_ERROR', 'Internal server error.', 500));
  request.log.error({ err: error, trackingId }, 'request failed');
}

/** Programs come with a key; whatever is wrong with it, they are told the same. */
async function identifyProgram(request: FastifyRequest): Promise<void> {
  // A browser's session is not for programs.
  if (apiKeyOf(request) === undefined) throw unauthorized();
  try {
    await request.server.identify(request);
  } catch (error) {
    if (almaErrorOf(error, '') === undefined) throw error;
    throw unauthorized();
  }
}

/** Alma's number for an error that has none of its own. */
function generalCode(request: FastifyRequest): string {
  return request.url.includes('/users') ? '401652' : '402119';
}
