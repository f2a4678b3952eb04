/** How much one caller, and all together, may ask of this server. */
import { createHash } from 'node:crypto';
import fastifyRateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '../core/index.ts';
import { callerAddress } from './caller.ts';
import { apiKeyOf } from './credentials.ts';
import { sessionCookieOf } from './sign-in/cookies.ts';

export interface Limits {
  /** Requests of one key, session or address in a minute. */
  readonly perMinute: number;
  /** Requests that are worked on at the same time; further ones are told to come back. */
  readonly atOnce: number;
}

/** Asked by whoever watches the server, who is not to be turned away when it matters. */
const UNLIMITED: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/health', '/metrics']);

const MINUTE_MS = 60_000;

/** Callers of the last minute that are counted; of more, the quietest are forgotten. */
const CALLERS = 50_000;

/**
 * An address has, beside those of its keys and sessions, an allowance of its own: made-up keys do not
 * get one each. It is larger, since a library's programs and desks may share an address.
 */
const ADDRESS_FACTOR = 10;

export async function addLimits(server: FastifyInstance, { perMinute, atOnce }: Limits): Promise<void> {
  let busy = 0;
  server.addHook('onRequest', async (request, reply) => {
    if (UNLIMITED.has(request.routeOptions.url ?? '')) return;
    if (busy >= atOnce) throw new AppError('http.busy', {});
    // A stream of events waits, it does not work.
    if (request.routeOptions.url === '/api/runs/:id/events') return;
    busy += 1;
    reply.raw.once('close', () => {
      busy -= 1;
    });
  });
  await server.register(fastifyRateLimit, { global: false, cache: CALLERS });
  const byAddress = server.createRateLimit({
    timeWindow: MINUTE_MS,
    max: perMinute * ADDRESS_FACTOR,
    keyGenerator: callerAddress,
  });
  const byCaller = server.createRateLimit({ timeWindow: MINUTE_MS, max: perMinute, keyGenerator: whoAsks });
  server.addHook('onRequest', async (request, reply) => {
    if (UNLIMITED.has(request.routeOptions.url ?? '')) return;
    for (const limiter of [byAddress, byCaller]) {
      const use = await limiter(request);
      if (use.isAllowed) continue;
      if (use.isExceeded) throw new AppError('http.too_many_requests', { seconds: Math.max(1, use.ttlInSeconds) });
      reply.header('x-ratelimit-limit', use.max).header('x-ratelimit-remaining', use.remaining);
    }
  });
}

/** Keys and tokens are not kept in memory as they are. */
function whoAsks(request: FastifyRequest): string {
  const credential = apiKeyOf(request) ?? sessionCookieOf(request);
  return credential === undefined ? `address ${callerAddress(request)}` : createHash('sha256').update(credential).digest('base64url');
}
