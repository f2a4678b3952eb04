/** What letters lead to over HTTP without anybody being signed in: the page that ends them, and reports about them. */
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { App } from '../../app/index.ts';
import { addBounceRoute } from './bounce-route.ts';
import { addUnsubscribePage } from './unsubscribe-page.ts';

export const lettersPlugin: FastifyPluginAsync<{ app: App }> = async (server, { app }) => {
  // The address of the page is what allows it to act, so no log has it.
  const logSerializers = { req: (request: FastifyRequest) => `${request.method} ${request.routeOptions.url ?? ''}` };
  await server.register(async (pages) => addUnsubscribePage(pages, app), { logSerializers });
  await server.register(async (reports) => addBounceRoute(reports, app), { logSerializers });
};
