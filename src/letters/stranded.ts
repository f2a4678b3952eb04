/** Messages of a channel that is not set up (any more). */
import sql from 'sql-template-tag';
import type { Queryable } from '../core/index.ts';
import type { SentChannel } from './claim.ts';

/** Looked at again after this long, so that a channel that is set up meanwhile soon finds its messages. */
const LOOK_AGAIN_MINUTES = 15;
/** A setting that is missing by mistake is noticed within a day; nobody waits longer for a letter that cannot come. */
const GIVEN_UP_HOURS = 24;
const PAGE = 2_000;

/**
 * Each says so, waits a day for its channel, and fails, so that staff find it and can have it sent otherwise.
 * Answers how many have failed.
 */
export async function failStranded(db: Queryable, channel: SentChannel, reason: string): Promise<number> {
  let failed = 0;
  for (;;) {
    const { rows } = await db.query<{ seen: number; failed: number }>(sql`
      with due as materialized (
        select o.id from outbox o
        where o.channel = ${channel}::text and o.channel <> 'print' and o.state = 'queued' and o.next_at <= now()
          and not exists (select from outbox_pauses p where p.run_id = o.run_id and p.letter in ('', o.letter))
        order by o.id limit ${PAGE}::integer for update skip locked),
      written as (
        update outbox o
        set last_error = ${reason}::text,
          next_at = now() + make_interval(mins => ${LOOK_AGAIN_MINUTES}::integer),
          state = case when o.created_at < now() - make_interval(hours => ${GIVEN_UP_HOURS}::integer) then 'failed' else 'queued' end
        from due where o.id = due.id returning o.state)
      select count(*)::integer as seen, (count(*) filter (where w.state = 'failed'))::integer as failed from written w`);
    const [page = { seen: 0, failed: 0 }] = rows;
    failed += page.failed;
    if (page.seen < PAGE) return failed;
  }
}
