/** What there is to choose from: kinds of change, fields of filters, codes. The same for everybody who is signed in. */
import type { FastifyInstance } from 'fastify';
import { catalogue } from '../changes/index.ts';
import type { App } from '../app/index.ts';
import { filterCatalogue } from '../filters/index.ts';
import { AppError } from '../core/index.ts';
import { listCodes, listCodeTables } from '../users/index.ts';
import { callerLanguage } from './caller.ts';
import { requireCaller } from './identify.ts';

export function addCatalogueRoutes(server: FastifyInstance, app: App): void {
  server.get('/api/changes', { onRequest: requireCaller }, async (request) => ({ changes: catalogue(callerLanguage(app, request)) }));
  server.get('/api/filters', { onRequest: requireCaller }, async () => filterCatalogue());
  server.get('/api/code-tables', { onRequest: requireCaller }, async () => ({ code_tables: await listCodeTables(app.db.pool) }));
  server.get<{ Params: { name: string } }>('/api/code-tables/:name', { onRequest: requireCaller }, async (request) => {
    const { name } = request.params;
    const table = (await listCodeTables(app.db.pool)).find((each) => each.name === name);
    if (table === undefined) throw new AppError('http.no_code_table', { name: name.slice(0, 100) });
    return { ...table, codes: await listCodes(app.db.pool, name) };
  });
}
