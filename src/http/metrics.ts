/** `/metrics` for Prometheus. Told to this machine, and to keys that may see the settings. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import sql from 'sql-template-tag';
import { hasPrivilege } from '../access/index.ts';
import type { App } from '../app/index.ts';
import { AppError } from '../core/index.ts';
import { callerAddress } from './caller.ts';
import { outboxGauges } from './outbox-metrics.ts';
import { isLoopback } from './proxies.ts';

/** Seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function addMetrics(server: FastifyInstance, app: App): void {
  const registry = new Registry();
  // Process, garbage collection and the event loop's lag among them.
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'muster_http_request_duration_seconds',
    help: 'Time from a request to the end of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS,
    registers: [registry],
  });
  const runs = new Gauge({ name: 'muster_runs', help: 'Runs by state', labelNames: ['state'], registers: [registry] });
  const outbox = outboxGauges(registry);
  const connections = new Gauge({
    name: 'muster_database_connections',
    help: 'Connections of this process by use',
    labelNames: ['use'],
    registers: [registry],
  });

  server.addHook('onResponse', async (request, reply) => {
    // The address is the route's: one for all users, and made-up ones are together under "none".
    const route = request.routeOptions.url ?? 'none';
    durations.observe({ method: request.method, route, status: String(reply.statusCode) }, reply.elapsedTime / 1000);
  });

  server.get('/metrics', async (request, reply) => {
    await requireWatcher(request);
    await readGauges(app, runs);
    await outbox.read(app);
    const { pool } = app.db;
    connections.set({ use: 'busy' }, pool.totalCount - pool.idleCount);
    connections.set({ use: 'idle' }, pool.idleCount);
    connections.set({ use: 'waited_for' }, pool.waitingCount);
    return send(reply, registry);
  });
}

/** A proxy on this machine speaks for others: what it passes on counts as coming from them. */
async function requireWatcher(request: FastifyRequest): Promise<void> {
  if (isLoopback(callerAddress(request)) && request.headers['x-forwarded-for'] === undefined) return;
  const actor = await request.server.identify(request);
  if (!hasPrivilege(actor, 'settings:read')) throw new AppError('http.local_only', {});
}

async function readGauges(app: App, runs: Gauge): Promise<void> {
  const { rows } = await app.db.pool.query<{ state: string; count: number }>(sql`
    select r.state, count(*)::integer as count from runs r where r.kind in ('job', 'undo') group by r.state`);
  runs.reset();
  for (const { state, count } of rows) runs.set({ state }, count);
}

async function send(reply: FastifyReply, registry: Registry): Promise<FastifyReply> {
  return reply
    .type(registry.contentType)
    .header('cache-control', 'no-store')
    .send(await registry.metrics());
}
