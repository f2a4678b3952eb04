/** Signing in for programs with a browser behind them (the web page): JSON in and out, the session in a cookie. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import {
  type Discovery,
  privilegesOf,
  requestPasswordReset,
  setOwnPassword,
  signIn,
  signOutThere,
  useSignInLink,
} from '../../access/index.ts';
import type { App } from '../../app/index.ts';
import { parseInput } from '../../core/index.ts';
import { publicUrlOf } from '../caller.ts';
import { checkCsrf, checkOrigin } from './csrf.ts';
import { changeBody, linkBody, resetBody, sessionAnswer, signInBody } from './api-schemas.ts';
import {
  agentOf,
  doorContext,
  dropSession,
  needSession,
  ownContext,
  type Present,
  presentSession,
  required,
  sessionOf,
  startSession,
} from './session.ts';

export function addSessionApi(server: FastifyInstance, app: App, discovery: Discovery): void {
  const guard = (request: FastifyRequest, session: Present | null): void => {
    const publicUrl = publicUrlOf(app, request);
    if (session === null) checkOrigin(request, publicUrl);
    else checkCsrf(request, session, publicUrl);
  };

  server.post('/api/session', async (request, reply) => {
    guard(request, null);
    const given = parseInput(signInBody, request.body);
    const opened = await signIn(doorContext(app, request), { ...given, agent: agentOf(request) });
    await startSession(app, request, reply, opened);
    return answer(reply, required(await sessionOf(app, opened.token)));
  });

  server.get('/api/session', async (request, reply) => answer(reply, await needSession(app, request)));

  server.delete('/api/session', async (request, reply) => {
    const session = await presentSession(app, request);
    guard(request, session);
    await dropSession(app, request, reply);
    const returnTo = `${publicUrlOf(app, request)}/sign-in`;
    const there = session?.provider == null ? null : await signOutThere(doorContext(app, request), discovery, session.provider, returnTo);
    return unkept(reply).send({ signed_out: true, provider_sign_out: there?.url ?? null });
  });

  server.post('/api/session/password', async (request, reply) => {
    const session = await needSession(app, request);
    guard(request, session);
    const given = parseInput(changeBody, request.body);
    const opened = await setOwnPassword(ownContext(app, request, session), {
      current: given.current,
      password: given.password,
      token: session.token,
      agent: agentOf(request),
    });
    await startSession(app, request, reply, opened);
    return answer(reply, required(await sessionOf(app, opened.token)));
  });

  server.post('/api/password-reset', async (request, reply) => {
    guard(request, null);
    const given = parseInput(resetBody, request.body);
    await requestPasswordReset(doorContext(app, request), given.identifier);
    return unkept(reply).code(202).send({ accepted: true });
  });

  server.post('/api/password-links', async (request, reply) => {
    const given = parseInput(linkBody, request.body);
    await useSignInLink(doorContext(app, request), given.token, given.password);
    return unkept(reply).send({ password_set: true });
  });
}

function answer(reply: FastifyReply, { card, actor, csrf, expiresAt, mustChangePassword }: Present): FastifyReply {
  const { has_password: _has, must_change_password: _must, ...user } = card;
  const body: z.output<typeof sessionAnswer> = {
    user: { ...user, roles: [...user.roles], privileges: [...privilegesOf(actor)] },
    must_change_password: mustChangePassword,
    csrf,
    expires_at: expiresAt,
  };
  return unkept(reply).send(sessionAnswer.parse(body));
}

function unkept(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-store');
}
