import sql from 'sql-template-tag';
import { z } from 'zod';
import { count, id, instant, operation } from '../../core/index.ts';
import { failureOf } from './failure.ts';
import { DELIVERY_STATES, EVENTS } from './webhook.ts';
import { requireWebhook } from './webhook-operations.ts';

const deliverySchema = z.object({
  id,
  webhook_id: id,
  event: z.enum(EVENTS),
  run_id: id,
  state: z.enum(DELIVERY_STATES),
  attempts: count,
  next_at: instant.nullable().describe('When it is tried next; null when it is not'),
  last_status: z.int().nullable().describe('HTTP status of the last answer'),
  error: z.string().nullable().describe('What was wrong with the last attempt, in the language of who asks'),
  created_at: instant,
  delivered_at: instant.nullable(),
});
export type WebhookDelivery = z.output<typeof deliverySchema>;

export const listDeliveries = operation({
  name: 'webhook.deliveries',
  summary: { en: 'Lists what webhooks were told, newest first', de: 'Listet auf, was Webhooks mitgeteilt wurde, Neuestes zuerst' },
  privilege: 'settings:read',
  input: z.strictObject({
    webhook: id.optional().describe('Only of this webhook'),
    state: z.enum(DELIVERY_STATES).optional(),
    before: id.optional().describe('Continue before the delivery with this number'),
    limit: z.int().min(1).max(1_000).default(50),
  }),
  output: z.object({
    deliveries: z.array(deliverySchema),
    next: id.nullable().describe('The `before` of the following page; null at the end'),
  }),
  audit: (input) => ({ entity: 'webhook', id: input.webhook ?? null }),
  run: async (ctx, input) => {
    if (input.webhook !== undefined) await requireWebhook(ctx.db.pool, input.webhook);
    const { rows } = await ctx.db.pool.query<Omit<WebhookDelivery, 'error'> & { last_error: string | null }>(sql`
      select d.id, d.webhook_id, d.event, d.run_id, d.state, d.attempts, d.last_status, d.last_error, d.created_at, d.delivered_at,
        case when d.state = 'waiting' then d.next_at end as next_at
      from webhook_deliveries d
      where (${input.webhook ?? null}::bigint is null or d.webhook_id = ${input.webhook ?? null}::bigint)
        and (${input.state ?? null}::text is null or d.state = ${input.state ?? null}::text)
        and (${input.before ?? null}::bigint is null or d.id < ${input.before ?? null}::bigint)
      order by d.id desc limit ${input.limit + 1}::integer`);
    const deliveries = rows
      .slice(0, input.limit)
      .map(({ last_error, ...row }) => ({ ...row, error: failureOf(ctx.language, last_error, row.last_status) }));
    return { deliveries, next: rows.length > input.limit ? (deliveries.at(-1)?.id ?? null) : null };
  },
});

export const retryDeliveries = operation({
  name: 'webhook.retry',
  summary: { en: 'Tries deliveries again that were given up', de: 'Versucht aufgegebene Zustellungen noch einmal' },
  privilege: 'settings:write',
  input: z.strictObject({
    webhook: id,
    delivery: id.optional().describe('Only this one; all that were given up when left out'),
  }),
  output: z.object({ retried: count }),
  audit: (input, output) => ({
    entity: 'webhook',
    id: input.webhook,
    detail: { delivery: input.delivery ?? null, retried: output?.retried ?? null },
  }),
  run: async (ctx, input) => {
    await requireWebhook(ctx.db.pool, input.webhook);
    // With all its attempts before it again: the other side has been mended.
    const { rowCount } = await ctx.db.pool.query(sql`
      update webhook_deliveries d set state = 'waiting', attempts = 0, next_at = now()
      where d.webhook_id = ${input.webhook}::bigint and d.state = 'failed'
        and (${input.delivery ?? null}::bigint is null or d.id = ${input.delivery ?? null}::bigint)`);
    return { retried: rowCount ?? 0 };
  },
});
