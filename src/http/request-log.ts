/** What the log says of a request: never its query, its headers or its body. */
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { callerAddress } from './caller.ts';

/** Secrets that an error or a plug-in could drag along. */
const REDACTED = [
  '*.headers.authorization',
  '*.headers.cookie',
  '*.headers["x-api-key"]',
  '*.headers["set-cookie"]',
  '*.password',
  '*.apikey',
];

export function requestLogger(log: Logger): FastifyBaseLogger {
  return log.child(
    {},
    {
      redact: { paths: REDACTED, censor: '[removed]' },
      serializers: {
        req: (request: FastifyRequest) => ({ method: request.method, path: pathOf(request.url) }),
        res: (reply: FastifyReply) => ({ status: reply.statusCode }),
      },
    },
  );
}

/** One line per answered request. */
export function logRequests(server: FastifyInstance): void {
  server.addHook('onResponse', async (request, reply) => {
    const line = {
      method: request.method,
      path: request.routeOptions.url ?? pathOf(request.url),
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      address: callerAddress(request),
      actor: request.actor?.name ?? null,
    };
    if (QUIET.has(line.path)) request.log.debug(line, 'request');
    else request.log.info(line, 'request');
  });
}

/** Asked every few seconds by whoever watches the server. */
const QUIET: ReadonlySet<string> = new Set(['/health', '/healthz', '/readyz', '/metrics']);

export function pathOf(url: string): string {
  return (url.split('?', 1)[0] ?? '').slice(0, 200);
}
