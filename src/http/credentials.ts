import type { FastifyRequest } from 'fastify';

/** Where a program may put its API key; Alma's clients use the first three. */
export function apiKeyOf(request: FastifyRequest): string | undefined {
  const scheme = /^apikey\s+(\S{1,512})\s*$/i.exec(request.headers.authorization ?? '');
  if (scheme !== null) return scheme[1];
  const header = request.headers['x-api-key'];
  if (typeof header === 'string' && header !== '') return header;
  const query = request.query as Readonly<Record<string, unknown>> | undefined; // Fastify leaves the type to the route
  for (const name of KEY_PARAMETERS) {
    const value = query?.[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

/** Query parameters that carry a key, and are no input of any operation. */
export const KEY_PARAMETERS: readonly string[] = ['apikey', 'apiKey'];
