import type { PoolClient } from 'pg';
import sql from 'sql-template-tag';
import { recipientSql } from '../../letters/index.ts';

/** Mails to those whom the feed's profile names, beside those who have subscribed to runs. */
export async function tellFeedMails(tx: PoolClient, runId: number, event: 'ended' | 'failed' | 'waits'): Promise<void> {
  await tx.query(sql`
    insert into staff_mails (run_id, event, user_id)
    select f.run_id, ${event}::text, u.id
    from feed_files f
    join feed_profiles p on p.id = f.profile_id
    cross join lateral unnest(p.tell) t (name)
    join users u on fold(u.primary_id) = fold(t.name)
    where f.run_id = ${runId}::bigint and u.status = 'ACTIVE' and (u.expiry_date is null or u.expiry_date >= current_date)
      and ${recipientSql('u', { credentials: false }).hasAddress}
    on conflict do nothing`);
}
