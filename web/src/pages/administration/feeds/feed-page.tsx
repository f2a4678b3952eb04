import './feeds.css';
import { Button } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useApi, useApiMutation } from '../../../api/index.ts';
import {
  Answer,
  ButtonLink,
  Card,
  DateText,
  KeyFigure,
  LoadingPage,
  Notice,
  RefreshIcon,
  SettingsIcon,
  TextLink,
  toast,
  toastProblem,
} from '../../../components/index.ts';
import { useCan } from '../../../lib/access.ts';
import { AdminPage } from '../parts/admin-page.tsx';
import type { Feed } from './feeds-page.tsx';
import { FilesCard } from './files-card.tsx';
import { HeldNotice } from './held-notice.tsx';
import { NextFetch } from './next-fetch.tsx';
import { MOVED } from './moved.ts';
import { UploadCard } from './upload-card.tsx';

const route = getRouteApi('/administration/feeds/$code');
const LOOK_MS = 10_000;

/** One feed: whom it owns, what came, and a file to look at and load. */
export function FeedPage() {
  const { t } = useTranslation('admin-feeds');
  const { code } = route.useParams();
  const shown = useApi('feed.show', { code }, { refetchInterval: LOOK_MS });
  if (shown.data === undefined) {
    return (
      <AdminPage title={t('name')} section="/administration/feeds">
        <Card>
          <Answer of={shown} loading={<LoadingPage />}>
            {() => null}
          </Answer>
        </Card>
      </AdminPage>
    );
  }
  return <Shown feed={shown.data} />;
}

function Shown({ feed }: { readonly feed: Feed }) {
  const { t } = useTranslation('admin-feeds');
  const { code, name, description, enabled, held_file: held, source } = feed;
  return (
    <AdminPage
      section="/administration/feeds"
      title={name}
      beside={
        <>
          <span className="badge outline mono">{code}</span>
          {!enabled && <span className="badge plain">{t('off')}</span>}
        </>
      }
      sub={description ?? t(`source_${source.kind}`)}
      actions={<Actions feed={feed} />}
    >
      {held !== null && <HeldNotice name={name} file={held} />}
      {!enabled && (
        <Notice tone="info" title={t('is_off')}>
          {t('is_off_text')}
        </Notice>
      )}
      <Figures feed={feed} />
      {enabled && <UploadCard key={code} code={code} />}
      <FilesCard code={code} />
    </AdminPage>
  );
}

function Actions({ feed: { code, name, source, enabled } }: { readonly feed: Feed }) {
  const { t } = useTranslation('admin-feeds');
  const can = useCan();
  const fetching = useApiMutation('feed.fetch', {
    invalidates: MOVED,
    onSuccess: ({ files }) => toast(files.length === 0 ? t('fetched_none') : t('fetched', { count: files.length })),
  });
  return (
    <>
      {source.kind !== 'upload' && enabled && (
        <Button
          variant="default"
          leftSection={<RefreshIcon />}
          loading={fetching.isPending}
          onClick={() => fetching.mutate({ code }, { onError: toastProblem })}
        >
          {t('fetch')}
        </Button>
      )}
      {can('settings:write') && (
        <ButtonLink to="/administration/feeds/$code/settings" params={{ code }} icon={SettingsIcon} aria-label={t('edit_title', { name })}>
          {t('edit')}
        </ButtonLink>
      )}
    </>
  );
}

function Figures({ feed }: { readonly feed: Feed }) {
  const { t } = useTranslation('admin-feeds');
  const { users, absent, absent_set: set, exported_to: exported } = feed;
  return (
    <Card>
      <div className="stats">
        <KeyFigure label={t('users')} value={users} />
        <KeyFigure
          label={t('absent')}
          value={absent}
          detail={t('absent_detail')}
          link={
            set !== null && (
              <TextLink to="/sets/$id" params={{ id: String(set.id) }} className="link small" aria-label={set.name}>
                {t('absent_set')}
              </TextLink>
            )
          }
        />
        <KeyFigure
          label={t('next_fetch')}
          value={
            <span className="feed-next">
              <NextFetch feed={feed} />
            </span>
          }
        />
        {exported !== null && (
          <KeyFigure
            label={t('exported_to')}
            value={
              <span className="feed-next">
                <DateText value={exported} as="instant" />
              </span>
            }
          />
        )}
      </div>
    </Card>
  );
}
