/**
 * `GET /api/runs/{id}/events`: a run as it goes, as server-sent events. An event is a whole state, so a
 * client that comes back with `Last-Event-ID` gets what holds now, if that is not what it saw last.
 * The last event is called `end`; a client that comes back after it is told with 204 not to.
 */
import { PassThrough } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../app/index.ts';
import { OPERATIONS } from '../app/operations.ts';
import { AppError, parseInput, sayAny } from '../core/index.ts';
import { readProgress, type RunProgress } from '../runs/index.ts';
import { z } from 'zod';
import { callOperation } from './call.ts';
import { callerLanguage } from './caller.ts';
import { callerOf, requireCaller } from './identify.ts';
import { placeOf, RunWatcher } from './run-watch.ts';

export interface StreamLimits {
  readonly streams: number;
  readonly streamsPerCaller: number;
  readonly heartbeatMs: number;
  /** After this long a stream ends, and its client comes back and is asked again who it is. */
  readonly longestMs: number;
}

export const STREAM_LIMITS: StreamLimits = { streams: 500, streamsPerCaller: 20, heartbeatMs: 15_000, longestMs: 3_600_000 };

/** Milliseconds after which a client that lost its stream is to come back. */
const RETRY_MS = 2_000;

/** Bytes that a client may leave unread before it is let go. */
const MOST_UNREAD = 64 * 1024;

const params = z.strictObject({ id: z.coerce.number().int().positive() });

export function addRunEvents(server: FastifyInstance, app: App, limits: StreamLimits): void {
  const watcher = new RunWatcher(app.db.pool);
  const open = new Map<PassThrough, string>();
  server.addHook('preClose', async () => {
    for (const stream of open.keys()) stream.end();
  });

  server.get('/api/runs/:id/events', { onRequest: requireCaller }, async (request, reply) => {
    const { id } = parseInput(params, request.params);
    await requireVisible(app, request, id);
    const seen = request.headers['last-event-id'];
    const now = await readProgress(app.db.pool, id);
    if (now?.final === true && seen === placeOf(now)) return reply.code(204).send();
    const caller = callerOf(request).name;
    const own = [...open.values()].filter((name) => name === caller).length;
    if (open.size >= limits.streams || own >= limits.streamsPerCaller) throw new AppError('http.too_many_streams', {});

    const stream = new PassThrough();
    open.set(stream, caller);
    stream.write(`retry: ${RETRY_MS}\n\n`);
    let last = typeof seen === 'string' ? seen : undefined;
    const stop = watcher.watch(id, (progress) => {
      if (progress === null) return void stream.end();
      const place = placeOf(progress);
      if (place !== last || progress.final) stream.write(eventOf(app, request, progress));
      last = place;
      if (progress.final) stream.end();
      else if (stream.writableLength > MOST_UNREAD) stream.destroy();
    });
    const heartbeat = setInterval(() => {
      if (stream.writableLength > MOST_UNREAD) stream.destroy();
      else stream.write(': still here\n\n');
    }, limits.heartbeatMs);
    const longest = setTimeout(() => stream.end(), limits.longestMs);
    const close = (): void => {
      stop();
      clearInterval(heartbeat);
      clearTimeout(longest);
      open.delete(stream);
    };
    stream.once('close', close);
    request.raw.once('close', () => stream.destroy());
    return send(reply, stream);
  });
}

/** Asks once, in the ordinary way, whether the caller may see the run: it is audited like any look at it. */
async function requireVisible(app: App, request: FastifyRequest, id: number): Promise<void> {
  const show = OPERATIONS.get('job.show');
  if (show === undefined) throw new Error('There is no operation job.show.');
  await callOperation(app, request, show, { id }, {});
}

function eventOf(app: App, request: FastifyRequest, progress: RunProgress): string {
  const data = { ...progress, state_text: sayAny(callerLanguage(app, request), `state.${progress.state}`) };
  return `id: ${placeOf(progress)}\nevent: ${progress.final ? 'end' : 'progress'}\ndata: ${JSON.stringify(data)}\n\n`;
}

function send(reply: FastifyReply, stream: PassThrough): FastifyReply {
  return reply
    .type('text/event-stream; charset=utf-8')
    .header('cache-control', 'no-store, no-transform')
    .header('x-accel-buffering', 'no')
    .send(stream);
}
