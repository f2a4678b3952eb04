/** How a run went, beside what it came to: its phases with their times, who decided on it, how far its letters are. */
import sql from 'sql-template-tag';
import { z } from 'zod';
import { hasPrivilege } from '../access/index.ts';
import { type Context, count, id, instant, type Queryable } from '../core/index.ts';
import { WAITS_FOR_APPROVAL } from './oversight/hold.ts';
import { isFinal, type RunState } from './states.ts';

export const ledgerByChannel = z
  .record(z.string(), z.record(z.string(), count))
  .describe('email, sms or print → state in the outbox → messages; `retry`: queued after a failure, `held`: paused');
type ByChannel = z.output<typeof ledgerByChannel>;

export const courseFields = {
  set_id: id.nullable().describe('null: there is no such set any more'),
  chunks: z.object({ count, done: count, first_at: instant.nullable(), last_at: instant.nullable() }).describe('Each is one transaction'),
  sent: z.object({ first_at: instant.nullable(), last_at: instant.nullable() }).describe('When letters went out'),
  undoable: z.boolean().describe('It has ended, changed users through the journal, and the journal is kept'),
  undo_changes: z.array(z.number()).nullable().describe('Of an undo: which changes of the plan it takes back, counted from 1; null: all'),
  approval: z
    .object({
      asked_at: instant,
      decision: z.enum(['approved', 'rejected']).nullable(),
      decided_by: z.string().nullable(),
      decided_at: instant.nullable(),
      reason: z.string().nullable(),
    })
    .nullable()
    .describe('Of a run that a second person had to approve'),
  approvable: z.boolean().describe('Waits for an approval, and the caller may give it'),
  waits_for: z.enum(['approval', 'confirmation']).nullable().describe('What it waits for a person to do'),
};
const courseSchema = z.object(courseFields);
export type Course = z.output<typeof courseSchema>;

interface CourseRow extends Omit<Course, 'approvable' | 'undoable' | 'chunks' | 'sent' | 'waits_for'> {
  readonly kind: string;
  readonly state: RunState;
  readonly state_reason: string | null;
  readonly created_by: string;
  readonly journal_dropped: boolean;
  readonly chunks: number;
  readonly done: number;
  readonly first_chunk: string | null;
  readonly last_chunk: string | null;
}

/** Of a run that there is. */
export async function courseOf(
  db: Queryable,
  ctx: Context,
  runId: number,
): Promise<{ readonly course: Course; readonly channels: ByChannel }> {
  const { rows } = await db.query<CourseRow>(sql`
    select r.kind, r.state, r.state_reason, r.set_id, r.created_by, r.journal_dropped, r.undo_changes, c.chunks, c.done, c.first_chunk, c.last_chunk,
      (select jsonb_build_object('asked_at', a.asked_at, 'decision', a.decision, 'decided_by', a.decided_by, 'decided_at', a.decided_at, 'reason', a.reason)
        from run_approvals a where a.run_id = r.id) as approval
    from runs r cross join lateral (
      select count(*)::integer as chunks, (count(*) filter (where c.state = 'done'))::integer as done,
        min(c.finished_at) as first_chunk, max(c.finished_at) as last_chunk
      from run_chunks c where c.run_id = r.id) c
    where r.id = ${runId}::bigint`);
  const [row] = rows;
  if (row === undefined) throw new Error(`There is no run ${runId}.`);
  const { channels, sent } = await lettersOf(db, runId);
  const waits = row.state === 'MANUAL_HANDLING_REQUIRED';
  const forApproval = waits && row.state_reason === WAITS_FOR_APPROVAL;
  return {
    channels,
    course: {
      set_id: row.set_id === null ? null : Number(row.set_id),
      chunks: { count: row.chunks, done: row.done, first_at: instantOf(row.first_chunk), last_at: instantOf(row.last_chunk) },
      sent,
      undoable: isFinal(row.state) && row.kind !== 'import' && row.kind !== 'purge' && !row.journal_dropped,
      undo_changes: row.undo_changes?.map((k) => k + 1) ?? null,
      approval:
        row.approval === null
          ? null
          : { ...row.approval, asked_at: instantOf(row.approval.asked_at) ?? '', decided_at: instantOf(row.approval.decided_at) },
      approvable: forApproval && hasPrivilege(ctx.actor, 'jobs:approve') && row.created_by !== ctx.actor.name,
      // A feed's file is confirmed with the feed.
      waits_for: forApproval ? 'approval' : waits && row.kind !== 'feed' ? 'confirmation' : null,
    },
  };
}

async function lettersOf(db: Queryable, runId: number): Promise<{ readonly channels: ByChannel; readonly sent: Course['sent'] }> {
  const { rows } = await db.query<{ channel: string; state: string; messages: number; first: string | null; last: string | null }>(sql`
    select o.channel, o.shown as state, count(*)::integer as messages, min(o.sent_at) as first, max(o.sent_at) as last
    from (
      select o.channel, o.sent_at, case when o.state <> 'queued' then o.state when o.next_at = 'infinity' then 'held'
        when o.attempts > 0 then 'retry' else 'queued' end as shown
      from outbox o where o.run_id = ${runId}::bigint) o
    group by 1, 2 order by 1, 2`);
  const channels: Record<string, Record<string, number>> = {};
  for (const { channel, state, messages } of rows) channels[channel] = { ...channels[channel], [state]: messages };
  const times = (of: 'first' | 'last') => rows.flatMap((row) => instantOf(row[of]) ?? []).toSorted();
  return { channels, sent: { first_at: times('first').at(0) ?? null, last_at: times('last').at(-1) ?? null } };
}

/** State in the outbox → messages, whatever the channel; what waits for whatever reason is queued. */
export function sumByState(channels: ByChannel): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const states of Object.values(channels)) {
    for (const [shown, messages] of Object.entries(states)) {
      const state = shown === 'held' || shown === 'retry' ? 'queued' : shown;
      sums[state] = (sums[state] ?? 0) + messages;
    }
  }
  return sums;
}

type Exception = 'skipped' | 'failed' | 'conflict';

/** What users are for a reason. */
export async function outcomesByReason(db: Queryable, runId: number): Promise<ReadonlyMap<string, Exception>> {
  const { rows } = await db.query<{ reason: string; outcome: Exception }>(sql`
    select o.reason, min(o.outcome) as outcome from run_outcomes o where o.run_id = ${runId}::bigint group by o.reason`);
  return new Map(rows.map(({ reason, outcome }) => [reason, outcome]));
}

/** JSON inside a row has instants as PostgreSQL writes them. */
function instantOf(value: string | null): string | null {
  return value === null ? null : new Date(value).toISOString();
}
