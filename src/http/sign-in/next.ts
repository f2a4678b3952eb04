const NOWHERE = 'http://nowhere.invalid';

/**
 * Where to go after signing in, if it is a place on this server; else null. A browser reads `//host`,
 * `/\host` and `/.//host` as another server, so what counts is the address once it is resolved.
 */
export function safeNext(next: unknown): string | null {
  if (typeof next !== 'string' || !next.startsWith('/') || next.length > 2000) return null;
  if (!URL.canParse(next, NOWHERE)) return null;
  const url = new URL(next, NOWHERE);
  if (url.origin !== NOWHERE || url.pathname.startsWith('//') || url.pathname.includes('\\')) return null;
  return url.pathname + url.search + url.hash;
}
