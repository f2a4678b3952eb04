/** Everything under /almaws/v1/conf: sets, jobs, code tables, letters, libraries. */
import type { FastifyInstance } from 'fastify';
import type { App } from '../../app/index.ts';
import { codeTableRoutes } from './code-tables.ts';
import { jobRoutes } from './jobs.ts';
import { letterRoutes } from './letters.ts';
import { placeRoutes } from './places.ts';
import { setRoutes } from './sets.ts';

export function confRoutes(server: FastifyInstance, app: App): void {
  setRoutes(server, app);
  jobRoutes(server, app);
  codeTableRoutes(server, app);
  letterRoutes(server, app);
  placeRoutes(server, app);
}
