/**
 * Signing in over HTTP: the JSON routes under /api/session, the pages, and the way through identity
 * providers. Addresses here hold secrets (a link's token, a provider's code), so no query is ever logged.
 */
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify';
import { createDiscovery } from '../../access/index.ts';
import type { App } from '../../app/index.ts';
import { AppError } from '../../core/index.ts';
import { problemOf } from '../problem.ts';
import { pathOf } from '../request-log.ts';
import { addSessionApi } from './api-routes.ts';
import { addOidcRoutes } from './oidc-routes.ts';
import { frameOf, sendPage } from './page.ts';
import { addPages } from './page-routes.ts';
import { problemPage } from './views.ts';

/** Largest body: a few short fields. */
const BODY_LIMIT = 16 * 1024;

export const signInPlugin: FastifyPluginAsync<{ app: App }> = async (server, { app }) => {
  const discovery = createDiscovery();
  const logSerializers = { req: (request: FastifyRequest) => `${request.method} ${pathOf(request.url)}` };
  await server.register(
    async (api) => {
      onlyJson(api);
      addSessionApi(api, app, discovery);
    },
    { logSerializers },
  );
  await server.register(
    async (pages) => {
      onlyForms(pages);
      showProblems(pages, app);
      addPages(pages, app, discovery);
      addOidcRoutes(pages, app, discovery);
    },
    { logSerializers },
  );
};

/** A form of another site can send text and forms without asking, but no JSON. */
function onlyJson(api: FastifyInstance): void {
  api.removeContentTypeParser(['text/plain', 'multipart/form-data']);
  limitBodies(api);
}

function onlyForms(pages: FastifyInstance): void {
  pages.removeAllContentTypeParsers();
  pages.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, async (_request: FastifyRequest, body: string) => {
    return new URLSearchParams(body);
  });
  limitBodies(pages);
}

function limitBodies(server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    route.bodyLimit = BODY_LIMIT;
  });
}

/** Errors of the pages are pages. */
function showProblems(pages: FastifyInstance, app: App): void {
  pages.setErrorHandler(async (error, request, reply) => {
    const frame = frameOf(app, request);
    const { body, internal, retryAfter } = problemOf(error, frame.language, request.id);
    if (internal) request.log.error({ err: error }, 'request failed');
    if (retryAfter !== null) reply.header('retry-after', String(retryAfter));
    const fromProvider = error instanceof AppError && error.code === 'access.provider_unreachable';
    if (fromProvider) request.log.warn({ reason: error.message }, 'an identity provider does not answer as it should');
    const title = frame.text(error instanceof AppError && error.code.startsWith('access.') ? 'web.not_signed_in_there' : 'web.problem', {});
    const text = fromProvider ? frame.text('web.provider_down', {}) : body.detail;
    return sendPage(reply, frame, problemPage(frame, { status: fromProvider ? 502 : body.status, title, text, id: request.id }));
  });
}
