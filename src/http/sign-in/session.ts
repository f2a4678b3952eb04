import type { FastifyReply, FastifyRequest } from 'fastify';
import { endSession, ownCard, type OwnCard, privilegesOf, resolveSession, systemActor } from '../../access/index.ts';
import type { App } from '../../app/index.ts';
import { type Actor, AppError, type Context, type Language, todayIn } from '../../core/index.ts';
import { contextOf, publicUrlOf } from '../caller.ts';
import { clearSessionCookie, sessionCookieOf, setSessionCookie } from './cookies.ts';

/** A session as the routes here need it: whose it is, and what its pages have to prove. */
export interface Present {
  readonly token: string;
  readonly actor: Actor;
  readonly csrf: string;
  /** Identity provider through which it was opened. */
  readonly provider: string | null;
  readonly expiresAt: string;
  readonly mustChangePassword: boolean;
  readonly card: OwnCard;
}

/** The session of the request; null when it has none that is still good. */
export async function presentSession(app: App, request: FastifyRequest): Promise<Present | null> {
  const token = sessionCookieOf(request);
  return token === undefined ? null : sessionOf(app, token);
}

/** The session of a token; null when it is not good, or no longer. */
export async function sessionOf(app: App, token: string): Promise<Present | null> {
  try {
    const session = await resolveSession(app.db.pool, token, todayIn(app.config.timeZone));
    const card = await ownCard(app.db.pool, session.actor);
    return card === null ? null : { ...session, token, card };
  } catch (error) {
    if (error instanceof AppError && error.code.startsWith('access.')) return null;
    throw error;
  }
}

/** Where somebody lands who was not on the way anywhere: staff at the web page, others at their own account. */
export function homeOf(session: Present | null): string {
  return session !== null && privilegesOf(session.actor).some((privilege) => privilege !== 'own:read') ? '/' : '/signed-in';
}

/** @throws `access.no_session` */
export async function needSession(app: App, request: FastifyRequest): Promise<Present> {
  return required(await presentSession(app, request));
}

/** @throws `access.no_session` */
export function required(session: Present | null): Present {
  if (session === null) throw new AppError('access.no_session', {});
  return session;
}

/** The context of somebody who is not signed in yet: what sign-in does is done by Muster itself. */
export function doorContext(app: App, request: FastifyRequest, language?: Language): Context {
  const ctx = contextOf(app, request, systemActor('sign-in'), 'http');
  return language === undefined ? ctx : { ...ctx, language };
}

export function ownContext(app: App, request: FastifyRequest, session: Present, language?: Language): Context {
  const ctx = contextOf(app, request, session.actor, 'http');
  return language === undefined ? ctx : { ...ctx, language };
}

/** What the list of one's sessions shows to tell them apart. */
export function agentOf(request: FastifyRequest): string | null {
  return request.headers['user-agent']?.replace(/\p{Cc}/gu, ' ').slice(0, 300) ?? null;
}

/** Gives the browser its new session, and ends the one that it had: nobody goes on under two names. */
export async function startSession(
  app: App,
  request: FastifyRequest,
  reply: FastifyReply,
  opened: { readonly token: string; readonly expiresAt: string | Date },
): Promise<void> {
  const before = sessionCookieOf(request);
  if (before !== undefined && before !== opened.token) await endSession(doorContext(app, request), before);
  setSessionCookie(reply, publicUrlOf(app, request), opened.token, new Date(opened.expiresAt));
}

export async function dropSession(app: App, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const token = sessionCookieOf(request);
  if (token !== undefined) await endSession(doorContext(app, request), token);
  clearSessionCookie(reply, publicUrlOf(app, request));
}
