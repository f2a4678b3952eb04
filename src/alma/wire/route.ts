/** One route of the Alma-compatible API: who calls, with what, and how the answer goes out. */
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { z } from 'zod';
import { perform } from '../../access/index.ts';
import type { App } from '../../app/index.ts';
import type { Context, Operation } from '../../core/index.ts';
import type { Json } from '../../feeds/index.ts';
import { contextOf, publicUrlOf } from '../../http/caller.ts';
import { unauthorized } from './errors.ts';
import { AlmaQuery } from './query.ts';
import { readAlma } from './read.ts';
import { sendAlma } from './send.ts';

export interface AlmaCall {
  readonly app: App;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly ctx: Context;
  readonly query: AlmaQuery;
  /** A part of the path, decoded; empty when the path has none of that name. */
  path(name: string): string;
  /** The absolute address of a path below /almaws/v1, by which the client came. */
  link(path: string): string;
  body(root: string, invalidCode?: string): Json;
  /** Performs an operation for the caller. */
  perform<I extends z.ZodType, O extends z.ZodType>(operation: Operation<I, O>, input: unknown): Promise<z.output<O>>;
}

/** A document under its root element, or nothing at all (204). */
export type AlmaAnswer = { readonly root: string; readonly value: Json } | 'nothing';

const BASE_PATH = '/almaws/v1';

/** Adds a route; `path` is below /almaws/v1 and also answers with a slash behind it. */
export function almaRoute(
  server: FastifyInstance,
  app: App,
  method: HTTPMethods,
  path: string,
  handler: (call: AlmaCall) => Promise<AlmaAnswer>,
): void {
  for (const url of [path, `${path}/`]) {
    server.route({
      method,
      url,
      handler: async (request, reply) => {
        const answer = await handler(callOf(app, request, reply));
        if (answer === 'nothing') void reply.code(204).send();
        else sendAlma(reply, request, answer.root, answer.value);
        return reply;
      },
    });
  }
}

function callOf(app: App, request: FastifyRequest, reply: FastifyReply): AlmaCall {
  const { actor } = request;
  if (actor === null) throw unauthorized();
  const ctx = contextOf(app, request, actor, 'alma');
  const base = publicUrlOf(app, request) + BASE_PATH;
  const params = request.params as Readonly<Record<string, string>>; // the router gives texts
  return {
    app,
    request,
    reply,
    ctx,
    query: new AlmaQuery(request.query),
    path: (name) => params[name] ?? '',
    link: (path) => base + path,
    body: (root, invalidCode) => readAlma(request, root, invalidCode),
    perform: (operation, input) => perform(ctx, operation, input),
  };
}
