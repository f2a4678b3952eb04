/**
 * `POST /letters/bounces`: mail servers and mail services bring what came back, as the mail itself
 * (message/rfc822) or in JSON. They prove themselves with an API key of somebody who may change letters, or
 * with the secret of MAIL_BOUNCE_SECRET, which is good for nothing else: `Authorization: Bearer …`.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { perform, systemActor } from '../../access/index.ts';
import type { App } from '../../app/index.ts';
import { type Actor, AppError, sameText } from '../../core/index.ts';
import { LARGEST_REPORT_MB, takeReport } from '../../letters/index.ts';
import { contextOf } from '../caller.ts';

/** In JSON a report is a third longer. */
const BODY_LIMIT = LARGEST_REPORT_MB * 1.5 * 1024 * 1024;

export function addBounceRoute(server: FastifyInstance, app: App): void {
  server.removeContentTypeParser(['text/plain', 'multipart/form-data']);
  const options = { parseAs: 'buffer', bodyLimit: BODY_LIMIT } as const;
  server.addContentTypeParser(
    ['message/rfc822', 'application/octet-stream', 'text/plain'],
    options,
    async (_: FastifyRequest, body: Buffer) => body,
  );

  server.post(
    '/letters/bounces',
    {
      bodyLimit: BODY_LIMIT,
      // Nothing of the body is read for somebody who is nobody.
      onRequest: async (request) => {
        request.actor = await reporter(app, request);
      },
    },
    async (request) => {
      if (request.actor === null) throw new AppError('http.not_signed_in', {});
      return takeReport.output.parse(await perform(contextOf(app, request, request.actor, 'http'), takeReport, inputOf(request.body)));
    },
  );
}

async function reporter(app: App, request: FastifyRequest): Promise<Actor> {
  const { secret } = app.config.letters.bounces;
  const given = /^bearer\s+(\S+)\s*$/i.exec(request.headers.authorization ?? '')?.[1];
  if (secret !== undefined && given !== undefined && sameText(secret, given)) return systemActor('bounces');
  return request.server.identify(request);
}

function inputOf(body: unknown): unknown {
  return Buffer.isBuffer(body) ? { message: body.toString('base64'), encoding: 'base64' } : body;
}
