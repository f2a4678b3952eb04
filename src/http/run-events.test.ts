import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { userActor } from '../../test/support/actors.ts';
import { useTestDatabase } from '../../test/support/database.ts';
import { doorsFor } from '../../test/support/doors.ts';
import { useTestServer } from '../../test/support/http.ts';
import { runsBench } from '../../test/support/runs.ts';
import { ADMINISTRATOR } from '../access/index.ts';
import type { Actor } from '../core/index.ts';
import { createHttpServer } from './server.ts';

const test = useTestDatabase();
const actors: Record<string, Actor> = { admin: ADMINISTRATOR };
const doors = doorsFor(() => actors);
const http = useTestServer(test, { parts: () => ({ doors, limits: { heartbeatMs: 100, streamsPerCaller: 3 } }) });
const bench = runsBench(test);
let set: string;

beforeAll(async () => {
  actors['patron'] = await userActor(test.db.pool, ['200'], { name: 'patron' });
  await bench.users(...Array.from({ length: 5 }, (_, n) => ({ primary_id: `u${n}` })));
  set = await bench.set('everyone');
});

interface SentEvent {
  readonly id: string;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** Reads a stream to its end, or until `enough` says so; comments are counted. */
async function read(
  address: string,
  headers: Record<string, string> = {},
  enough: (events: readonly SentEvent[], comments: number) => boolean = () => false,
): Promise<{ status: number; type: string | null; events: SentEvent[]; comments: number; ended: boolean }> {
  const answer = await fetch(address, { headers: { authorization: 'apikey admin', ...headers } });
  const events: SentEvent[] = [];
  let comments = 0;
  let rest = '';
  const result = (ended: boolean) => ({ status: answer.status, type: answer.headers.get('content-type'), events, comments, ended });
  if (answer.body === null) return result(true);
  const decoder = new TextDecoder();
  for await (const bytes of answer.body) {
    rest += decoder.decode(bytes, { stream: true });
    const blocks = rest.split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
      if (fields.has('')) comments += 1;
      const data = fields.get('data');
      if (data !== undefined)
        events.push({ id: fields.get('id') ?? '', event: fields.get('event') ?? '', data: JSON.parse(data) as Record<string, unknown> });
    }
    // Leaving the loop lets go of the stream.
    if (enough(events, comments)) return result(false);
  }
  return result(true);
}

const start = async (): Promise<string> => {
  const plan = { changes: [{ change: 'job_description', set: `at ${performance.now()}` }] };
  const { id } = await bench.start(set, plan, { confirm: true });
  return `${http.url}/api/runs/${id}/events`;
};

describe('the events of a run', () => {
  it('tell how it goes, and end with it', async () => {
    const address = await start();
    const reading = read(address);
    await sleep(200);
    await bench.work();
    const { status, type, events, ended } = await reading;
    expect([status, type, ended]).toEqual([200, 'text/event-stream; charset=utf-8', true]);
    expect(events.at(0)).toMatchObject({ event: 'progress', data: { state: 'RUNNING', done: 0, total: 5, final: false } });
    expect(events.at(-1)).toMatchObject({ event: 'end', data: { state: 'COMPLETED_SUCCESS', done: 5, total: 5, final: true } });
  });

  it('go on after a break with what was not seen, and are over for who has seen the end', async () => {
    const address = await start();
    const first = await read(address, {}, (events) => events.length === 1);
    const seen = first.events[0]?.id ?? '';
    // Nothing new: only the heartbeat.
    const second = await read(address, { 'last-event-id': seen }, (_events, comments) => comments >= 2);
    expect(second).toMatchObject({ events: [], ended: false });
    await bench.work();
    const third = await read(address, { 'last-event-id': seen });
    expect(third.events.map((event) => event.event)).toEqual(['end']);
    const fourth = await read(address, { 'last-event-id': third.events[0]?.id ?? '' });
    expect(fourth.status).toBe(204);
  });

  it('are for those who may see runs, of runs that there are, and not without bound', async () => {
    const address = await start();
    expect((await fetch(address)).status).toBe(401);
    expect((await fetch(address, { headers: { 'x-api-key': 'patron' } })).status).toBe(403);
    expect((await fetch(`${http.url}/api/runs/99999/events?apikey=admin`)).status).toBe(404);
    expect((await fetch(`${http.url}/api/runs/x/events?apikey=admin`)).status).toBe(422);
    const abort = new AbortController();
    const open = await Promise.all([1, 2, 3].map(() => fetch(`${address}?apikey=admin`, { signal: abort.signal })));
    expect(open.map((answer) => answer.status)).toEqual([200, 200, 200]);
    const refused = await fetch(`${address}?apikey=admin`);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    abort.abort();
    // Let go of, they make room again.
    await expect.poll(async () => (await read(address, {}, (events) => events.length > 0)).status).toBe(200);
    await bench.work();
  });

  it('do not keep the server from stopping', async () => {
    const server = await createHttpServer({ app: http.app, doors });
    const url = await server.listen({ host: '127.0.0.1', port: 0 });
    const address = (await start()).replace(http.url, url);
    const reading = read(address);
    await sleep(200);
    const before = performance.now();
    await server.close();
    expect(performance.now() - before).toBeLessThan(2_000);
    expect((await reading).ended).toBe(true);
    await bench.work();
  });
});
