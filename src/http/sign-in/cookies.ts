import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Cookies of this server. Over https their names begin with `__Host-`, which browsers accept only from
 * this very host, for all of its paths, and sent securely: no neighbouring host can plant one.
 */
const SESSION = 'muster_session';
const ATTEMPT = 'muster_oidc';

/** Where people reach the server decides, not how the request came through the last proxy. */
function nameOf(name: string, publicUrl: string): string {
  return publicUrl.startsWith('https:') ? `__Host-${name}` : name;
}

/**
 * The session token that came with the request, if any. Over https the cookie without the prefix is
 * not looked at: a neighbouring host could have planted it. Behind a proxy that does not say https
 * both are, the safer one first.
 */
export function sessionCookieOf(request: FastifyRequest): string | undefined {
  return cookieOf(request, SESSION);
}

export function setSessionCookie(reply: FastifyReply, publicUrl: string, token: string, expiresAt: Date): void {
  set(reply, publicUrl, SESSION, token, expiresAt);
}

export function clearSessionCookie(reply: FastifyReply, publicUrl: string): void {
  set(reply, publicUrl, SESSION, '', new Date(0));
}

/** The cookie that ties a sign-in at a provider to the browser in which it was begun. */
export function attemptCookieOf(request: FastifyRequest): string | undefined {
  return cookieOf(request, ATTEMPT);
}

export function setAttemptCookie(reply: FastifyReply, publicUrl: string, token: string, maxAgeSeconds: number): void {
  set(reply, publicUrl, ATTEMPT, token, new Date(Date.now() + maxAgeSeconds * 1000));
}

export function clearAttemptCookie(reply: FastifyReply, publicUrl: string): void {
  set(reply, publicUrl, ATTEMPT, '', new Date(0));
}

/**
 * The value is one of our random tokens, or nothing, so nothing in it has to be escaped.
 * Lax, not Strict: the way back from a provider, and a link in a mail, start on another site.
 */
function set(reply: FastifyReply, publicUrl: string, name: string, value: string, expires: Date): void {
  const secure = publicUrl.startsWith('https:') ? '; Secure' : '';
  const cookie = `${nameOf(name, publicUrl)}=${value}; Path=/; Expires=${expires.toUTCString()}; HttpOnly${secure}; SameSite=Lax`;
  // Beside the cookies that are set already: Fastify joins them.
  reply.header('set-cookie', cookie);
}

function cookieOf(request: FastifyRequest, name: string): string | undefined {
  return read(request, `__Host-${name}`) ?? (request.protocol === 'https' ? undefined : read(request, name));
}

/** The first cookie of the name that looks like a token of ours; others cannot be one. */
function read(request: FastifyRequest, name: string): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [key = '', value = ''] = pair.trim().split('=', 2);
    if (key === name && /^[\w-]{1,200}$/.test(value)) return value;
  }
  return undefined;
}
