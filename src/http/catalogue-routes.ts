/** What there is to choose from: kinds of change, fields of filters. The same for everybody who is signed in. */
import type { FastifyInstance } from 'fastify';
import { catalogue } from '../changes/index.ts';
import type { App } from '../app/index.ts';
import { filterCatalogue } from '../filters/index.ts';
import { callerLanguage } from './caller.ts';
import { requireCaller } from './identify.ts';

export function addCatalogueRoutes(server: FastifyInstance, app: App): void {
  server.get('/api/changes', { onRequest: requireCaller }, async (request) => ({ changes: catalogue(callerLanguage(app, request)) }));
  server.get('/api/filters', { onRequest: requireCaller }, async () => filterCatalogue());
}
