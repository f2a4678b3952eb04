/** What `/metrics` tells of the outbox. */
import { Gauge, type Registry } from 'prom-client';
import sql from 'sql-template-tag';
import type { App } from '../app/index.ts';

/** A large outbox takes a while to be counted; it is not counted more often than this. */
const FRESH_MS = 10_000;

interface Counted {
  readonly state: string;
  readonly channel: string;
  readonly count: number;
  readonly failures: number;
  /** Seconds since the oldest was put into the outbox. */
  readonly age: number;
}

export function outboxGauges(registry: Registry): { read(app: App): Promise<void> } {
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[] = []): Gauge<L> =>
    new Gauge({ name, help, labelNames: [...labelNames], registers: [registry] });
  const messages = gauge('muster_outbox_messages', 'Messages that the ledger holds, by state and channel', ['state', 'channel']);
  const oldest = gauge('muster_outbox_oldest_queued_seconds', 'Age of the oldest message that waits, by channel', ['channel']);
  const retried = gauge('muster_outbox_retrying_messages', 'Messages that wait after an attempt that failed, by channel', ['channel']);
  const paused = gauge('muster_outbox_paused_batches', 'Paused batches, by reason', ['reason']);
  const resting = gauge('muster_outbox_resting', 'Channels and domains that rest because they refused', ['scope']);
  let readAt = -Infinity;

  return {
    read: async ({ db }) => {
      if (performance.now() - readAt < FRESH_MS) return;
      const [counts, pauses, rests] = await Promise.all([
        db.pool.query<Counted>(sql`
          select o.state, o.channel, count(*)::integer as count,
            count(*) filter (where o.state = 'queued' and o.attempts > 0)::integer as failures,
            coalesce(extract(epoch from now() - min(o.created_at)), 0)::double precision as age
          from outbox o group by o.state, o.channel`),
        db.pool.query<{ reason: string; count: number }>(
          sql`select p.reason, count(*)::integer as count from outbox_pauses p group by p.reason`,
        ),
        db.pool.query<{ scope: string; count: number }>(sql`
          select p.scope, count(*)::integer as count from outbox_pace p where p.rests_until > now() group by p.scope`),
      ]);
      for (const each of [messages, oldest, retried, paused, resting]) each.reset();
      for (const { state, channel, count, failures, age } of counts.rows) {
        messages.set({ state, channel }, count);
        if (state !== 'queued') continue;
        oldest.set({ channel }, age);
        retried.set({ channel }, failures);
      }
      for (const reason of ['person', 'failures']) paused.set({ reason }, pauses.rows.find((row) => row.reason === reason)?.count ?? 0);
      for (const scope of ['channel', 'domain']) resting.set({ scope }, rests.rows.find((row) => row.scope === scope)?.count ?? 0);
      readAt = performance.now();
    },
  };
}
