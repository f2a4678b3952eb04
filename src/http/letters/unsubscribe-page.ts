/**
 * `/letters/unsubscribe/TOKEN`. Opening it changes nothing, since programs that look through mails open every
 * link; a POST does. Mail programs send `List-Unsubscribe=One-Click` (RFC 8058), without cookies and as either
 * kind of form; the page's own buttons send `wish`. Nobody is signed in, so there is nothing that another site
 * could make use of but the address itself, which it does not know.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { systemActor } from '../../access/index.ts';
import type { App } from '../../app/index.ts';
import { chooseLetter } from '../../app/choose-letter.ts';
import { AppError, type Context } from '../../core/index.ts';
import { readSubscription, setSubscription, type Subscribed, UNSUBSCRIBE_PATH } from '../../letters/index.ts';
import { contextOf } from '../caller.ts';
import { problemOf } from '../problem.ts';
import { html } from '../sign-in/html.ts';
import { type Frame, frameOf, goTo, hidden, notice, type Page, sendPage } from '../sign-in/page.ts';

const ADDRESS = `${UNSUBSCRIBE_PATH}/:token`;
/** A form of one or two short fields. */
const BODY_LIMIT = 16 * 1024;

type WithToken = { readonly Params: { readonly token: string } };

export function addUnsubscribePage(server: FastifyInstance, app: App): void {
  takeForms(server);

  server.get<WithToken>(ADDRESS, async (request, reply) => {
    const frame = frameOf(app, request);
    return sendPage(reply, frame, choicePage(frame, request.params.token, await readSubscription(app.db.pool, request.params.token)));
  });

  server.post<WithToken>(ADDRESS, { bodyLimit: BODY_LIMIT }, async (request, reply) => {
    const frame = frameOf(app, request);
    const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
    const oneClick = form.get('List-Unsubscribe') === 'One-Click';
    const wish = oneClick ? 'end' : form.get('wish');
    if (wish !== 'end' && wish !== 'back') throw new AppError('http.bad_request', {});
    const { token } = request.params;
    const now = await setSubscription(context(app, request, frame), chooseLetter, token, wish === 'back');
    if (oneClick) return sendPage(reply, frame, choicePage(frame, token, now));
    return goTo(reply, frame.link(`${UNSUBSCRIBE_PATH}/${encodeURIComponent(token)}`));
  });

  server.setErrorHandler(async (error, request, reply) => {
    const frame = frameOf(app, request);
    const { body, internal, retryAfter } = problemOf(error, frame.language, request.id);
    if (internal) request.log.error({ err: error }, 'request failed');
    if (retryAfter !== null) reply.header('retry-after', String(retryAfter));
    return sendPage(reply, frame, {
      title: frame.text('unsubscribe.title', {}),
      status: body.status,
      secretAddress: true,
      body: html`${notice('fail', body.detail)}`,
    });
  });
}

/** Of a form in parts no more is read than the one field that mail programs send. */
function takeForms(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  const options = { parseAs: 'string', bodyLimit: BODY_LIMIT } as const;
  server.addContentTypeParser('application/x-www-form-urlencoded', options, async (_: FastifyRequest, body: string) => {
    return new URLSearchParams(body);
  });
  server.addContentTypeParser('multipart/form-data', options, async (_: FastifyRequest, body: string) => {
    const oneClick = /\bname="?List-Unsubscribe"?[^\r\n]*\r?\n(?:[^\r\n]+\r?\n)*\r?\nOne-Click\r?\n/i.test(body);
    return new URLSearchParams(oneClick ? { 'List-Unsubscribe': 'One-Click' } : {});
  });
}

/** Whoever holds the link acts as nobody in particular; the history says that it was the link. */
function context(app: App, request: FastifyRequest, frame: Frame): Context {
  return { ...contextOf(app, request, systemActor('unsubscribe'), 'http'), language: frame.language };
}

function choicePage(frame: Frame, token: string, subscribed: Subscribed): Page {
  const letter = subscribed.label[frame.language];
  const library = subscribed.library ?? frame.text('unsubscribe.the_library', {});
  const address = `${UNSUBSCRIBE_PATH}/${encodeURIComponent(token)}`;
  return {
    title: frame.text(subscribed.wanted ? 'unsubscribe.title' : 'unsubscribe.title_ended', {}),
    otherLanguage: frame.link(address, { lang: frame.language === 'de' ? 'en' : 'de' }),
    secretAddress: true,
    body: subscribed.essential
      ? html`${notice('warn', frame.text('letters.unsubscribe_essential', {}))}`
      : subscribed.wanted
        ? html`<p class="lead">${frame.text('unsubscribe.question', { letter, library })}</p>
<form method="post" action="${frame.link(address)}">
${hidden('wish', 'end')}
<button class="button main">${frame.text('unsubscribe.end', {})}</button>
</form>
<p class="aside">${frame.text('unsubscribe.others_stay', {})}</p>`
        : html`${notice('done', frame.text('unsubscribe.ended', { letter, library }))}
<form method="post" action="${frame.link(address)}">
${hidden('wish', 'back')}
<button class="button">${frame.text('unsubscribe.back', {})}</button>
</form>
<p class="aside">${frame.text('unsubscribe.others_stay', {})}</p>`,
  };
}
