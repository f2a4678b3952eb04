import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Output } from '../../../api/index.ts';
import { Card, KeyFigure, OutcomeBar } from '../../../components/index.ts';
import { DifferencesCard } from './differences-card.tsx';
import { ReasonsCard } from './reasons-card.tsx';
import { RejectedCard } from './rejected-card.tsx';

type Preview = Output<'feed.preview'>;
export type Counts = Omit<Preview, 'users' | 'rejections'>;

interface LoadReportProps {
  readonly counts: Counts;
  readonly users: Preview['users'];
  readonly rejections: Preview['rejections'];
  /** The run that did it; null: nothing was written, or by none. */
  readonly run: { readonly id: number; readonly name: string } | null;
  /** False: it is what would be. */
  readonly done: boolean;
  /** What can be done now, between the numbers and the lists. */
  readonly children?: ReactNode;
}

/** What a file would do, or has done: counts that add up, why records were left out, and the first users before and after. */
export function LoadReport({ counts, users, rejections, run, done, children }: LoadReportProps) {
  return (
    <>
      <CountsCard counts={counts} done={done} />
      {children}
      <ReasonsCard counts={counts} run={run} done={done} />
      {users.length > 0 && <DifferencesCard users={users} of={counts.updated} />}
      {rejections.length > 0 && <RejectedCard rejections={rejections} rejected={counts.rejected} />}
    </>
  );
}

function CountsCard({ counts, done }: { readonly counts: Counts; readonly done: boolean }) {
  const { t } = useTranslation('admin-feeds');
  const { created, updated, unchanged, rejected, absent, held, released, codes_added: codes } = counts;
  return (
    <Card title={t(done ? 'did_title' : 'would_title')}>
      <div className="stackv">
        <OutcomeBar
          size="lg"
          counts={{ changed: created + updated, unchanged, skipped: absent, failed: rejected }}
          words={{ changed: t('word_written'), skipped: t('word_absent'), failed: t('word_rejected') }}
        />
        <div className="stats feed-stats">
          <KeyFigure
            icon={<i className="sw c" aria-hidden="true" />}
            label={t(done ? 'count_created' : 'count_created_would')}
            value={created}
          />
          <KeyFigure
            icon={<i className="sw c" aria-hidden="true" />}
            label={t(done ? 'count_updated' : 'count_updated_would')}
            value={updated}
          />
          <KeyFigure icon={<i className="sw u" aria-hidden="true" />} label={t('count_unchanged')} value={unchanged} />
          <KeyFigure icon={<i className="sw s" aria-hidden="true" />} label={t('count_absent')} value={absent} />
          <KeyFigure icon={<i className="sw f" aria-hidden="true" />} label={t('count_rejected')} value={rejected} />
          {held + released > 0 && (
            <KeyFigure
              label={t('count_held')}
              value={held}
              detail={released > 0 ? t('count_held_released', { released }) : t('count_held_detail')}
            />
          )}
          {codes > 0 && <KeyFigure label={t('count_codes')} value={codes} />}
        </div>
      </div>
    </Card>
  );
}
