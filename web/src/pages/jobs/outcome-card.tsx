import { useTranslation } from 'react-i18next';
import {
  Card,
  ConflictIcon,
  KeyFigure,
  Notice,
  OUTCOMES,
  type Outcome,
  OutcomeBar,
  OutcomeIcon,
  type RunWatch,
  TextLink,
} from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { useFormat } from '../../lib/format.ts';
import { showPart, useJobAddress } from './job-address.ts';
import type { Report } from './job-page.tsx';
import { MakeSet } from './make-set.tsx';

interface OutcomeCardProps {
  readonly report: Report;
  readonly watch: RunWatch;
}

/** What became of the members: the parts, and that they add up. */
export function OutcomeCard({ report, watch }: OutcomeCardProps) {
  const { t } = useTranslation('jobs');
  const format = useFormat();
  const { counts, progress, moved } = report;
  const total = Math.max(counts.members, progress.total);
  // A chunk counts once the report has it; those that are only known to be done are still to go here.
  const rest = Math.max(0, total - counts.members);
  const shown = OUTCOMES.filter((outcome) => outcome !== 'conflict' || counts.conflict !== undefined);
  const parts = [...shown.map((outcome) => counts[outcome] ?? 0), ...(rest > 0 ? [rest] : [])].map(format.number).join(' + ');
  const restWord = report.finished_at === null ? t('outcome.to_go') : t('outcome.not_reached');
  return (
    <Card
      title={t('outcome.title')}
      sub={<span className="hide-sm">{t('outcome.sum', { parts, count: total, number: format.number(total) })}</span>}
    >
      <div className="outcome-bar" aria-busy={watch.event !== null && !watch.event.final}>
        <OutcomeBar size="lg" counts={{ ...counts, rest }} words={{ rest: restWord }} />
        {rest > 0 && (
          <p className="small muted run-line">
            {format.number(rest)} {restWord}
          </p>
        )}
      </div>
      <div className={`stats of-${shown.length}`}>
        {shown.map((outcome) => (
          <Figure key={outcome} report={report} outcome={outcome} total={total} />
        ))}
      </div>
      {moved > 0 && (
        <div className="after-stats">
          <Notice tone="info" icon={ConflictIcon} title={t('outcome.moved', { count: moved, number: format.number(moved) })}>
            {t('outcome.moved_text')}
          </Notice>
        </div>
      )}
      {report.remarks.map((remark) => (
        <div className="after-stats" key={remark}>
          <Notice tone="info" title={remark} />
        </div>
      ))}
    </Card>
  );
}

function Figure({ report, outcome, total }: { readonly report: Report; readonly outcome: Outcome; readonly total: number }) {
  const { t } = useTranslation('jobs');
  const format = useFormat();
  const can = useCan();
  const [, put] = useJobAddress();
  const count = report.counts[outcome] ?? 0;
  // Whom a load found as they are is known as a number alone.
  const listed = count > 0 && (outcome !== 'unchanged' || report.chunks.count > 0);
  return (
    <KeyFigure
      label={<OutcomeIcon outcome={outcome} />}
      value={count}
      detail={count === 0 ? '' : t('outcome.share', { share: format.share(count, total) })}
      link={
        !listed ? undefined : report.kind === 'feed' && outcome === 'failed' ? (
          <TextLink to="/administration/feed-rejections/$run" params={{ run: String(report.id) }} className="link-button small">
            {t('outcome.show')}
          </TextLink>
        ) : (
          <span className="stat-links">
            <button
              type="button"
              className="link-button small"
              aria-label={t('outcome.show_users', { count, number: format.number(count), outcome: t(`outcome_word.${outcome}`) })}
              onClick={() => {
                put({ outcome, reason: undefined });
                showPart('users');
              }}
            >
              {t('outcome.show')}
            </button>
            {can('sets:write') && report.finished_at !== null && <MakeSet report={report} outcome={outcome} count={count} />}
          </span>
        )
      }
    />
  );
}
