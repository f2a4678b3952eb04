/**
 * What operators have to hear: that a batch has paused by itself, or that the mail server cannot be reached.
 * It is written down where it comes about, and told by whichever sender comes first, until it has arrived.
 */
import sql from 'sql-template-tag';
import type { Queryable } from '../core/index.ts';

export interface OperatorAlert {
  readonly id: number;
  readonly kind: 'batch_paused' | 'channel_unreachable';
  readonly detail: Readonly<Record<string, unknown>>;
  readonly created_at: string;
}

/** Tells one alert; rejects when it did not arrive. */
export type TellAlert = (alert: OperatorAlert) => Promise<void>;

const BITE = 10;
const LEASE_SECONDS = 60;
/** About a day, with the pauses growing up to an hour. */
const MOST_ATTEMPTS = 30;
const KEPT_DAYS = 30;

/** Puts an alert down. */
export async function addAlert(db: Queryable, kind: OperatorAlert['kind'], detail: Readonly<Record<string, unknown>>): Promise<void> {
  await db.query(sql`insert into operator_alerts (kind, detail) values (${kind}::text, ${JSON.stringify(detail)}::jsonb)`);
}

/** Tells what is due; an alert that does not arrive is tried again after 1, 2, 4 … 60 minutes. */
export async function tellAlerts(db: Queryable, tell: TellAlert): Promise<number> {
  const { rows } = await db.query<OperatorAlert & { attempts: number }>(sql`
    with due as materialized (
      select a.id from operator_alerts a where a.told_at is null and a.next_at <= now() and a.attempts < ${MOST_ATTEMPTS}::integer
      order by a.next_at limit ${BITE}::integer for update skip locked)
    update operator_alerts a
    set attempts = a.attempts + 1, next_at = now() + make_interval(secs => ${LEASE_SECONDS}::double precision)
    from due where a.id = due.id
    returning a.id, a.kind, a.detail, a.created_at, a.attempts`);
  for (const { attempts, ...alert } of rows) {
    const error = await tell(alert).then(
      () => null,
      (reason: unknown) => (reason instanceof Error ? reason.message : String(reason)),
    );
    const minutes = Math.min(60, 2 ** (attempts - 1));
    await db.query(sql`
      update operator_alerts a
      set told_at = case when ${error}::text is null then now() end, last_error = ${error}::text, next_at = now() + make_interval(mins => ${minutes}::integer)
      where a.id = ${alert.id}::bigint`);
  }
  return rows.length;
}

/** Forgets alerts of long ago. */
export async function expireAlerts(db: Queryable): Promise<void> {
  await db.query(sql`delete from operator_alerts a where a.created_at < now() - make_interval(days => ${KEPT_DAYS}::integer)`);
}
