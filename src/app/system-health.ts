/** How the installation is: what `/health` tells this machine, for those who look after it from the web page. */
import sql from 'sql-template-tag';
import { z } from 'zod';
import { type Context, count, operation } from '../core/index.ts';
import { migrationState } from '../db/index.ts';
import { musterVersion } from './version.ts';

const inState = z.object({ state: z.string(), count });

const output = z.object({
  status: z.enum(['ok', 'failing']),
  database: z.object({
    version: z.string().describe('Of PostgreSQL'),
    bytes: count,
    connections: count,
    migrations: count.describe('Applied'),
    pending: count.describe('0, or the database is older than the program'),
  }),
  process: z
    .object({
      queue: z.enum(['ok', 'polling']).describe('polling: work is found two seconds later, nothing is lost'),
      loops: z.array(z.object({ name: z.string(), state: z.enum(['idle', 'busy', 'failing']), last_error: z.string().nullable() })),
      up_seconds: count,
      memory_bytes: count,
    })
    .nullable()
    .describe('The server that answers, with its workers; null where no server answers'),
  runs: z.array(inState).describe('Runs that have not ended, by state'),
  outbox: z.array(
    z.object({
      channel: z.string(),
      queued: count,
      retrying: count.describe('Of those queued: an attempt has failed'),
      failed: count,
      oldest_queued_seconds: count,
    }),
  ),
  paused_batches: count,
  webhooks: z.object({ waiting: count, failed: count }),
  housekeeping: z.array(z.object({ task: z.string(), last_at: z.string().nullable() })),
  versions: z.object({ muster: z.string(), node: z.string() }),
});
export type SystemHealth = z.output<typeof output>;

export const showHealth = operation({
  name: 'system.health',
  summary: {
    en: 'Shows how database, queue, workers and the outbox are',
    de: 'Zeigt, wie es Datenbank, Warteschlange, Workern und Postausgang geht',
  },
  privilege: 'settings:read',
  input: z.strictObject({}),
  output,
  audit: () => ({ entity: 'system', id: null }),
  run: async (ctx): Promise<SystemHealth> => {
    const { pool } = ctx.db;
    const [about, migrations, runs, outbox, rest, housekeeping, own] = await Promise.all([
      pool.query<{ version: string; bytes: number; connections: number }>(sql`
        select current_setting('server_version') as version, pg_database_size(current_database()) as bytes,
          (select count(*)::integer from pg_stat_activity a where a.datname = current_database()) as connections`),
      migrationState(pool),
      pool.query<{ state: string; count: number }>(sql`
        select r.state, count(*)::integer as count from runs r where r.finished_at is null group by r.state order by r.state`),
      pool.query<SystemHealth['outbox'][number]>(sql`
        select o.channel, (count(*) filter (where o.state = 'queued'))::integer as queued,
          (count(*) filter (where o.state = 'queued' and o.attempts > 0))::integer as retrying,
          (count(*) filter (where o.state = 'failed'))::integer as failed,
          coalesce(extract(epoch from now() - min(o.created_at) filter (where o.state = 'queued')), 0)::integer as oldest_queued_seconds
        from outbox o where o.state in ('queued', 'failed') group by o.channel order by o.channel`),
      pool.query<{ paused: number; waiting: number; failed: number }>(sql`
        select (select count(*)::integer from outbox_pauses) as paused,
          (select count(*)::integer from webhook_deliveries d where d.state = 'waiting') as waiting,
          (select count(*)::integer from webhook_deliveries d where d.state = 'failed') as failed`),
      pool.query<{ task: string; last_at: string | null }>(sql`
        select h.task, case when h.last_at > '-infinity' then h.last_at end as last_at from housekeeping h order by h.task`),
      processOf(ctx),
    ]);
    const { paused = 0, waiting = 0, failed = 0 } = rest.rows[0] ?? {};
    const { version = '', bytes = 0, connections = 0 } = about.rows[0] ?? {};
    const failing = migrations.pending.length > 0 || (own?.loops.some((loop) => loop.state === 'failing') ?? false);
    return {
      status: failing ? 'failing' : 'ok',
      database: { version, bytes, connections, migrations: migrations.applied.length, pending: migrations.pending.length },
      process: own,
      runs: runs.rows,
      outbox: outbox.rows,
      paused_batches: paused,
      webhooks: { waiting, failed },
      housekeeping: housekeeping.rows,
      versions: { muster: musterVersion(), node: process.versions.node },
    };
  },
});

async function processOf(ctx: Context): Promise<SystemHealth['process']> {
  if (ctx.health === undefined) return null;
  const { queue, worker } = await ctx.health();
  return {
    queue: queue.state,
    loops: worker.loops.map(({ name, state, lastError }) => ({ name, state, last_error: lastError })),
    up_seconds: Math.round(process.uptime()),
    memory_bytes: process.memoryUsage.rss(),
  };
}
