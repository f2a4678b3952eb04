import type { PoolClient } from 'pg';
import sql from 'sql-template-tag';
import { recipientSql } from './recipient.ts';

/** Nobody has to be told of what they have done themselves. */
const BY_SOMEBODY: ReadonlySet<string> = new Set(['runs.paused_by_person', 'runs.paused_by_restore']);

/** What staff are told of: a run has ended, has failed, or waits for a person. */
export type RunEvent = 'ended' | 'failed' | 'waits';

/** The event of a change of state; null for one that nobody has to be told of. */
export function eventOf(state: string, reason: string | null): RunEvent | null {
  if (state === 'MANUAL_HANDLING_REQUIRED') return 'waits';
  // Whoever pauses a run knows; one that stands still by itself waits for somebody.
  if (state === 'PAUSED') return reason !== null && BY_SOMEBODY.has(reason) ? null : 'waits';
  if (state === 'FAILED' || state === 'SYSTEM_ABORTED') return 'failed';
  return state.startsWith('COMPLETED_') || state === 'USER_ABORTED' || state === 'SKIPPED' ? 'ended' : null;
}

/**
 * Puts down the mails about a run's change of state, in the transaction that changes it: to whoever
 * started it, unless they do not want that, and to subscribers. One row per run, event and person,
 * however often a run fails and is resumed. People without an address, and accounts that are inactive
 * or expired, are left out; `others` are told as well, by primary id. Whether somebody may still see runs is asked when the mail goes out.
 */
export async function noteRunMails(tx: PoolClient, runId: number, event: RunEvent, others: readonly string[] = []): Promise<void> {
  await tx.query(sql`
    insert into staff_mails (run_id, event, user_id)
    select r.id, ${event}::text, u.id from runs r cross join lateral (
      select a.id as user_id from users a where fold(a.primary_id) = fold(r.created_by) and r.created_by <> 'administrator'
        and not exists (select from run_subscriptions s where s.user_id = a.id and s.kind = 'mine' and not s.wanted)
      union
      select o.id from users o where fold(o.primary_id) in (select fold(n.name) from unnest(${others}::text[]) n (name))
      union
      select s.user_id from run_subscriptions s
      where s.wanted and (s.run_id = r.id or s.schedule_id = r.schedule_id or s.kind = 'waiting' and ${event}::text = 'waits')) told
    join users u on u.id = told.user_id
    where r.id = ${runId}::bigint and u.status = 'ACTIVE' and (u.expiry_date is null or u.expiry_date >= current_date)
      and ${recipientSql('u', { credentials: false }).hasAddress}
    on conflict do nothing`);
}
