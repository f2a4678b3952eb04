import './feeds.css';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../../api/index.ts';
import { Answer, ButtonLink, Card, EmptyState, FileIcon, JobIcon, LoadingPage, Notice, TextLink } from '../../../components/index.ts';
import { useCan } from '../../../lib/access.ts';
import { useFormat } from '../../../lib/format.ts';
import { AdminPage } from '../parts/admin-page.tsx';
import { FileStateBadge } from './file-state.tsx';
import type { FeedFile } from './files-card.tsx';
import { HeldFile } from './held-file.tsx';
import { LoadReport } from './load-report.tsx';

const route = getRouteApi('/administration/feed-files/$id');
const LOOK_MS = 3_000;

/** One file: what it did, why it was refused, or what there is to decide. */
export function FilePage() {
  const { t } = useTranslation('admin-feeds');
  const { id: given } = route.useParams();
  const id = /^[1-9]\d{0,14}$/.test(given) ? Number(given) : 0;
  // The newest of those up to this one: itself, if there is one of that number.
  const asked = useApi('feed.files', { limit: 1, before: id + 1 }, { refetchInterval: LOOK_MS });
  const file = asked.data?.files.find((each) => each.id === id);
  if (file !== undefined) return <Shown key={file.id} file={file} />;
  return (
    <AdminPage title={t('file')} section="/administration/feeds">
      <Card>
        <Answer of={asked} loading={<LoadingPage />}>
          {() => (
            <EmptyState
              icon={FileIcon}
              title={t('file_not_found')}
              text={t('file_not_found_text')}
              actions={<TextLink to="/administration/feeds">{t('title')}</TextLink>}
            />
          )}
        </Answer>
      </Card>
    </AdminPage>
  );
}

function Shown({ file }: { readonly file: FeedFile }) {
  const { t } = useTranslation('admin-feeds');
  const can = useCan();
  const format = useFormat();
  const { name, feed, state, counts, run_id: run, received_by: by, received_at: at } = file;
  return (
    <AdminPage
      section="/administration/feeds"
      title={name}
      beside={<FileStateBadge state={state} />}
      sub={
        <>
          <TextLink to="/administration/feeds/$code" params={{ code: feed }}>
            {feed}
          </TextLink>
          {' · '}
          {format.lately(at)} {t('file_by', { who: by })}
        </>
      }
      actions={
        run !== null &&
        can('jobs:read') && (
          <ButtonLink to="/jobs/$id" params={{ id: String(run) }} icon={JobIcon}>
            {t('run', { id: run })}
          </ButtonLink>
        )
      }
    >
      <StateNotice file={file} />
      {state === 'held' && counts !== null ? (
        <HeldFile file={file} counts={counts} />
      ) : (
        counts !== null && (
          <LoadReport
            counts={counts}
            users={[]}
            rejections={[]}
            run={run === null || state !== 'loaded' ? null : { id: run, name }}
            done={state === 'loaded'}
          />
        )
      )}
      <About file={file} />
    </AdminPage>
  );
}

function StateNotice({ file: { state, problem } }: { readonly file: FeedFile }) {
  const { t } = useTranslation('admin-feeds');
  switch (state) {
    case 'refused':
      return (
        <Notice tone="fail" title={t('refused_title')}>
          {problem}
        </Notice>
      );
    case 'waiting':
    case 'loading':
      return (
        <Notice tone="info" title={t(state === 'waiting' ? 'waiting_title' : 'state_loading')} live>
          {t('waiting_text')}
        </Notice>
      );
    case 'discarded':
      return <Notice tone="info" title={t('discarded_title')} />;
    default:
      return null;
  }
}

function About({ file }: { readonly file: FeedFile }) {
  const { t } = useTranslation('admin-feeds');
  const format = useFormat();
  const { bytes, parts, received_at: received, received_by: by, finished_at: finished, run_id: run, counts, state } = file;
  return (
    <Card title={t('file_about')}>
      <dl className="dl">
        <dt>{t('file_received')}</dt>
        <dd>
          {format.instant(received)} {t('file_by', { who: by })}
        </dd>
        <dt>{t('file_size')}</dt>
        <dd>{t('kilobytes', { size: format.number(Math.max(1, Math.round(bytes / 1024))) })}</dd>
        {parts.length > 0 && (
          <>
            <dt>{t('file_parts')}</dt>
            <dd className="adm-break">{parts.join(', ')}</dd>
          </>
        )}
        {finished !== null && (
          <>
            <dt>{t('file_finished')}</dt>
            <dd>{format.instant(finished)}</dd>
          </>
        )}
        {run !== null && state === 'loaded' && (counts?.rejected ?? 0) > 0 && (
          <>
            <dt>{t('count_rejected')}</dt>
            <dd>
              <TextLink to="/administration/feed-rejections/$run" params={{ run: String(run) }} className="link feed-whole">
                {t('all_rejections')}
              </TextLink>
            </dd>
          </>
        )}
      </dl>
    </Card>
  );
}
