/**
 * `/api/openapi.json` and `/almaws/openapi.json`, and the same to read at `/api/docs` and `/almaws/docs`;
 * everything comes from this server.
 */
import fastifySwagger from '@fastify/swagger';
import fastifySwaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { almaDocumentOf } from '../alma/plugin.ts';
import type { App } from '../app/index.ts';
import { callerLanguage, publicUrlOf } from './caller.ts';
import { openApiOf } from './openapi.ts';

/** Scripts and all else from this server's files alone; the page's own scripts set styles on elements. */
const CSP = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "form-action 'self'",
].join('; ');

/** In place of the plug-in's own. */
const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40"><text x="0" y="28" font-family="sans-serif" font-size="24" font-weight="600" fill="#fff">Muster</text></svg>`;

const DOCUMENTS = [
  { at: '/api', documentOf: openApiOf },
  { at: '/almaws', documentOf: almaDocumentOf },
] as const;

export async function addDocs(server: FastifyInstance, app: App): Promise<void> {
  for (const { at, documentOf } of DOCUMENTS) {
    const document = (request: FastifyRequest) => documentOf(publicUrlOf(app, request), callerLanguage(app, request), app.version);
    server.get(`${at}/openapi.json`, async (request, reply) => {
      reply.header('vary', 'accept-language').header('cache-control', 'no-cache');
      return document(request);
    });
    await server.register(async (docs) => {
      // The plug-in wants a document beforehand; what it shows is made for whoever asks.
      const nothing = { openapi: '3.1.0', info: { title: 'Muster', version: app.version }, paths: {} };
      await docs.register(fastifySwagger, { mode: 'static', specification: { document: nothing } });
      await docs.register(fastifySwaggerUi, {
        routePrefix: `${at}/docs`,
        uiConfig: { docExpansion: 'none', persistAuthorization: false },
        staticCSP: CSP,
        logo: { type: 'image/svg+xml', content: Buffer.from(LOGO), href: `${at}/docs` },
        theme: { title: 'Muster' },
        transformSpecification: (_document, request) => document(request),
        transformSpecificationClone: false,
      });
    });
  }
}
