import { type Actor, AppError } from '../../src/core/index.ts';
import type { HttpParts } from '../../src/http/index.ts';

/** Stand-in for keys and sessions: whoever the test names. A cookie `as=NAME` is a session whose proof is `csrf-NAME`. */
export function doorsFor(actors: () => Readonly<Record<string, Actor>>): NonNullable<HttpParts['doors']> {
  const find = (name: string): Actor => {
    const actor = actors()[name];
    if (actor === undefined) throw new AppError('http.not_signed_in', {});
    return actor;
  };
  return {
    resolveKey: async (_db, key) => find(key),
    resolveSession: async (_db, token) => ({ actor: find(token), csrf: `csrf-${token}` }),
    sessionCookieOf: (request) => /(?:^|;\s*)as=([^;]+)/.exec(request.headers.cookie ?? '')?.[1],
    checkCsrf: (request, session) => {
      if (request.headers['x-csrf-token'] !== session.csrf) throw new AppError('access.denied', { privilege: 'csrf', actor: '?' });
    },
  };
}
