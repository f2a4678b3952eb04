/**
 * One user over the Alma-compatible API against the least that could give the same answer: `get` reads
 * one, with a key, next to a bare Fastify route that sends the same bytes after the same query; `put`
 * replaces one, next to a route that takes the same body and runs one transaction of the SQL that is
 * needed for it: lock the user, read the record to see what differs, write that.
 *
 *     npm run bench -- api-get [--users 20000] [--rounds 5]
 *     npm run bench -- api-put [--users 20000] [--rounds 5]
 *
 * The load comes from a process of its own, over eight connections that stay open; both sides use the
 * same pool of database connections.
 */
import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fastify from 'fastify';
import sql from 'sql-template-tag';
import { ADMINISTRATOR, createKey } from '../../src/access/index.ts';
import { type App, openApp, readConfig } from '../../src/app/index.ts';
import { generateUsers } from '../../src/feeds/index.ts';
import { createHttpServer } from '../../src/http/index.ts';
import { lockWhole, readWhole } from '../../src/users/index.ts';
import { cpuMeter, type Spent, since } from './cpu.ts';
import { median, options } from './rounds.ts';

const CONNECTIONS = 8;
const SECONDS = 4;

export interface Load {
  readonly url: string;
  readonly key: string;
  readonly method: 'GET' | 'PUT';
  readonly ids: readonly string[];
  readonly connections: number;
  readonly seconds: number;
}

export async function measure(method: 'GET' | 'PUT'): Promise<void> {
  const { users, rounds } = options({ users: 20_000, rounds: 5 });
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'muster-bench-'));
  const app = await openApp(readConfig({ dataDir, language: 'en' }, { MUSTER_TIMEZONE: 'UTC' }), { role: 'command' });
  try {
    const ctx = app.contextOf(ADMINISTRATOR, 'bench', 'en');
    await generateUsers.run(ctx, generateUsers.input.parse({ count: users, seed: 1 }));
    await app.db.pool.query('vacuum (analyze)');
    const key = await programKey(app);
    const server = await createHttpServer({ app, limits: { perMinute: 100_000_000, atOnce: 10_000 } });
    const url = await server.listen({ host: '127.0.0.1', port: 0 });
    const { rows } = await app.db.pool.query<{ primary_id: string }>(sql`
      select u.primary_id from users u where u.record_type = 'PUBLIC' and not exists (select from user_roles r where r.user_id = u.id and r.type <> '200')
      order by hashint8(u.id) limit 2000`);
    const ids = rows.map((row) => row.primary_id);
    const bare = bareServer(app, await answersOf(`${url}/almaws/v1/users`, ids, key));
    const bareUrl = await bare.listen({ host: '127.0.0.1', port: 0 });
    const load = { key, method, ids, connections: CONNECTIONS, seconds: SECONDS };
    const sides = { muster: `${url}/almaws/v1/users`, bare: `${bareUrl}/users` };
    const rates: Record<keyof typeof sides, number[]> = { muster: [], bare: [] };
    const costs: Record<keyof typeof sides, Spent[]> = { muster: [], bare: [] };
    const spent = await cpuMeter(app.db.pool);
    for (const side of ['muster', 'bare'] as const) await rateOf({ ...load, url: sides[side], seconds: 2 }); // warm
    for (let round = 1; round <= rounds; round += 1) {
      for (const side of round % 2 === 1 ? (['muster', 'bare'] as const) : (['bare', 'muster'] as const)) {
        const before = await spent();
        const rate = await rateOf({ ...load, url: sides[side] });
        rates[side].push(rate);
        costs[side].push(since(before, await spent(), rate * SECONDS));
      }
      console.log(`round ${round}: muster ${rates.muster.at(-1)?.toFixed(0)}/s, bare ${rates.bare.at(-1)?.toFixed(0)}/s`);
    }
    for (const side of ['muster', 'bare'] as const) console.log(`${side}: ${costText(costs[side])}`);
    console.log(`by processor time alone: ${(costOf(costs.bare) / costOf(costs.muster)).toFixed(2)}`);
    await server.close();
    await bare.close();
    console.log(`api-${method.toLowerCase()} ratio=${(median(rates.muster) / median(rates.bare)).toFixed(2)}`);
  } finally {
    await app.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** A key with the rights of a User Administrator. */
export async function programKey(app: App): Promise<string> {
  await app.db.pool.query(`with u as (insert into users (primary_id, last_name) values ('bench-program', 'Program') returning id)
    insert into user_roles (user_id, type, scope) select id, '50', 'INSTITUTION' from u`);
  const made = await createKey.run(
    app.contextOf(ADMINISTRATOR, 'bench', 'en'),
    createKey.input.parse({ name: 'bench', owner: 'bench-program' }),
  );
  return made.key;
}

/** Milliseconds of processor time for a request, of Node and PostgreSQL together. */
function costOf(costs: readonly Spent[]): number {
  return median(costs.map((cost) => cost.node + cost.database));
}

function costText(costs: readonly Spent[]): string {
  const node = median(costs.map((cost) => cost.node));
  const database = median(costs.map((cost) => cost.database));
  return `processor time per request ${node.toFixed(2)} ms in Node, ${database.toFixed(2)} ms in PostgreSQL`;
}

/** The bytes that Muster answers with, asked for before anything is measured. */
async function answersOf(users: string, ids: readonly string[], key: string): Promise<ReadonlyMap<string, Buffer>> {
  const answers = new Map<string, Buffer>();
  for (const id of ids) {
    const answer = await fetch(`${users}/${encodeURIComponent(id)}?format=json`, { headers: { authorization: `apikey ${key}` } });
    answers.set(id, Buffer.from(await answer.arrayBuffer()));
  }
  return answers;
}

/** Answers with bytes that are there already, after the query that they take. */
function bareServer(app: App, answers: ReadonlyMap<string, Buffer>) {
  const server = fastify({ logger: false });
  const { pool } = app.db;
  server.get<{ Params: { id: string } }>('/users/:id', async (request, reply) => {
    const user = await readWhole(pool, { key: request.params.id });
    if (user === undefined) throw new Error('nobody');
    return reply.header('content-type', 'application/json;charset=UTF-8').send(answers.get(request.params.id));
  });
  server.put<{ Params: { id: string }; Body: { job_description: string } }>('/users/:id', async (request, reply) => {
    await app.db.transaction(async (tx) => {
      const user = await lockWhole(tx, { key: request.params.id });
      if (user === undefined) throw new Error('nobody');
      await tx.query({
        name: 'bare put',
        text: `update users u set job_description = $2::text, version = u.version + 1, modified_at = now() where u.id = $1::bigint`,
        values: [user.id, request.body.job_description],
      });
    });
    return reply.header('content-type', 'application/json;charset=UTF-8').send(answers.get(request.params.id));
  });
  return server;
}

/** Requests per second that another process gets answered. */
export async function rateOf(load: Load): Promise<number> {
  const child = fork(path.join(import.meta.dirname, 'api-load.ts'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  return new Promise((resolve, reject) => {
    child.once('message', (rate) => resolve(Number(rate)));
    child.once('exit', (code) => {
      if (code !== 0) reject(new Error(`The load ended with ${code}.`));
    });
    child.send(load);
  });
}
