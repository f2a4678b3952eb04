import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/index.ts';
import { ButtonLink, Card, Notice, NumberText, TextLink, WarnIcon } from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { useFormat } from '../../lib/format.ts';
import type { Report } from './job-page.tsx';
import { MakeSet } from './make-set.tsx';

/** The file that a run loaded; undefined while it is on its way, and for those who may not see feeds. */
function useFileOf(run: number) {
  const can = useCan();
  const { data } = useApi('feed.files', { run, limit: 1 }, { enabled: can('users:import') });
  return data?.files[0];
}

/** The way to the file of a run that waits for a person; nothing for those who may not see feeds. */
export function FeedFileLink({ run, label }: { readonly run: number; readonly label: string }) {
  const file = useFileOf(run);
  if (file === undefined) return null;
  return (
    <ButtonLink to="/administration/feed-files/$id" params={{ id: String(file.id) }} small>
      {label}
    </ButtonLink>
  );
}

/** A file that waits is decided with its feed, not here. */
export function FeedWaits({ run, reason }: { readonly run: number; readonly reason: string | null }) {
  const { t } = useTranslation('jobs');
  return (
    <Notice tone="warn" icon={WarnIcon} title={t('feed.waits')} actions={<FeedFileLink run={run} label={t('feed.look')} />}>
      {reason ?? t('feed.waits_text')}
    </Notice>
  );
}

/** Of which feed a load was, of which file, and what it did not take. */
export function FeedCard({ report }: { readonly report: Report }) {
  const { t } = useTranslation('jobs');
  const can = useCan();
  const { number } = useFormat();
  const file = useFileOf(report.id);
  if (file === undefined) return null;
  const { counts } = file;
  return (
    <Card title={t('feed.title')}>
      <dl className="dl details">
        <dt>{t('feed.of')}</dt>
        <dd>
          <TextLink to="/administration/feeds/$code" params={{ code: file.feed }}>
            {file.feed}
          </TextLink>
        </dd>
        <dt>{t('feed.file')}</dt>
        <dd>
          <TextLink to="/administration/feed-files/$id" params={{ id: String(file.id) }}>
            <bdi className="adm-break">{file.name}</bdi>
          </TextLink>
        </dd>
        {file.state === 'loaded' && counts !== null && counts.created > 0 && (
          <>
            <dt>{t('feed.created')}</dt>
            <dd>
              <NumberText value={counts.created} />{' '}
              {can('sets:write') && <MakeSet report={report} outcome="created" count={counts.created} />}
            </dd>
          </>
        )}
        {file.state === 'loaded' && counts !== null && counts.rejected > 0 && (
          <>
            <dt>{t('feed.rejected')}</dt>
            <dd>
              <TextLink to="/administration/feed-rejections/$run" params={{ run: String(report.id) }}>
                {t('feed.rejected_count', { count: counts.rejected, number: number(counts.rejected) })}
              </TextLink>
            </dd>
          </>
        )}
      </dl>
    </Card>
  );
}
