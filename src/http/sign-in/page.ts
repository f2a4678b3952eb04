import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../../app/index.ts';
import { type Language, say, type TextCode, type TextParams } from '../../core/index.ts';
import { callerLanguage, publicUrlOf } from '../caller.ts';
import { Html, html } from './html.ts';
import { STYLE, STYLE_HASH } from './style.ts';

/** What every page has to know of the request it answers. */
export interface Frame {
  readonly language: Language;
  /** Chosen by `?lang=`, and so kept in the links and forms of the page. */
  readonly chosen: boolean;
  readonly publicUrl: string;
  text<C extends TextCode>(code: C, params: TextParams<C>): string;
  /** Address of a page of ours, below the path that a proxy may put in front, with the chosen language. */
  link(path: string, query?: Readonly<Record<string, string | null>>): string;
}

export function frameOf(app: App, request: FastifyRequest): Frame {
  const query = request.query as Readonly<Record<string, unknown>>; // Fastify leaves the type to the route
  const wanted = query['lang'];
  const chosen = wanted === 'en' || wanted === 'de' ? wanted : undefined;
  const language = chosen ?? callerLanguage(app, request);
  const publicUrl = publicUrlOf(app, request);
  const base = new URL(publicUrl).pathname.replace(/\/+$/, '');
  return {
    language,
    chosen: chosen !== undefined,
    publicUrl,
    text: (code, params) => say(language, code, params),
    link: (path, more = {}) => {
      const given = Object.entries(more).filter((pair): pair is [string, string] => pair[1] !== null);
      const search = new URLSearchParams({ ...(chosen === undefined ? {} : { lang: chosen }), ...Object.fromEntries(given) }).toString();
      return `${base}${path}${search === '' ? '' : `?${search}`}`;
    },
  };
}

/** Nothing is loaded and nothing runs; the one style is known by its hash; forms go to this server, and nobody frames it. */
const POLICY = ["default-src 'none'", `style-src '${STYLE_HASH}'`, "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"].join(
  '; ',
);

export interface Page {
  readonly title: string;
  readonly body: Html;
  readonly status?: number;
  /** Address of the same page in the other language; a page with a secret in its address has none. */
  readonly otherLanguage?: string | null;
  /** The address holds a secret: no other server may be told it. */
  readonly secretAddress?: boolean;
}

export function sendPage(reply: FastifyReply, frame: Frame, page: Page): FastifyReply {
  return reply
    .code(page.status ?? 200)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': POLICY,
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': page.secretAddress === true ? 'no-referrer' : 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': 'camera=(), geolocation=(), microphone=()',
      'cache-control': 'no-store',
      'content-language': frame.language,
      vary: 'Accept-Language, Cookie',
    })
    .send(layOut(frame, page).text);
}

/** After a form: the browser fetches the next page, and reloading it sends nothing twice. */
export function goTo(reply: FastifyReply, address: string): FastifyReply {
  return reply.header('cache-control', 'no-store').header('referrer-policy', 'same-origin').redirect(address, 303);
}

function layOut(frame: Frame, page: Page): Html {
  const other = frame.language === 'de' ? 'en' : 'de';
  return html`<!doctype html>
<html lang="${frame.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${page.title} – ${frame.text('web.product', {})}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<header>
${MARK}
<div><b>${frame.text('web.product', {})}</b><span>${frame.text('web.tagline', {})}</span></div>
${page.otherLanguage != null && html`<a href="${page.otherLanguage}" lang="${other}" hreflang="${other}">${frame.text('web.other_language', {})}</a>`}
</header>
<main>
<div class="card">
<h1>${page.title}</h1>
${page.body}
</div>
</main>
</body>
</html>
`;
}

const MARK = new Html(
  `<svg viewBox="0 0 28 28" aria-hidden="true"><rect width="28" height="28" rx="7" fill="var(--accent)"/><g stroke="#fff" stroke-width="2.3" stroke-linecap="round"><path d="M7 9h4M7 14h4M7 19h4" opacity=".55"/><path d="M15 9h6M15 14h6M15 19h3"/></g></svg>`,
);

const ICONS = {
  done: '<circle cx="10" cy="10" r="7.5"/><path d="m6.8 10.2 2.2 2.3 4.2-4.6"/>',
  warn: '<path d="M10 3 2.8 16h14.4L10 3Z"/><path d="M10 8v3.6M10 13.9v.1"/>',
  fail: '<path d="M6.9 2.5h6.2l4.4 4.4v6.2l-4.4 4.4H6.9l-4.4-4.4V6.9l4.4-4.4Z"/><path d="M10 6.5v4.2M10 13.4v.1"/>',
} as const;

/** What has happened or is to be done: by shape and colour, and read out when the page comes up. */
export function notice(kind: keyof typeof ICONS, text: string): Html {
  return html`<div class="notice ${kind}" role="${kind === 'fail' ? 'alert' : 'status'}"><svg viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${new Html(ICONS[kind])}</svg><p>${text}</p></div>`;
}

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly type: 'text' | 'password';
  /** What password managers go by. */
  readonly autocomplete: 'username' | 'current-password' | 'new-password';
  readonly value?: string;
  readonly hint?: string;
  readonly invalid?: boolean;
  readonly autofocus?: boolean;
}

export function field(given: Field): Html {
  const hint = given.hint === undefined ? null : `${given.name}-hint`;
  return html`<div>
<label for="${given.name}">${given.label}</label>
<input id="${given.name}" name="${given.name}" type="${given.type}" autocomplete="${given.autocomplete}" required maxlength="500"${
    given.type === 'text' && new Html(' autocapitalize="none" spellcheck="false"')
  }${given.value !== undefined && html` value="${given.value}"`}${hint !== null && html` aria-describedby="${hint}"`}${
    given.invalid === true && new Html(' aria-invalid="true"')
  }${given.autofocus === true && new Html(' autofocus')}>
${hint !== null && html`<p class="hint" id="${hint}">${given.hint}</p>`}
</div>`;
}

export function hidden(name: string, value: string | null): Html | null {
  return value === null ? null : html`<input type="hidden" name="${name}" value="${value}">`;
}
