import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useApiMutation } from '../../api/index.ts';
import { Card, Notice, OutcomeBar, OutcomeCounts } from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import type { Report } from './job-page.tsx';

/** Before somebody decides on a run that waits: what it would do, worked out anew when it is asked for. */
export function WouldCard({ report: { kind, set_id: set, plan } }: { readonly report: Report }) {
  const { t } = useTranslation('jobs');
  const can = useCan();
  const preview = useApiMutation('job.preview');
  if (kind !== 'job' || set === null || !can('jobs:run')) return null;
  const { data, error } = preview;
  return (
    <Card title={t('would.title')}>
      {data === undefined ? (
        <>
          <p className="t2">{t('would.text')}</p>
          <Button
            variant="default"
            className="undo-more"
            loading={preview.isPending}
            onClick={() => preview.mutate({ set, plan, page: { limit: 0 } })}
          >
            {t('would.look')}
          </Button>
        </>
      ) : (
        <div role="status">
          <OutcomeBar size="lg" counts={data} />
          <p className="undo-legend">
            <OutcomeCounts counts={data} />
          </p>
          <ul className="would-changes">
            {data.changes.map((change) => (
              <li key={change.words}>
                <span className="strong">{change.words}</span>
                <OutcomeCounts counts={change} />
              </li>
            ))}
          </ul>
          {data.warnings.map((warning) => (
            <div className="after-stats" key={warning}>
              <Notice tone="info" title={warning} />
            </div>
          ))}
        </div>
      )}
      {error !== null && (
        <div className="after-stats">
          <Notice tone="fail" title={error.message} live />
        </div>
      )}
    </Card>
  );
}
