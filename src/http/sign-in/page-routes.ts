/** The pages for signing in and for passwords: small forms that work without a script. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  type Discovery,
  providerChoices,
  readSignInLink,
  requestPasswordReset,
  setOwnPassword,
  signIn,
  signOutThere,
  useSignInLink,
} from '../../access/index.ts';
import type { App } from '../../app/index.ts';
import { AppError, type Context, sayAny } from '../../core/index.ts';
import { statusOf } from '../status.ts';
import { checkCsrf, checkOrigin } from './csrf.ts';
import { safeNext } from './next.ts';
import { type Frame, frameOf, goTo, sendPage } from './page.ts';
import { agentOf, doorContext, dropSession, homeOf, ownContext, type Present, presentSession, sessionOf, startSession } from './session.ts';
import { changePasswordPage, forgotPasswordPage, type Said, setPasswordPage, signedInPage, signInPage, signOutTherePage } from './views.ts';

export function addPages(server: FastifyInstance, app: App, discovery: Discovery): void {
  addSignIn(server, app);
  addSignedIn(server, app, discovery);
  addPasswords(server, app);
  addChangePassword(server, app);
}

function addSignIn(server: FastifyInstance, app: App): void {
  server.get('/sign-in', async (request, reply) => {
    const frame = frameOf(app, request);
    const next = safeNext(queryOf(request, 'next'));
    const session = await presentSession(app, request);
    if (session?.mustChangePassword) return goTo(reply, frame.link('/change-password', { next }));
    if (session !== null) return goTo(reply, next ?? frame.link(homeOf(session)));
    const said: Said | null = queryOf(request, 'signed_out') === '1' ? done(frame.text('web.signed_out', {})) : null;
    const set: Said | null = queryOf(request, 'set') === '1' ? done(frame.text('web.password_set', {})) : null;
    return sendPage(reply, frame, signInPage(frame, { providers: await providerChoices(app.db.pool), next, said: set ?? said }));
  });

  server.post('/sign-in', async (request, reply) => {
    const frame = frameOf(app, request);
    checkOrigin(request, frame.publicUrl);
    const form = formOf(request);
    const next = safeNext(form.get('next'));
    const identifier = textOf(form, 'identifier');
    try {
      const ctx = doorContext(app, request, frame.language);
      const opened = await signIn(ctx, { identifier, password: textOf(form, 'password'), agent: agentOf(request) });
      await startSession(app, request, reply, opened);
      if (opened.mustChangePassword) return goTo(reply, frame.link('/change-password', { next }));
      return goTo(reply, next ?? frame.link(homeOf(await sessionOf(app, opened.token))));
    } catch (error) {
      const { said, status } = refusal(frame, error);
      const page = signInPage(frame, { providers: await providerChoices(app.db.pool), next, said, identifier });
      return sendPage(reply, frame, { ...page, status });
    }
  });
}

function addSignedIn(server: FastifyInstance, app: App, discovery: Discovery): void {
  server.get('/signed-in', async (request, reply) => {
    const frame = frameOf(app, request);
    const session = await presentSession(app, request);
    if (session === null) return goTo(reply, frame.link('/sign-in', { next: frame.link('/signed-in') }));
    if (session.mustChangePassword) return goTo(reply, frame.link('/change-password'));
    const said = queryOf(request, 'changed') === '1' ? done(frame.text('web.password_changed', {})) : null;
    const until = untilText(frame, session, app.config.timeZone);
    return sendPage(reply, frame, signedInPage(frame, { card: session.card, csrf: session.csrf, until, said }));
  });

  server.post('/sign-out', async (request, reply) => {
    const frame = frameOf(app, request);
    const session = await presentSession(app, request);
    if (session !== null) checkCsrf(request, session, frame.publicUrl);
    await dropSession(app, request, reply);
    const back = frame.link('/sign-in', { signed_out: '1' });
    if (session?.provider == null) return goTo(reply, back);
    const ctx = doorContext(app, request, frame.language);
    const there = await signOutThere(ctx, discovery, session.provider, `${frame.publicUrl}/sign-in`);
    if (there === null) return goTo(reply, back);
    // A form may not lead to another server (`form-action`), so the page that answers it does.
    reply.header('refresh', `1; url=${there.url}`);
    return sendPage(reply, frame, signOutTherePage(frame, there));
  });
}

function addPasswords(server: FastifyInstance, app: App): void {
  server.get('/set-password', async (request, reply) => {
    const frame = frameOf(app, request);
    const token = queryOf(request, 'token');
    if (token === null) return sendPage(reply, frame, { ...setPasswordPage(frame, { token, user: null, said: null }), status: 400 });
    try {
      const { user } = await readSignInLink(doorContext(app, request, frame.language), token);
      return sendPage(reply, frame, setPasswordPage(frame, { token, user, said: null }));
    } catch (error) {
      const { said, status } = refusal(frame, error);
      return sendPage(reply, frame, { ...setPasswordPage(frame, { token: null, user: null, said }), status });
    }
  });

  /**
   * Whoever has just chosen the password need not type it again; null when that may not be, and the page for signing in
   * says why. Only from our own page: else somebody could be led into an account that is not theirs.
   */
  const openedFor = async (
    request: FastifyRequest,
    reply: FastifyReply,
    frame: Frame,
    given: { readonly identifier: string; readonly password: string },
  ): Promise<string | null> => {
    try {
      checkOrigin(request, frame.publicUrl);
      const opened = await signIn(doorContext(app, request, frame.language), { ...given, agent: agentOf(request) });
      await startSession(app, request, reply, opened);
      return frame.link(homeOf(await sessionOf(app, opened.token)));
    } catch (error) {
      if (error instanceof AppError) return null;
      throw error;
    }
  };

  // The token that nobody else has is what allows this; there is no session that could be abused.
  server.post('/set-password', async (request, reply) => {
    const frame = frameOf(app, request);
    const ctx = doorContext(app, request, frame.language);
    const form = formOf(request);
    const token = textOf(form, 'token');
    const password = textOf(form, 'password');
    try {
      if (password !== textOf(form, 'again')) return await setAgain(reply, frame, ctx, token, { said: differ(frame), status: 422 });
      const { user } = await readSignInLink(ctx, token);
      await useSignInLink(ctx, token, password);
      const home = await openedFor(request, reply, frame, { identifier: user, password });
      return goTo(reply, home ?? frame.link('/sign-in', { set: '1' }));
    } catch (error) {
      return setAgain(reply, frame, ctx, token, refusal(frame, error));
    }
  });

  server.get('/forgot-password', async (request, reply) => {
    const frame = frameOf(app, request);
    return sendPage(reply, frame, forgotPasswordPage(frame, false));
  });

  server.post('/forgot-password', async (request, reply) => {
    const frame = frameOf(app, request);
    checkOrigin(request, frame.publicUrl);
    await requestPasswordReset(doorContext(app, request, frame.language), textOf(formOf(request), 'identifier'));
    return sendPage(reply, frame, forgotPasswordPage(frame, true));
  });
}

