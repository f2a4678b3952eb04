/**
 * Sends what webhooks are to be told. A delivery stays a row until its program has answered 2xx or
 * the twelfth attempt has failed; it may arrive twice when a sender dies between the answer and its
 * row, and carries its number for that. The order is not kept: a late one is tried again later.
 */
import sql from 'sql-template-tag';
import type { Context } from '../../core/index.ts';
import { type Failure, failureFrom } from './failure.ts';
import { signatureOf } from './webhook.ts';

/** How long the other side may take to answer. */
const ANSWER_MS = 5_000;
/** Longer than an attempt takes, so that nobody else takes a row that is being sent. */
const LEASE_SECONDS = 60;
/** Sent at the same time: one that hangs holds up the others of its bite for `ANSWER_MS`. */
const BITE = 20;
const MOST_ATTEMPTS = 12;
const KEPT_DAYS = 30;

interface DueDelivery {
  readonly id: number;
  readonly event: string;
  readonly run_id: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly created_at: string;
  /** Primary id of the one user of a single edit. */
  readonly user: string | null;
  readonly attempts: number;
  readonly url: string;
  readonly secret: string;
}

interface Result {
  readonly id: number;
  readonly attempts: number;
  readonly status: number | null;
  readonly failure: Failure | null;
}

/** Sends what is due, up to a bite; true when there was any. */
export async function sendWebhooks(ctx: Context, signal: AbortSignal): Promise<boolean> {
  const due = await claimDue(ctx);
  const results = await Promise.all(due.map((delivery) => send(delivery, ctx.publicUrl ?? '', signal)));
  // An attempt that was broken off since the process ends is nobody's failure: the lease ends, and it is made again.
  await record(
    ctx,
    results.filter(({ failure }) => failure === null || !signal.aborted),
  );
  return due.length > 0;
}

/** Forgets deliveries that have ended long ago. */
export async function expireDeliveries(ctx: Context): Promise<number> {
  const { rowCount } = await ctx.db.pool.query(sql`
    delete from webhook_deliveries d where d.state <> 'waiting' and d.created_at < now() - make_interval(days => ${KEPT_DAYS}::integer)`);
  return rowCount ?? 0;
}

async function claimDue(ctx: Context): Promise<DueDelivery[]> {
  const { rows } = await ctx.db.pool.query<DueDelivery>(sql`
    with due as materialized (
      select d.id from webhook_deliveries d join webhooks w on w.id = d.webhook_id
      where d.state = 'waiting' and d.next_at <= now() and w.active
      order by d.next_at, d.id limit ${BITE}::integer
      for update of d skip locked
    ),
    taken as (
      update webhook_deliveries d
      set attempts = d.attempts + 1, next_at = now() + make_interval(secs => ${LEASE_SECONDS}::double precision)
      from due where d.id = due.id
      returning d.*
    )
    select t.id, t.event, t.run_id, t.data, t.created_at, t.attempts, u.primary_id as user, w.url, s.secret
    from taken t
    join webhooks w on w.id = t.webhook_id
    join webhook_secrets s on s.webhook_id = w.id
    left join users u on u.id = t.user_id
    order by t.id`);
  return rows;
}

/** What is sent, the same at every attempt. Whom a run of many has changed is read page by page. */
function bodyOf({ id, event, created_at, run_id, data, user }: DueDelivery, publicUrl: string): string {
  const whom = {
    ...(user === null ? {} : { user }),
    page: { method: 'POST', url: `${publicUrl}/api/operations/job.changed_users`, input: { id: run_id, after: 0 } },
  };
  return JSON.stringify({ id, event, created_at, data: { ...data, ...(event === 'user.changed' ? whom : {}) } });
}

async function send(delivery: DueDelivery, publicUrl: string, stopping: AbortSignal): Promise<Result> {
  const { id, attempts } = delivery;
  const body = bodyOf(delivery, publicUrl);
  const timestamp = Math.floor(Date.now() / 1000);
  try {
    const response = await fetch(delivery.url, {
      method: 'POST',
      // An address that was checked stays the one that is spoken to.
      redirect: 'manual',
      signal: AbortSignal.any([AbortSignal.timeout(ANSWER_MS), stopping]),
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Muster',
        'x-muster-event': delivery.event,
        'x-muster-delivery': String(id),
        'x-muster-timestamp': String(timestamp),
        'x-muster-signature': signatureOf(delivery.secret, timestamp, body),
      },
      body,
    });
    // What it says beside the status is of no interest, however long it goes on.
    await response.body?.cancel().catch(() => undefined);
    return { id, attempts, status: response.status, failure: failureOfStatus(response.status) };
  } catch (error) {
    return { id, attempts, status: null, failure: failureFrom(error) };
  }
}

function failureOfStatus(status: number): Failure | null {
  if (status >= 200 && status < 300) return null;
  return status >= 300 && status < 400 ? 'webhooks.failed_redirect' : 'webhooks.failed_status';
}

/** A row that somebody else has taken since, because the lease had ended, is left to them. */
async function record(ctx: Context, results: readonly Result[]): Promise<void> {
  if (results.length === 0) return;
  await ctx.db.pool.query(sql`
    update webhook_deliveries d set
      state = case when n.failure is null then 'delivered' when n.attempts >= ${MOST_ATTEMPTS}::integer then 'failed' else 'waiting' end,
      next_at = case when n.failure is null then d.next_at else now() + make_interval(mins => (2 ^ (n.attempts - 1))::integer) end,
      last_status = n.status,
      last_error = n.failure,
      delivered_at = case when n.failure is null then now() end
    from unnest(
      ${results.map((r) => r.id)}::bigint[],
      ${results.map((r) => r.attempts)}::integer[],
      ${results.map((r) => r.status)}::integer[],
      ${results.map((r) => r.failure)}::text[]
    ) as n (id, attempts, status, failure)
    where d.id = n.id and d.state = 'waiting' and d.attempts = n.attempts`);
}
