/** Who a request comes from: the owner of its API key, or whose session its cookie is. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { App } from '../app/index.ts';
import { type Actor, AppError, type Queryable, todayIn } from '../core/index.ts';
import { callerAddress, publicUrlOf } from './caller.ts';
import { apiKeyOf } from './credentials.ts';

/** How keys and sessions are told. */
export interface Doors {
  resolveKey(db: Queryable, key: string, today: string, address: string | null): Promise<Actor>;
  resolveSession(
    db: Queryable,
    token: string,
    today: string,
  ): Promise<{ readonly actor: Actor; readonly csrf: string; readonly mustChangePassword?: boolean }>;
  /** The token in the session cookie. */
  sessionCookieOf(request: FastifyRequest): string | undefined;
  /** Throws when a request that writes does not prove that it comes from one of our own pages. */
  checkCsrf(request: FastifyRequest, session: { readonly csrf: string }, publicUrl?: string): void;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Throws `http.not_signed_in`, or what is wrong with the key or session. */
    identify(request: FastifyRequest): Promise<Actor>;
  }
  interface FastifyRequest {
    /** Who calls, once it is known. */
    actor: Actor | null;
  }
}

/** Gives the server `identify`, for its own routes and those of its plug-ins. */
export function addIdentify(server: FastifyInstance, app: App, doors: Doors): void {
  server.decorateRequest('actor', null);
  server.decorate('identify', async (request: FastifyRequest): Promise<Actor> => {
    request.actor ??= await resolve(request, app, doors);
    return request.actor;
  });
}

async function resolve(request: FastifyRequest, app: App, doors: Doors): Promise<Actor> {
  const today = todayIn(app.config.timeZone);
  // A program that sends a key means the key, whatever cookies it carries.
  const key = apiKeyOf(request);
  if (key !== undefined) return doors.resolveKey(app.db.pool, key, today, callerAddress(request));
  const token = doors.sessionCookieOf(request);
  if (token === undefined) throw new AppError('http.not_signed_in', {});
  const session = await doors.resolveSession(app.db.pool, token, today);
  if (!READS.has(request.method)) doors.checkCsrf(request, session, publicUrlOf(app, request));
  if (session.mustChangePassword === true) throw new AppError('http.password_change_first', {});
  return session.actor;
}

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Route hook: nothing of the body is read for somebody who is nobody. */
export async function requireCaller(request: FastifyRequest): Promise<void> {
  await request.server.identify(request);
}

/** The caller behind `requireCaller`. */
export function callerOf(request: FastifyRequest): Actor {
  if (request.actor === null) throw new AppError('http.not_signed_in', {});
  return request.actor;
}
