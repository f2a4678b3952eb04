import { useTranslation } from 'react-i18next';
import { CheckIcon, CloseIcon, PauseIcon, type RunWatch } from '../../components/index.ts';
import { useFormat } from '../../lib/format.ts';
import type { Report } from './job-page.tsx';
import { isSending, ledgerOf } from './letters-card.tsx';

type Step = 'done' | 'on' | 'held' | 'stopped' | 'open';

interface Phase {
  readonly key: string;
  readonly title: string;
  readonly detail: string;
  readonly step: Step;
}

const WHOLE: ReadonlySet<string> = new Set(['import', 'feed', 'merge']);
const ENDED_EARLY: ReadonlySet<string> = new Set(['FAILED', 'USER_ABORTED']);

interface PhasesProps {
  readonly report: Report;
  readonly watch: RunWatch;
}

/** Frozen, changed, written to, done: how far the run is in each, with time and rate. */
export function Phases({ report, watch }: PhasesProps) {
  const { t } = useTranslation('jobs');
  const phases = [useFrozen(report), useChanging(report, watch), useLetters(report), useDone(report)].filter((phase) => phase !== null);
  return (
    <div>
      <ol className={`card phases of-${phases.length}`} aria-label={t('phase.label')}>
        {phases.map(({ key, title, detail, step }) => (
          <li key={key} className={`phase ${step}`} aria-current={step === 'on' || step === 'held' ? 'step' : undefined}>
            <span className="c" aria-hidden="true">
              {step === 'done' && <CheckIcon />}
              {step === 'on' && <span className="dot" />}
              {step === 'held' && <PauseIcon />}
              {step === 'stopped' && <CloseIcon />}
            </span>
            <div>
              <b>{title}</b>
              <span>{detail}</span>
            </div>
          </li>
        ))}
      </ol>
      <span className="vh" role="status">
        {report.finished_at !== null ? report.state_text : spokenShare(watch, report)}
      </span>
    </div>
  );
}

/** Said at every tenth, not at every chunk. */
function spokenShare(watch: RunWatch, report: Report): string {
  const done = watch.event?.done ?? report.progress.done;
  const total = watch.event?.total ?? report.progress.total;
  return total === 0 ? '' : `${Math.floor((done / total) * 10) * 10} %`;
}

function useFrozen({ state, progress, chunks }: Report): Phase {
  const { t } = useTranslation('jobs');
  const { number } = useFormat();
  const done = chunks.count > 0 || progress.total === 0 || state !== 'MANUAL_HANDLING_REQUIRED';
  return {
    key: 'frozen',
    title: t('phase.frozen'),
    detail: t('phase.members', { count: progress.total, number: number(progress.total) }),
    step: done ? 'done' : 'held',
  };
}

function useChanging(report: Report, watch: RunWatch): Phase | null {
  const { t } = useTranslation('jobs');
  const format = useFormat();
  const { state, progress, chunks, started_at: started } = report;
  if (report.kind === 'edit') return null;
  const done = Math.max(watch.event?.done ?? 0, progress.done);
  const total = progress.total;
  const title = report.kind === 'undo' ? t('phase.undoing') : report.kind === 'purge' ? t('phase.deleting') : t('phase.changes');
  const phase = { key: 'changes', title };
  const of = t('phase.done_of', { done: format.number(done), total: format.number(total) });
  if (state === 'MANUAL_HANDLING_REQUIRED' || state === 'QUEUED') return { ...phase, detail: t('phase.waits'), step: 'open' };
  if (state === 'PAUSED') return { ...phase, detail: `${of}, ${t('phase.paused')}`, step: 'held' };
  if (report.finished_at === null) {
    const { rate, secondsLeft, lost } = watch;
    const more = [
      ...(rate === null || rate <= 0 ? [] : [t('phase.rate', { rate: format.number(Math.round(rate)) })]),
      ...(secondsLeft === null || lost ? [] : [t('phase.left', { time: format.duration(secondsLeft) })]),
    ];
    return { ...phase, detail: [of, ...more].join(', '), step: 'on' };
  }
  // A load or a merge is one transaction, and has no chunks to count.
  if (chunks.count === 0 && WHOLE.has(report.kind)) return { ...phase, detail: '', step: ENDED_EARLY.has(state) ? 'stopped' : 'done' };
  if (done < total) return { ...phase, detail: of, step: 'stopped' };
  const seconds = started === null || chunks.last_at === null ? null : (Date.parse(chunks.last_at) - Date.parse(started)) / 1_000;
  const took =
    seconds === null || chunks.count === 0
      ? ''
      : t('phase.took', {
          count: chunks.count,
          chunks: format.number(chunks.count),
          time: format.duration(seconds),
          rate: format.number(Math.round(total / Math.max(seconds, 0.1))),
        });
  return { ...phase, detail: took, step: 'done' };
}

function useLetters(report: Report): Phase | null {
  const { t } = useTranslation('jobs');
  const format = useFormat();
  const { all, sent, waiting, toPrint, held } = ledgerOf(report);
  const phase = { key: 'letters', title: t('phase.letters') };
  if (report.letters.recipients === 0 && all === 0) return null;
  if (all === 0) return { ...phase, detail: '', step: report.finished_at === null ? 'open' : 'done' };
  if (report.finished_at === null)
    return { ...phase, detail: t('phase.letters_wait', { count: all, number: format.number(all) }), step: 'open' };
  const of = t('phase.sent_of', { sent: format.number(sent), all: format.number(sent + waiting) });
  if (held > 0) return { ...phase, detail: `${of}, ${t('phase.paused')}`, step: 'held' };
  if (isSending(report)) return { ...phase, detail: of, step: 'on' };
  if (toPrint > 0) return { ...phase, detail: t('phase.to_print', { count: toPrint, number: format.number(toPrint) }), step: 'on' };
  return { ...phase, title: t('phase.letters_done'), detail: t('phase.sent', { count: sent, number: format.number(sent) }), step: 'done' };
}

function useDone(report: Report): Phase {
  const { t } = useTranslation('jobs');
  const format = useFormat();
  const { finished_at: finished, state } = report;
  const aborted = state === 'USER_ABORTED' || state === 'FAILED' || state === 'SYSTEM_ABORTED';
  const over = finished !== null && !isSending(report);
  return {
    key: 'done',
    title: aborted ? report.state_text : t('phase.done'),
    detail: over ? format.lately(finished) : '',
    step: aborted ? 'stopped' : over ? 'done' : 'open',
  };
}
