/**
 * The web page: its files, and `index.html` for every address that is a page of it. Whoever is not signed
 * in is led to the sign-in first. Scripts come from this server's files alone; styles that scripts write
 * carry the one-time word of the answer (docs/decisions/0023-web-page.md).
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../app/index.ts';
import { publicUrlOf } from './caller.ts';
import { pathOf } from './request-log.ts';
import { frameOf, goTo, html, presentSession, sendPage } from './sign-in/index.ts';

/** Where `npm run build` puts the page. */
export const WEB_DIST = path.resolve(import.meta.dirname, '../../web/dist');

/** Addresses that are never a page, whatever a browser would accept. */
const NOT_PAGES = /^\/(?:api|almaws|assets)(?:\/|$)/;

const A_YEAR_MS = 365 * 24 * 3_600_000;

/** Files beside index.html whose names stay the same. */
const PLAIN_FILES = ['mark.svg', 'scheme.js'];

export async function addWeb(server: FastifyInstance, app: App, dist: string = WEB_DIST): Promise<void> {
  await server.register(fastifyStatic, {
    root: path.join(dist, 'assets'),
    prefix: '/assets/',
    index: false,
    // Looked for as they are asked for: the page may be built while the server runs.
    wildcard: true,
    preCompressed: true,
    // A file of another content has another name.
    immutable: true,
    maxAge: A_YEAR_MS,
  });
  for (const file of PLAIN_FILES) {
    server.get(`/${file}`, (_request, reply) => reply.sendFile(file, dist, { immutable: false, maxAge: 0 }));
  }
  server.get('/', (request, reply) => sendWeb(app, request, reply, dist));
}

/** Whether an address that no route has is one of the page's own. */
export function isPageAddress(request: FastifyRequest): boolean {
  const reads = request.method === 'GET' || request.method === 'HEAD';
  return reads && !NOT_PAGES.test(pathOf(request.url)) && request.headers.accept?.includes('text/html') === true;
}

export async function sendWeb(app: App, request: FastifyRequest, reply: FastifyReply, dist: string = WEB_DIST): Promise<FastifyReply> {
  const frame = frameOf(app, request);
  const index = path.join(dist, 'index.html');
  if (!existsSync(index)) return sendNotBuilt(app, request, reply);
  const session = await presentSession(app, request);
  if (session === null) {
    const wanted = request.url === '/' ? null : `${base(app, request)}${request.url}`;
    return goTo(reply, frame.link('/sign-in', { next: wanted }));
  }
  if (session.mustChangePassword) return goTo(reply, frame.link('/change-password'));
  const nonce = randomBytes(16).toString('base64');
  const page = (await readFile(index, 'utf8'))
    .replaceAll('__NONCE__', nonce)
    .replace('<base href="/" />', `<base href="${base(app, request)}/" />`);
  return reply
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy(nonce),
      'referrer-policy': 'same-origin',
      'permissions-policy': 'camera=(), geolocation=(), microphone=()',
      // With the one-time word in it, no copy may be used again.
      'cache-control': 'no-store',
      vary: 'Cookie',
    })
    .send(page);
}

/** The path that a proxy puts in front of this server, without a slash at the end; mostly empty. Nothing in it can end an attribute: it is an URL's. */
function base(app: App, request: FastifyRequest): string {
  return new URL(publicUrlOf(app, request)).pathname.replace(/\/+$/, '');
}

function policy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'self'",
  ].join('; ');
}

/** A server that was installed without the page says so, and how to get it. */
function sendNotBuilt(app: App, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const frame = frameOf(app, request);
  const body = html`<p>${frame.text('web.not_built', {})}</p><p><a href="${frame.link('/signed-in')}">${frame.text('web.your_account', {})}</a></p>`;
  return sendPage(reply, frame, { title: frame.text('web.not_built_title', {}), body, status: 503 });
}
