/**
 * The states of a run and who moves it (names as in Alma's systemJobStatus, plus PAUSED):
 *
 *   MANUAL_HANDLING_REQUIRED  a schedule or a program tripped the guard; a person resumes or aborts it. Or it is large:
 *                             a second person approves or rejects it
 *   RUNNING                   members are frozen, workers take chunks
 *   PAUSED                    by a person, or by the worker when the database has no room (53xxx)
 *   COMPLETED_*               the worker that finishes the last chunk
 *   FAILED                    the worker, when a chunk cannot be applied at all
 *   USER_ABORTED              a person; chunks that were done stay done
 *
 * QUEUED, INITIALIZING and FINALIZING are passed through inside single transactions, so nobody sees
 * them; they are kept for programs that know Alma's names.
 */
import type { PoolClient } from 'pg';
import sql from 'sql-template-tag';
import { z } from 'zod';
import type { Counts } from '../changes/index.ts';
import { AppError } from '../core/index.ts';
import { releaseLetters } from './letters.ts';
import { eventOf, noteRunMails } from '../letters/index.ts';

export const runStateSchema = z.enum([
  'MANUAL_HANDLING_REQUIRED',
  'QUEUED',
  'INITIALIZING',
  'RUNNING',
  'PAUSED',
  'FINALIZING',
  'COMPLETED_SUCCESS',
  'COMPLETED_WARNING',
  'COMPLETED_FAILED',
  'COMPLETED_NO_BULKS',
  'FAILED',
  'SKIPPED',
  'SYSTEM_ABORTED',
  'USER_ABORTED',
]);
export type RunState = z.output<typeof runStateSchema>;

const NEXT = {
  MANUAL_HANDLING_REQUIRED: ['MANUAL_HANDLING_REQUIRED', 'RUNNING', 'COMPLETED_NO_BULKS', 'USER_ABORTED', 'SKIPPED'],
  QUEUED: ['MANUAL_HANDLING_REQUIRED', 'RUNNING', 'USER_ABORTED'],
  INITIALIZING: ['RUNNING', 'FAILED'],
  RUNNING: [
    'PAUSED',
    'COMPLETED_SUCCESS',
    'COMPLETED_WARNING',
    'COMPLETED_FAILED',
    'COMPLETED_NO_BULKS',
    'FAILED',
    'USER_ABORTED',
    'SYSTEM_ABORTED',
  ],
  PAUSED: ['RUNNING', 'USER_ABORTED'],
  FINALIZING: ['COMPLETED_SUCCESS', 'COMPLETED_WARNING', 'COMPLETED_FAILED'],
  COMPLETED_SUCCESS: [],
  COMPLETED_WARNING: [],
  COMPLETED_FAILED: [],
  COMPLETED_NO_BULKS: [],
  FAILED: ['RUNNING'],
  SKIPPED: [],
  SYSTEM_ABORTED: [],
  USER_ABORTED: [],
} as const satisfies Record<RunState, readonly RunState[]>;

export function isFinal(state: RunState): boolean {
  return NEXT[state].length === 0 || state === 'FAILED';
}

/** How a run whose chunks are all done has ended. */
export function finalState(counts: Counts): RunState {
  if (counts.members === 0) return 'COMPLETED_NO_BULKS';
  if (counts.failed === counts.members) return 'COMPLETED_FAILED';
  return counts.failed > 0 || counts.conflict > 0 ? 'COMPLETED_WARNING' : 'COMPLETED_SUCCESS';
}

export interface Move {
  readonly to: RunState;
  readonly reason?: string;
  readonly counts?: Counts;
}

/** The one function that moves a run; throws `runs.wrong_state` when the present state does not lead there. */
export async function moveRun(tx: PoolClient, id: number, move: Move): Promise<void> {
  const { rows } = await tx.query<{ state: RunState }>(sql`select r.state from runs r where r.id = ${id}::bigint for no key update`);
  const state = rows[0]?.state;
  if (state === undefined) throw new AppError('runs.not_found', { id });
  if (!(NEXT[state] as readonly RunState[]).includes(move.to)) throw new AppError('runs.wrong_state', { id, state, wanted: move.to });
  await tx.query(sql`update runs set state = ${move.to}::text, state_reason = ${move.reason ?? null}::text,
    counts = coalesce(${move.counts === undefined ? null : JSON.stringify(move.counts)}::jsonb, counts),
    started_at = case when ${move.to}::text = 'RUNNING' then coalesce(started_at, now()) else started_at end,
    finished_at = case when ${isFinal(move.to)}::boolean then clock_timestamp() end
    where id = ${id}::bigint`);
  if (isFinal(move.to)) await releaseLetters(tx, id);
  const event = eventOf(move.to, move.reason ?? null);
  if (event !== null) await noteRunMails(tx, id, event);
}
