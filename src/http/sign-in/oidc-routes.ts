/** The way to an identity provider and back. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { beginSignIn, callbackPath, type Discovery, finishSignIn, openSession, recordReturn } from '../../access/index.ts';
import type { App } from '../../app/index.ts';
import { AppError } from '../../core/index.ts';
import { attemptCookieOf, clearAttemptCookie, setAttemptCookie } from './cookies.ts';
import { safeNext } from './next.ts';
import { frameOf, goTo } from './page.ts';
import { agentOf, doorContext, homeOf, sessionOf, startSession } from './session.ts';

interface OneProvider {
  Params: { code: string };
}

export function addOidcRoutes(server: FastifyInstance, app: App, discovery: Discovery): void {
  server.get<OneProvider>('/sign-in/oidc/:code', async (request, reply) => {
    const frame = frameOf(app, request);
    const { code } = request.params;
    const begun = await beginSignIn(doorContext(app, request, frame.language), discovery, {
      code,
      redirectUri: `${frame.publicUrl}${callbackPath(code)}`,
      next: safeNext((request.query as { readonly next?: unknown }).next), // Fastify leaves the type to the route
    });
    setAttemptCookie(reply, frame.publicUrl, begun.browserToken, begun.maxAgeSeconds);
    return goTo(reply, begun.url);
  });

  server.get<OneProvider>(callbackPath(':code'), async (request, reply) => {
    const frame = frameOf(app, request);
    const ctx = doorContext(app, request, frame.language);
    const browserToken = attemptCookieOf(request);
    clearAttemptCookie(reply, frame.publicUrl);
    const finished = await finishSignIn(ctx, discovery, { code: request.params.code, answer: answerOf(request), browserToken });
    const { provider } = finished;
    if ('refusal' in finished) {
      await recordReturn(ctx, finished);
      throw new AppError('access.oidc_no_user', { provider: provider.label[frame.language] });
    }
    const opened = await openSession(ctx, { userId: finished.userId, method: 'oidc', provider: provider.code, agent: agentOf(request) });
    await recordReturn(ctx, finished);
    await startSession(app, request, reply, opened);
    return goTo(reply, finished.next ?? frame.link(homeOf(await sessionOf(app, opened.token))));
  });
}

/** The query as it came: what is in it twice has to be seen as such. */
function answerOf(request: FastifyRequest): URLSearchParams {
  const mark = request.url.indexOf('?');
  return new URLSearchParams(mark === -1 ? '' : request.url.slice(mark + 1));
}
