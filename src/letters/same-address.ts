/** Of types that say so, several users of one run who share an address get one mail. */
import sql from 'sql-template-tag';
import type { Queryable } from '../core/index.ts';

export interface SpareMail {
  readonly letter: string;
  readonly language: string;
  readonly messages: number;
}

/**
 * Lets the mails of a run go out that waited for it to end, because their type writes to an address once
 * (a run puts them down with `next_at` infinity): of those with one address the one of the lowest user
 * goes, the others are suppressed. Only at the end is it known who shares an address, whatever order the
 * chunks were worked in. What went out already, of a run that had failed and was resumed, comes first.
 * Batches that are paused stay so. Doing it twice does no more.
 */
export async function releaseOnePerAddress(tx: Queryable, runId: number, letters: readonly string[]): Promise<void> {
  if (letters.length === 0) return;
  await tx.query(sql`
    with mails as materialized (
      select o.id, o.user_id, o.letter, o.state, o.next_at = 'infinity' as waits, fold(o.address) as address
      from outbox o
      where o.run_id = ${runId}::bigint and o.letter = any(${letters}::text[]) and o.channel = 'email' and o.address is not null
        and o.state in ('queued', 'sending', 'uncertain', 'sent')
      order by o.id
      for no key update),
    ranked as (
      select m.id, m.waits and m.state = 'queued' as waits,
        row_number() over (partition by m.letter, m.address order by m.waits and m.state = 'queued', m.user_id) as place
      from mails m)
    update outbox o
    set state = case when r.place > 1 then 'suppressed' else 'queued' end,
      last_error = case when r.place > 1 then 'letters.same_address' end,
      next_at = case
        when exists (select from outbox_pauses p where p.run_id = o.run_id and p.letter in ('', o.letter)) then 'infinity'::timestamptz
        else now() end
    from ranked r
    where o.id = r.id and r.waits`);
}

/** Mails of a run that do not go out, because another user with that address gets one. */
export async function spareMailsOf(db: Queryable, runId: number, letters: readonly string[]): Promise<readonly SpareMail[]> {
  if (letters.length === 0) return [];
  const { rows } = await db.query<SpareMail>(sql`
    select o.letter, o.language, count(*)::integer as messages
    from outbox o
    where o.run_id = ${runId}::bigint and o.letter = any(${letters}::text[]) and o.last_error = 'letters.same_address'
    group by 1, 2`);
  return rows;
}
