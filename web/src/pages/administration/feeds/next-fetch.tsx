import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../lib/format.ts';
import { CronText } from '../../jobs/cron-text.tsx';
import type { Feed } from './feeds-page.tsx';

/** When files are fetched next, and how often. */
export function NextFetch({ feed: { cron, next_at: next, source } }: { readonly feed: Pick<Feed, 'cron' | 'next_at' | 'source'> }) {
  const { t } = useTranslation('admin-feeds');
  const format = useFormat();
  if (source.kind === 'upload' || cron === null) return <span className="muted">{t('by_hand')}</span>;
  return (
    <span>
      {next !== null && <time dateTime={next}>{format.instant(next)}</time>}
      <span className="feed-under small muted" title={cron}>
        <CronText cron={cron} bare />
      </span>
    </span>
  );
}
