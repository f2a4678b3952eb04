/** Who calls, from where, in which language: what a request becomes for the operations. */
import type { FastifyRequest } from 'fastify';
import type { App } from '../app/index.ts';
import type { Actor, Context, Language } from '../core/index.ts';
import { gatesOf } from './gate.ts';
import { languageFrom } from './language.ts';
import { plainAddress } from './proxies.ts';

/** Headers that a client, or a proxy in front of it, may claim to be called by. */
const HOST = /^(?:[a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

/** The context in which `actor` performs operations for this request; `source` is `http` or `alma`. */
export function contextOf(app: App, request: FastifyRequest, actor: Actor, source: string): Context {
  return {
    ...app.contextOf(actor, source, callerLanguage(app, request)),
    db: gatesOf(app).db,
    origin: { address: callerAddress(request), requestId: request.id },
    publicUrl: publicUrlOf(app, request),
  };
}

export function callerLanguage(app: App, request: FastifyRequest): Language {
  return languageFrom(request.headers['accept-language'], app.config.language);
}

/** Address of the client; behind a trusted proxy the one that the proxy tells. */
export function callerAddress(request: FastifyRequest): string {
  return plainAddress(request.ip);
}

/**
 * Where people reach this server, without a slash at the end: what the operator has set, else what a
 * trusted proxy or the `Host` header says, else the address it listens on.
 */
export function publicUrlOf(app: App, request: FastifyRequest): string {
  if (app.config.publicUrl !== undefined) return app.config.publicUrl;
  const protocol = request.protocol === 'https' ? 'https' : 'http';
  if (HOST.test(request.host)) return `${protocol}://${request.host.toLowerCase()}`;
  const { localAddress = '127.0.0.1', localPort } = request.socket;
  const plain = plainAddress(localAddress);
  return `${protocol}://${plain.includes(':') ? `[${plain}]` : plain}:${localPort ?? 80}`;
}
