/** Pausing what has not gone out: by run, by letter, or all of it. */
import sql from 'sql-template-tag';
import type { Database, Queryable } from '../core/index.ts';
import { chosen, type MessageChoice } from './outbox.ts';

export interface Pause {
  readonly run_id: number;
  readonly run_name: string;
  /** Null: every letter of the run. */
  readonly letter: string | null;
  readonly reason: 'person' | 'failures';
  /** Why it paused by itself: the latest failure, as the outbox keeps it. */
  readonly detail: string | null;
  readonly paused_at: string;
  readonly paused_by: string | null;
  /** Messages that wait. */
  readonly messages: number;
}

/** Pauses the runs of the choice that have messages which have not gone out, a run that is named in any case. Says how many batches. */
export async function pauseBatches(tx: Queryable, choice: MessageChoice, by: string): Promise<number> {
  const { rowCount } = await tx.query(sql`
    insert into outbox_pauses (run_id, letter, reason, paused_by)
    select b.run_id, ${choice.letter ?? ''}::text, 'person', ${by}::text
    from (
      select o.run_id from outbox o where ${chosen(choice)} and o.state in ('queued', 'sending')
      union select r.id from runs r where r.id = ${choice.run ?? null}::bigint) b
    order by b.run_id
    on conflict (run_id, letter) do nothing`);
  return rowCount ?? 0;
}

/** Rows at once, so that nobody waits for a transaction over a million of them. */
const PAGE = 20_000;

/** Lets paused batches go on. Says how many pauses have ended, and how many messages are due again. */
export async function resumeBatches(db: Database, choice: MessageChoice): Promise<{ resumed: number; released: number }> {
  const { rows: ended } = await db.pool.query<{ run_id: number; letter: string }>(sql`
    with ended as (
      delete from outbox_pauses o where ${chosen(choice)} returning o.run_id, o.letter),
    forgiven as (
      delete from outbox_streaks s using ended e where s.run_id = e.run_id and e.letter in ('', s.letter))
    select e.run_id, e.letter from ended e`);
  let released = 0;
  for (const { run_id, letter } of ended) {
    for (;;) {
      // What waits for its run to end, because its type writes to an address once, goes on waiting.
      const { rowCount } = await db.pool.query(sql`
        with waiting as materialized (
          select o.id from outbox o
          where o.run_id = ${run_id}::bigint and (${letter}::text = '' or o.letter = ${letter}::text)
            and o.state = 'queued' and o.next_at = 'infinity'
            and not exists (select from outbox_pauses p where p.run_id = o.run_id and p.letter in ('', o.letter))
            and not exists (select from runs r join notification_types t on t.code = o.letter
              where r.id = o.run_id and t.one_per_address and r.finished_at is null)
          order by o.id limit ${PAGE}::integer for update)
        update outbox o set next_at = now() from waiting w where o.id = w.id`);
      released += rowCount ?? 0;
      if ((rowCount ?? 0) < PAGE) break;
    }
  }
  return { resumed: ended.length, released };
}

export async function readPauses(db: Queryable): Promise<readonly Pause[]> {
  const { rows } = await db.query<Pause>(sql`
    select p.run_id, r.name as run_name, nullif(p.letter, '') as letter, p.reason, p.detail, p.paused_at, p.paused_by,
      (select count(*) from outbox o where o.run_id = p.run_id and p.letter in ('', o.letter) and o.state = 'queued') as messages
    from outbox_pauses p join runs r on r.id = p.run_id
    order by p.paused_at desc, p.run_id desc`);
  return rows;
}
