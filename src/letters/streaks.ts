/** Failures of a batch in a row: too many of them pause it. A batch is the messages of one run and letter. */
import sql from 'sql-template-tag';
import type { Queryable } from '../core/index.ts';
import type { Outcome } from './ledger.ts';

/**
 * Counts the final failures among outcomes, in the order in which they came about, on top of what other
 * senders have counted; what is to be tried again counts neither way. Pauses the batches that have had
 * `pauseAfter` in a row, and puts down that operators are to be told. Answers how many it has paused.
 */
export async function countFailures(db: Queryable, outcomes: readonly Outcome[], pauseAfter: number): Promise<number> {
  const batches = new Map<string, { runId: number; letter: string; failures: number; broken: boolean; error: string | null }>();
  for (const { row, state, error } of outcomes) {
    if (state !== 'failed' && state !== 'sent') continue;
    const key = `${row.run_id} ${row.letter}`;
    const batch = batches.get(key) ?? { runId: row.run_id, letter: row.letter, failures: 0, broken: false, error: null };
    if (state === 'sent') Object.assign(batch, { failures: 0, broken: true });
    else Object.assign(batch, { failures: batch.failures + 1, error: error ?? null });
    batches.set(key, batch);
  }
  const failing = [...batches.values()].filter((batch) => batch.failures > 0);
  if (failing.length === 0) return 0;
  const { rowCount } = await db.query(sql`
    with counted as (
      insert into outbox_streaks as s (run_id, letter, failures)
      select n.run_id, n.letter, n.failures
      from unnest(
        ${failing.map((batch) => batch.runId)}::bigint[],
        ${failing.map((batch) => batch.letter)}::text[],
        ${failing.map((batch) => batch.failures)}::integer[]
      ) as n (run_id, letter, failures)
      order by n.run_id, n.letter
      on conflict (run_id, letter) do update set failures = excluded.failures + case
        when (s.run_id, s.letter) in (select * from unnest(
          ${failing.filter((batch) => batch.broken).map((batch) => batch.runId)}::bigint[],
          ${failing.filter((batch) => batch.broken).map((batch) => batch.letter)}::text[])) then 0 else s.failures end
      returning s.run_id, s.letter, s.failures
    ),
    paused as (
      insert into outbox_pauses (run_id, letter, reason, detail)
      select c.run_id, c.letter, 'failures', e.error
      from counted c
      join unnest(
        ${failing.map((batch) => batch.runId)}::bigint[],
        ${failing.map((batch) => batch.letter)}::text[],
        ${failing.map((batch) => batch.error)}::text[]
      ) as e (run_id, letter, error) on e.run_id = c.run_id and e.letter = c.letter
      where c.failures >= ${pauseAfter}::integer
      on conflict do nothing
      returning run_id, letter, detail
    )
    insert into operator_alerts (kind, detail)
    select 'batch_paused', jsonb_build_object('run', p.run_id, 'run_name', r.name, 'letter', p.letter,
      'failures', c.failures, 'reason', p.detail)
    from paused p
    join runs r on r.id = p.run_id
    join counted c on c.run_id = p.run_id and c.letter = p.letter`);
  return rowCount ?? 0;
}