function addChangePassword(server: FastifyInstance, app: App): void {
  const show = (frame: Frame, session: Present, next: string | null, said: Said | null) =>
    changePasswordPage(frame, { csrf: session.csrf, primaryId: session.card.primary_id, next, must: session.mustChangePassword, said });

  server.get('/change-password', async (request, reply) => {
    const frame = frameOf(app, request);
    const session = await presentSession(app, request);
    if (session === null) return goTo(reply, frame.link('/sign-in', { next: frame.link('/change-password') }));
    return sendPage(reply, frame, show(frame, session, safeNext(queryOf(request, 'next')), null));
  });

  server.post('/change-password', async (request, reply) => {
    const frame = frameOf(app, request);
    const session = await presentSession(app, request);
    if (session === null) return goTo(reply, frame.link('/sign-in'));
    checkCsrf(request, session, frame.publicUrl);
    const form = formOf(request);
    const next = safeNext(form.get('next'));
    const password = textOf(form, 'password');
    try {
      if (password !== textOf(form, 'again')) return sendPage(reply, frame, { ...show(frame, session, next, differ(frame)), status: 422 });
      const ctx = ownContext(app, request, session, frame.language);
      const opened = await setOwnPassword(ctx, {
        current: textOf(form, 'current'),
        password,
        token: session.token,
        agent: agentOf(request),
      });
      await startSession(app, request, reply, opened);
      return goTo(reply, next ?? frame.link('/signed-in', { changed: '1' }));
    } catch (error) {
      const { said, status } = refusal(frame, error);
      return sendPage(reply, frame, { ...show(frame, session, next, said), status });
    }
  });
}

/** The form once more, as long as the link still works. */
async function setAgain(reply: FastifyReply, frame: Frame, ctx: Context, token: string, { said, status }: Refusal): Promise<FastifyReply> {
  const linked = await readSignInLink(ctx, token).catch((error: unknown) => {
    if (error instanceof AppError) return null;
    throw error;
  });
  const page = setPasswordPage(frame, { token: linked === null ? null : token, user: linked?.user ?? null, said });
  return sendPage(reply, frame, { ...page, status });
}

interface Refusal {
  readonly said: Said;
  readonly status: number;
}

/** What a person may be told of an error at the form that led to it; whatever is not ours goes on. */
function refusal(frame: Frame, error: unknown): Refusal {
  if (!(error instanceof AppError) || error.code === 'access.csrf') throw error;
  const status = statusOf(error.code);
  if (status >= 500) throw error;
  return { said: { kind: 'fail', text: wordsOf(frame, error) }, status };
}

/** Which of the password rules it was stands in a text of its own. */
function wordsOf(frame: Frame, error: AppError): string {
  if (error.code !== 'access.password_weak' || !('reason' in error.params)) return error.in(frame.language);
  return sayAny(frame.language, `access.password_weak.${error.params.reason}`);
}

function done(text: string): Said {
  return { kind: 'done', text };
}

function differ(frame: Frame): Said {
  return { kind: 'fail', text: frame.text('web.passwords_differ', {}) };
}

function untilText(frame: Frame, session: Present, timeZone: string): string {
  const locale = frame.language === 'de' ? 'de-DE' : 'en-GB';
  return new Date(session.expiresAt).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone });
}

function queryOf(request: FastifyRequest, name: string): string | null {
  const value = (request.query as Readonly<Record<string, unknown>>)[name]; // Fastify leaves the type to the route
  return typeof value === 'string' && value !== '' ? value : null;
}

function formOf(request: FastifyRequest): URLSearchParams {
  return request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
}

function textOf(form: URLSearchParams, name: string): string {
  return form.get(name)?.slice(0, 500) ?? '';
}
