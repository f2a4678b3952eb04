/** What those who watch over the server ask. Nobody has to be signed in for it. */
import type { FastifyInstance } from 'fastify';
import type { Health } from '../app/health.ts';
import { callerAddress } from './caller.ts';
import { isLoopback } from './proxies.ts';

/**
 * - `/healthz`: the process is alive; a restart would not help when this answers.
 * - `/readyz`: database, migrations and worker are in order: requests may be sent here.
 * - `/health`: the same with the details, which only this machine is told.
 */
export function addHealthRoutes(server: FastifyInstance, health: () => Promise<Health>): void {
  server.get('/healthz', async (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }));
  for (const path of ['/readyz', '/health']) {
    server.get(path, async (request, reply) => {
      const report = await health();
      const detailed = path === '/health' && isLoopback(callerAddress(request));
      return reply
        .code(report.status === 'ok' ? 200 : 503)
        .header('cache-control', 'no-store')
        .send(detailed ? report : { status: report.status });
    });
  }
}
