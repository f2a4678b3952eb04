import type { UserDifference } from '../changes/index.ts';
import type { Preview, PreviewedChange, ReasonCount, RunReport } from '../runs/index.ts';
import { showLetters } from './letter-counts-text.ts';
import { printable, type Screen } from './screen.ts';
import { differenceLines, type FieldChanges, type RowChanges } from './values.ts';
import { padEnd, widthOf } from './width.ts';

type Outcome = 'changed' | 'unchanged' | 'skipped' | 'failed' | 'conflict';

const MARKS: Readonly<Record<Outcome, readonly [mark: string, style: Parameters<Screen['style']>[0]]>> = {
  changed: ['●', 'green'],
  unchanged: ['○', 'dim'],
  skipped: ['◇', 'yellow'],
  failed: ['✗', 'red'],
  conflict: ['⇄', 'magenta'],
};

const OUTCOMES = Object.keys(MARKS) as Outcome[];

type Counts = Readonly<Partial<Record<(typeof OUTCOMES)[number] | 'members', number | undefined>>>;

/** `12,431 users: ● 12,236 changed  ○ 180 unchanged …`: the number first, and the parts that add up to it. */
export function countsLine(screen: Screen, counts: Counts, tense: 'would' | 'did', erases = false): string {
  const parts = OUTCOMES.filter((outcome) => (counts[outcome] ?? 0) > 0 || outcome === 'changed').map((outcome) => {
    const [mark, style] = MARKS[outcome];
    const code = erases && outcome === 'changed' ? 'cli.outcome.erased' : (`cli.outcome.${outcome}.${tense}` as const);
    const words = screen.text(code, { count: counts[outcome] ?? 0 });
    return screen.style(style, `${mark} ${words}`);
  });
  return `${screen.style('bold', screen.text('cli.users', { count: counts.members ?? 0 }))}  ${parts.join('   ')}`;
}

export function showPreview(screen: Screen, preview: Preview): void {
  screen.heading(screen.text('cli.preview.title', { set: printable(preview.set), day: screen.date(preview.today) }));
  screen.line(countsLine(screen, count(preview), 'would'));
  showReasons(screen, preview.reasons);
  showChanges(screen, preview.changes, 'would');
  showLetters(screen, preview.letters, 'would');
  for (const warning of preview.warnings) screen.line(screen.style('yellow', `! ${warning}`));
  showUsers(screen, preview.users);
  if (preview.next !== null && preview.users.length > 0) screen.line();
  if (preview.next !== null) screen.say('cli.more', { command: `--after ${preview.next}` });
}

function count(preview: Pick<Preview, 'members' | 'changed' | 'unchanged' | 'skipped' | 'failed'>): Counts {
  const { members, changed, unchanged, skipped, failed } = preview;
  return { members, changed, unchanged, skipped, failed };
}

/** Per-user before → after. */
export function showUsers(screen: Screen, users: readonly UserDifference[]): void {
  for (const user of users) {
    const [mark, style] = MARKS[user.outcome];
    screen.line();
    screen.line(`${screen.style(style, mark)} ${screen.style('bold', printable(user.primary_id))}  ${printable(user.name)}`);
    if (user.reason !== null) screen.line(`    ${screen.style(style, screen.textOf(user.reason))}`);
    showDifference(screen, user.fields, user.rows);
    for (const letter of user.letters) screen.line(`    ${screen.style('cyan', `✉ ${letter}`)}`);
  }
}

/** Before → after of one user, aligned. */
export function showDifference(screen: Screen, fields: FieldChanges, rows: RowChanges): void {
  const lines = differenceLines(screen, fields, rows);
  const width = Math.max(0, ...lines.map(([label]) => widthOf(label)));
  for (const [label, text] of lines) screen.line(`    ${screen.style('dim', padEnd(label, width))}  ${text}`);
}

function showReasons(screen: Screen, reasons: readonly ReasonCount[]): void {
  for (const reason of reasons) screen.line(`    ${screen.number(reason.users)}  ${reason.text}`);
}

function showChanges(screen: Screen, changes: readonly PreviewedChange[], tense: 'would' | 'did'): void {
  if (changes.length === 0) return;
  screen.line();
  changes.forEach((change, index) => {
    screen.line(`${screen.style('bold', String(index + 1))}  ${change.words}`);
    screen.line(`   ${countsOfChange(screen, change, tense)}`);
    for (const reason of [...change.skipped_reasons, ...change.failed_reasons]) {
      screen.line(`     ${screen.number(reason.users)}  ${reason.text}`);
    }
    for (const warning of change.warnings) {
      screen.line(screen.style('yellow', `     ! ${screen.number(warning.users)}  ${warning.text}`));
    }
  });
}

function countsOfChange(screen: Screen, change: PreviewedChange, tense: 'would' | 'did'): string {
  return OUTCOMES.filter((outcome) => outcome !== 'conflict' && change[outcome] > 0)
    .map((outcome) => {
      const [mark, style] = MARKS[outcome];
      const number = outcome === 'conflict' ? 0 : change[outcome];
      return screen.style(style, `${mark} ${screen.text(`cli.outcome.${outcome}.${tense}`, { count: number })}`);
    })
    .join('   ');
}

/** The report of a run: state, counts, changes, letters, reasons. */
export function showReport(screen: Screen, run: RunReport): void {
  screen.heading(`${screen.text('cli.label.run', {})} ${run.id}  ${printable(run.name)}`);
  screen.line(screen.style(styleOf(run.state), run.state_text) + (run.state_reason === null ? '' : `: ${run.state_reason}`));
  screen.line(countsLine(screen, run.counts, 'did', run.kind === 'purge'));
  for (const remark of run.remarks) screen.line(screen.style('yellow', `! ${printable(remark)}`));
  showReasons(screen, run.reasons);
  if (run.moved > 0) screen.say('cli.report.moved', { users: run.moved });
  showChanges(screen, run.changes, 'did');
  showLetters(screen, run.letters, 'did');
  const ledger = Object.entries(run.letters.ledger).filter(([, messages]) => messages > 0);
  for (const [state, messages] of ledger) screen.line(`    ${screen.number(messages)}  ${screen.textOf(`cli.outbox.${state}`)}`);
  if (run.letters.credentials_pending > 0) screen.say('cli.report.pending', { users: run.letters.credentials_pending });
  screen.line();
  screen.pairs([
    ...(run.set === null ? [] : [[screen.text('cli.label.set', {}), printable(run.set)] as const]),
    [screen.text('cli.label.started_by', {}), printable(run.created_by)],
    [screen.text('cli.label.started', {}), screen.date(run.started_at)],
    ...(run.seconds === null
      ? []
      : [[screen.text('cli.label.duration', {}), screen.text('cli.seconds', { seconds: run.seconds })] as const]),
    ...(run.undo_of === null ? [] : [[screen.text('cli.label.undoes', {}), String(run.undo_of)] as const]),
    ...(run.undone_by.length === 0 ? [] : [[screen.text('cli.label.undone_by', {}), run.undone_by.join(', ')] as const]),
  ]);
}

export function styleOf(state: string): Parameters<Screen['style']>[0] {
  if (state === 'COMPLETED_SUCCESS' || state === 'COMPLETED_NO_BULKS') return 'green';
  if (state === 'RUNNING' || state === 'QUEUED') return 'cyan';
  if (state === 'FAILED' || state === 'COMPLETED_FAILED' || state.endsWith('_ABORTED')) return 'red';
  return 'yellow';
}
