/** `/help`: the guide, in the reader's language, beside the version of the program that it is about. Nobody has to be signed in. */
import { readdirSync } from 'node:fs';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../../app/index.ts';
import { AppError } from '../../core/index.ts';
import { pathOf } from '../request-log.ts';
import { Html, html } from '../sign-in/html.ts';
import { type Frame, frameOf } from '../sign-in/page.ts';
import { FIRST, type HelpPage, nameIn, PICTURES, pageNames, readPage } from './pages.ts';
import { STYLE, STYLE_HASH } from './style.ts';

/** Nothing runs; the one style is known by its hash, and pictures are our own. */
const POLICY = [
  "default-src 'none'",
  `style-src '${STYLE_HASH}'`,
  "img-src 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/** What stands at the side, in this order. */
const LISTED = {
  'help.tasks': ['expire-a-class', 'alumni-keep-their-account', 'undo-a-job', 'write-a-letter', 'set-from-a-file'].map(
    (name) => `guide/${name}`,
  ),
  'help.guide': [
    'README',
    'first-steps',
    'sets',
    'filters',
    'changes',
    'jobs',
    'letters',
    'letter-fields',
    'printing',
    'roles',
    'import',
  ].map((name) => `guide/${name}`),
  'help.operate': ['operate/README', 'accessibility'],
} as const;

const PICTURE = /^[\w.-]+\.png$/;

export function addHelp(server: FastifyInstance, app: App): void {
  const names = pageNames();
  server.get('/help', (request, reply) => send(app, request, reply, FIRST, names));
  server.get('/help/pictures/:file', (request, reply) => {
    const { file } = request.params as { file: string }; // as the address has it
    if (!PICTURE.test(file) || !picturesThere().includes(file)) throw nothingAt(request);
    return reply.header('cache-control', 'max-age=3600').sendFile(file, PICTURES, { cacheControl: false });
  });
  server.get('/help/*', (request, reply) => send(app, request, reply, (request.params as { '*': string })['*'], names)); // as the address has it
}

function nothingAt(request: FastifyRequest): AppError {
  return new AppError('http.no_route', { method: request.method, path: pathOf(request.url) });
}

function picturesThere(): readonly string[] {
  try {
    return readdirSync(PICTURES);
  } catch {
    // An installation may come without them.
    return [];
  }
}

function send(app: App, request: FastifyRequest, reply: FastifyReply, wanted: string, names: ReadonlySet<string>): FastifyReply {
  const frame = frameOf(app, request);
  const name = nameIn(frame.language, wanted, names);
  if (name === undefined) throw nothingAt(request);
  const page = readPage(name, names, {
    page: (target, anchor) => `${frame.link(`/help/${target}`)}${anchor === '' ? '' : `#${anchor}`}`,
    picture: (file) => frame.link(`/help/pictures/${file}`),
  });
  return reply
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cache-control': 'no-cache',
      'content-language': frame.language,
      vary: 'Accept-Language',
    })
    .send(layOut(frame, page, name, names).text);
}

function layOut(frame: Frame, page: HelpPage, name: string, names: ReadonlySet<string>): Html {
  const other = frame.language === 'de' ? 'en' : 'de';
  const base = name.replace('guide/de/', 'guide/').replace(/\.de$/, '');
  return html`<!doctype html>
<html lang="${frame.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title} – ${frame.text('web.product', {})}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<a class="skip" href="#page">${frame.text('help.skip', {})}</a>
<header>
<b>${frame.text('help.title', {})}</b>
<a href="${frame.link('/')}">${frame.text('help.to_page', {})}</a>
<a class="end" href="${frame.link(`/help/${base}`, { lang: other })}" lang="${other}" hreflang="${other}">${frame.text('web.other_language', {})}</a>
</header>
<div class="columns">
<nav class="pages" aria-label="${frame.text('help.pages', {})}">
${Object.entries(LISTED).map(([code, listed]) => {
  const title = frame.text(code as keyof typeof LISTED, {}); // the keys of the object itself
  return html`<h2>${title}</h2><ul>${listed.map((each) => item(frame, each, name, names))}</ul>`;
})}
</nav>
<main id="page" tabindex="-1">
<article lang="${page.language}">
${page.language !== frame.language && html`<p class="only" lang="${frame.language}">${frame.text('help.other_language', {})}</p>`}
${new Html(page.html.replace('</h1>', `</h1>${contents(frame, page).text}`))}
</article>
</main>
</div>
</body>
</html>
`;
}

function item(frame: Frame, listed: string, name: string, names: ReadonlySet<string>): Html | null {
  const target = nameIn(frame.language, listed, names);
  if (target === undefined) return null;
  const { title, language } = titleOf(target, names);
  const current = target === name && new Html(' aria-current="page"');
  return html`<li><a href="${frame.link(`/help/${listed}`)}" lang="${language}"${current}>${title}</a></li>`;
}

const titles = new Map<string, Pick<HelpPage, 'title' | 'language'>>();

/** The files do not change while the server runs. */
function titleOf(name: string, names: ReadonlySet<string>): Pick<HelpPage, 'title' | 'language'> {
  const known = titles.get(name) ?? readPage(name, names, { page: () => '', picture: () => '' });
  titles.set(name, { title: known.title, language: known.language });
  return known;
}

function contents(frame: Frame, page: HelpPage): Html {
  if (page.headings.length < 3) return html``;
  return html`<nav class="contents" lang="${frame.language}" aria-labelledby="contents"><h2 id="contents">${frame.text('help.contents', {})}</h2><ul lang="${page.language}">${page.headings.map(
    ({ text, anchor }) => html`<li><a href="#${anchor}">${text}</a></li>`,
  )}</ul></nav>`;
}
