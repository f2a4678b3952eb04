/** Runs as instances of Alma's jobs: status, progress, counters, alerts, and what became of each user. */
import type { Json } from '../../feeds/index.ts';
import type { RunReport, RunState, RunView, UserOutcome } from '../../runs/index.ts';
import { AlmaError } from '../wire/index.ts';
import { jobHead, jobOfKind } from './job-list.ts';
import type { Link } from './set-shape.ts';
import { type Coded, coded, dayOf, momentOf, pathPart } from './values.ts';

/** Alma does not know a pause: programs that wait for the end go on waiting. */
const STATUS: Partial<Record<RunState, string>> = { PAUSED: 'RUNNING' };

const ENDED: ReadonlySet<RunState> = new Set([
  'COMPLETED_SUCCESS',
  'COMPLETED_WARNING',
  'COMPLETED_FAILED',
  'COMPLETED_NO_BULKS',
  'FAILED',
  'SKIPPED',
  'SYSTEM_ABORTED',
  'USER_ABORTED',
]);

const STATES: readonly RunState[] = ['QUEUED', 'INITIALIZING', 'RUNNING', 'FINALIZING', 'MANUAL_HANDLING_REQUIRED', ...ENDED];

/** Runs of a status that a client asks for. */
export function statesOf(status: string): RunState[] {
  if (status === 'RUNNING') return ['RUNNING', 'PAUSED'];
  if (status === 'PENDING') return [];
  const state = STATES.find((each) => each === status);
  if (state === undefined) throw new AlmaError('40166410', `Invalid status: ${status.slice(0, 40)}. Known are ${STATES.join(', ')}.`);
  return [state];
}

/** An instance of a list: without counters and alerts. */
export function listedInstance(run: RunView, link: Link): Json {
  const job = jobOfKind(run.kind);
  const id = String(run.id);
  return {
    link: link(`/conf/jobs/${job?.id ?? 'ALL'}/instances/${id}`),
    id,
    external_id: id,
    name: run.name,
    submitted_by: coded(run.created_by),
    submit_time: momentOf(run.created_at),
    start_time: run.started_at === null ? null : momentOf(run.started_at),
    end_time: run.finished_at === null ? null : momentOf(run.finished_at),
    progress: progressOf(run),
    status: coded(STATUS[run.state] ?? run.state, run.state_text),
    status_date: dayOf(run.finished_at ?? run.started_at ?? run.created_at),
    alert: [],
    counter: [],
    action: [],
    job_info: job === undefined ? null : jobHead(job, link),
  };
}

export function wholeInstance(run: RunReport, link: Link): Json {
  return { ...listedInstance(run, link), alert: alertsOf(run), counter: countersOf(run) };
}

/** Percent; 100 only once it has ended. */
function progressOf(run: RunView): number {
  if (ENDED.has(run.state)) return 100;
  const { done, total } = run.progress;
  return total === 0 ? 0 : Math.min(99, Math.floor((done * 100) / total));
}

function countersOf(run: RunReport): Json[] {
  const { changed, unchanged, skipped, failed, conflict } = run.counts;
  const sent = run.letters.ledger['sent'] ?? 0;
  const counters: [code: string, words: string, value: number][] = [
    ['users_processed', 'Users processed', run.progress.done],
    ['users_updated', 'Users updated', changed],
    ['users_unchanged', 'Users that were so already', unchanged],
    ['users_skipped', 'Users skipped', skipped],
    ['users_failed', 'Users failed', failed],
    ...(conflict === undefined ? [] : [['users_conflict', 'Users changed since', conflict] satisfies [string, string, number]]),
    ['notifications', 'Notifications', run.letters.queued],
    ['notifications_sent', 'Notifications sent', sent],
    ['notifications_no_address', 'Notifications without an address', run.letters.no_address],
  ];
  return counters.map(([code, words, value]) => ({ type: coded(code, words), value: String(value) }));
}

function alertsOf(run: RunReport): Coded[] {
  return [
    ...stateAlerts(run),
    ...run.remarks.map((remark) => coded('remark', remark)),
    ...run.reasons.map(({ reason, text, users }) => coded(reason, `${text} (${users})`)),
  ];
}

function stateAlerts(run: RunReport): Coded[] {
  const words = run.state_reason ?? run.state_text;
  switch (run.state) {
    case 'COMPLETED_SUCCESS':
    case 'COMPLETED_NO_BULKS':
      return [coded('alert_general_success', run.state_text)];
    case 'COMPLETED_WARNING':
      return [coded('alert_general_warning', run.state_text)];
    case 'MANUAL_HANDLING_REQUIRED':
      return [coded('alert_manual_handling', words)];
    case 'PAUSED':
      return [coded('alert_paused', words)];
    default:
      return ENDED.has(run.state) ? [coded('alert_general_error', words)] : [];
  }
}

const OUTCOMES: Readonly<Record<UserOutcome['outcome'], string>> = {
  changed: 'Changed',
  unchanged: 'Unchanged',
  skipped: 'Skipped',
  failed: 'Failed',
  conflict: 'Changed since',
  open: 'Not yet processed',
  erased: 'Erased',
  not_kept: 'No longer kept',
};

/** What became of one user. One who has been erased since has no id any more. */
export function eventOf(outcome: UserOutcome, link: Link): Json {
  const id = outcome.primary_id;
  return {
    type: coded(outcome.outcome.toUpperCase(), OUTCOMES[outcome.outcome]),
    user: id === null ? { value: null, desc: null } : { value: id, desc: id, link: link(`/users/${pathPart(id)}`) },
    reason: outcome.reason === null ? { value: null, desc: null } : coded(outcome.reason, outcome.text ?? outcome.reason),
  };
}
