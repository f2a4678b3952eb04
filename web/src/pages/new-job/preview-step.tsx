import { useTranslation } from 'react-i18next';
import {
  Card,
  ErrorState,
  KeyFigure,
  LoadingPage,
  MailIcon,
  Notice,
  OutcomeBar,
  OutcomeCounts,
  OutcomeIcon,
} from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { useFormat } from '../../lib/format.ts';
import { type Preview, useJob } from './job.ts';
import { JobLetter } from './job-letter.tsx';
import { LettersCount } from './letters-count.tsx';
import { PreviewTable } from './preview-table.tsx';
import { StepFoot } from './step-foot.tsx';
import { Tasks } from './tasks.tsx';

/** Everything the job would do, before anything is written. */
export function PreviewStep() {
  const { t } = useTranslation('new-job');
  const { preview, problem, retry, counting, go, draft, isComplete } = useJob();
  const can = useCan();
  const incomplete = draft.changes.filter((change) => !isComplete(change)).length;
  if (problem !== null) return <ErrorState problem={problem} onRetry={retry} />;
  if (preview === undefined) return <LoadingPage />;
  return (
    <div className={counting ? 'stackv nj-stale' : 'stackv'} aria-busy={counting}>
      {incomplete > 0 && (
        <Notice
          tone="warn"
          title={t('preview.incomplete', { count: incomplete })}
          actions={
            <button type="button" onClick={() => go('changes')}>
              {t('preview.to_changes')}
            </button>
          }
        />
      )}
      <div className="grid nj-main">
        <div className="stackv">
          <Figures preview={preview} />
          {preview.changes.length > 0 && <Bars preview={preview} />}
          {preview.letters.recipients > 0 && <LettersCount preview={preview} />}
          {can('letters:read') && Object.keys(preview.letters.by_type).length > 0 && <JobLetter />}
        </div>
        <Tasks preview={preview} />
      </div>
      <PreviewTable preview={preview} />
      <StepFoot />
    </div>
  );
}

function Figures({ preview }: { readonly preview: Preview }) {
  const { t } = useTranslation(['new-job', 'common']);
  const format = useFormat();
  const share = (part: number): string => format.share(part, preview.members);
  return (
    <Card>
      <div className="stats">
        <KeyFigure
          icon={<OutcomeIcon outcome="changed" bare />}
          label={t('common:outcome.changed')}
          value={preview.changed}
          detail={share(preview.changed)}
        />
        <KeyFigure
          icon={<OutcomeIcon outcome="unchanged" bare />}
          label={t('common:outcome.unchanged')}
          value={preview.unchanged}
          detail={t('preview.as_wished')}
        />
        <KeyFigure
          icon={<OutcomeIcon outcome="skipped" bare />}
          label={t('common:outcome.skipped')}
          value={preview.skipped}
          detail={t('preview.with_reason')}
        />
        {preview.failed > 0 && (
          <KeyFigure
            icon={<OutcomeIcon outcome="failed" bare />}
            label={t('common:outcome.failed')}
            value={preview.failed}
            detail={t('preview.left_alone')}
          />
        )}
        <KeyFigure icon={<MailIcon />} label={t('preview.letters')} value={preview.letters.queued} detail={t('preview.would_go')} />
      </div>
    </Card>
  );
}

function Bars({ preview }: { readonly preview: Preview }) {
  const { t } = useTranslation('new-job');
  const format = useFormat();
  return (
    <Card title={t('preview.would_change')} sub={t('preview.each_bar', { count: preview.members })}>
      <ol className="nj-bars">
        {preview.changes.map((change, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: changes of a plan are named by their place
          <li key={index}>
            <div className="nj-bar-head">
              <b>
                {index + 1}. {change.words}
              </b>
              <OutcomeCounts counts={change} />
            </div>
            <OutcomeBar counts={change} />
            <p className="small muted">
              {[...change.failed_reasons, ...change.skipped_reasons]
                .map(({ text, users }) => `${format.number(users)}: ${text}`)
                .join(' · ')}
            </p>
          </li>
        ))}
      </ol>
    </Card>
  );
}
