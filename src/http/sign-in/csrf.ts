import type { FastifyRequest } from 'fastify';
import { AppError, sameText } from '../../core/index.ts';

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** What of a session is needed here. */
export interface CsrfSession {
  readonly csrf: string;
}

/**
 * A request that changes something and comes with a session cookie has to prove that a page of ours
 * made it: by the session's own token in `X-CSRF-Token` (a form sends it as the field `csrf`), and by
 * what the browser says of its origin.
 *
 * @param publicUrl where people reach the server; without it, what the request says is taken
 * @throws `access.csrf`
 */
export function checkCsrf(request: FastifyRequest, session: CsrfSession, publicUrl?: string): void {
  if (SAFE.has(request.method)) return;
  checkOrigin(request, publicUrl);
  if (session.csrf === '' || !sameText(sentToken(request) ?? '', session.csrf)) throw new AppError('access.csrf', {});
}

/**
 * Refuses what a browser says was made by another site. Signing in itself is guarded by this alone,
 * since there is no session yet; a program that is no browser sends neither header, and has no cookies
 * of somebody else's to abuse.
 *
 * @throws `access.csrf`
 */
export function checkOrigin(request: FastifyRequest, publicUrl?: string): void {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new AppError('access.csrf', {});
  const origin = request.headers.origin;
  // Where the browser has told that it is the same origin, `Origin` may still be `null` (no-referrer pages).
  if (origin === undefined || (origin === 'null' && site === 'same-origin')) return;
  const own = new URL(publicUrl ?? `${request.protocol}://${request.host}`).origin;
  if (origin !== own) throw new AppError('access.csrf', {});
}

function sentToken(request: FastifyRequest): string | undefined {
  const header = request.headers['x-csrf-token'];
  if (typeof header === 'string') return header;
  const { body } = request;
  return body instanceof URLSearchParams ? (body.get('csrf') ?? undefined) : undefined;
}
