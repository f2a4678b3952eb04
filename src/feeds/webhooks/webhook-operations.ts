/** Webhooks as staff manage them. The secret is told once, when it is made; nothing here reads it. */
import { randomBytes } from 'node:crypto';
import sql, { type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { AppError, id, operation, type Queryable } from '../../core/index.ts';
import { webhookEvents, webhookFields, webhookUrl } from './webhook.ts';

const webhookSchema = z.object(webhookFields);
export type WebhookView = z.output<typeof webhookSchema>;

const secret = z.string().describe('Signs what is sent; told this once only');

export const createWebhook = operation({
  name: 'webhook.create',
  summary: { en: 'Tells a program elsewhere of what happens', de: 'Teilt einem Programm anderswo mit, was geschieht' },
  privilege: 'settings:write',
  input: z.strictObject({ url: webhookUrl, events: webhookEvents }),
  output: z.object({ ...webhookFields, secret }),
  audit: (input, output) => ({
    entity: 'webhook',
    id: output?.id ?? null,
    detail: { host: new URL(input.url).host, events: input.events },
  }),
  run: (ctx, { url, events }) =>
    ctx.db.transaction(async (tx) => {
      const { rows } = await tx.query<{ id: number }>(sql`
        insert into webhooks (url, events, created_by) values (${url}, ${events}::text[], ${ctx.actor.name}) returning id`);
      const made = rows[0]?.id ?? 0;
      return { ...(await requireWebhook(tx, made)), secret: await newSecret(tx, made) };
    }),
});

export const listWebhooks = operation({
  name: 'webhook.list',
  summary: { en: 'Lists the webhooks', de: 'Listet die Webhooks auf' },
  privilege: 'settings:read',
  input: z.strictObject({}),
  output: z.object({ webhooks: z.array(webhookSchema) }),
  audit: () => ({ entity: 'webhook', id: null }),
  run: async (ctx) => ({ webhooks: await readWebhooks(ctx.db.pool, sql`true`) }),
});

export const updateWebhook = operation({
  name: 'webhook.update',
  summary: {
    en: 'Changes a webhook, stops it for a while, or gives it a new secret',
    de: 'Ändert einen Webhook, hält ihn an oder gibt ihm ein neues Geheimnis',
  },
  privilege: 'settings:write',
  input: z.strictObject({
    id,
    url: webhookUrl.optional(),
    events: webhookEvents.optional(),
    active: z.boolean().optional().describe('false: nothing is told and nothing sent until it is true again'),
    new_secret: z.boolean().default(false).describe('The old secret ends at once'),
  }),
  output: z.object({ ...webhookFields, secret: secret.optional() }),
  audit: (input) => ({
    entity: 'webhook',
    id: input.id,
    detail: { events: input.events ?? null, active: input.active ?? null, new_secret: input.new_secret },
  }),
  run: (ctx, input) =>
    ctx.db.transaction(async (tx) => {
      await tx.query(sql`
        update webhooks set
          url = coalesce(${input.url ?? null}::text, url),
          events = coalesce(${input.events ?? null}::text[], events),
          active = coalesce(${input.active ?? null}::boolean, active),
          modified_at = now()
        where id = ${input.id}::bigint`);
      const webhook = await requireWebhook(tx, input.id);
      return input.new_secret ? { ...webhook, secret: await newSecret(tx, input.id) } : webhook;
    }),
});

export const deleteWebhook = operation({
  name: 'webhook.delete',
  summary: { en: 'Deletes a webhook, with what it was still to be told', de: 'Löscht einen Webhook mit allem, was noch aussteht' },
  privilege: 'settings:write',
  input: z.strictObject({ id }),
  output: z.object({ deleted: id }),
  audit: (input) => ({ entity: 'webhook', id: input.id }),
  run: async (ctx, input) => {
    const { rowCount } = await ctx.db.pool.query(sql`delete from webhooks w where w.id = ${input.id}::bigint`);
    if (rowCount === 0) throw new AppError('webhooks.not_found', { id: input.id });
    return { deleted: input.id };
  },
});

/** 256 bits; they are a key, not a password, and are kept as they are: whoever signs has to have it. */
async function newSecret(tx: Queryable, webhook: number): Promise<string> {
  const made = `whsec_${randomBytes(32).toString('base64url')}`;
  await tx.query(sql`
    insert into webhook_secrets (webhook_id, secret) values (${webhook}::bigint, ${made})
    on conflict (webhook_id) do update set secret = excluded.secret`);
  return made;
}

export async function requireWebhook(db: Queryable, wanted: number): Promise<WebhookView> {
  const [webhook] = await readWebhooks(db, sql`w.id = ${wanted}::bigint`);
  if (webhook === undefined) throw new AppError('webhooks.not_found', { id: wanted });
  return webhook;
}

async function readWebhooks(db: Queryable, which: Sql): Promise<WebhookView[]> {
  const { rows } = await db.query<WebhookView>(sql`
    select w.id, w.url, w.events, w.active, w.created_at, w.created_by,
      count(d.id) filter (where d.state = 'waiting') as waiting,
      count(d.id) filter (where d.state = 'failed') as failed,
      max(d.delivered_at) as delivered_at
    from webhooks w left join webhook_deliveries d on d.webhook_id = w.id
    where ${which}
    group by w.id
    order by w.id`);
  return rows;
}
