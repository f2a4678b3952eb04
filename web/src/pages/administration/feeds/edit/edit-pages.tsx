import '../feeds.css';
import { Button } from '@mantine/core';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../../../api/index.ts';
import { Answer, Card, GuardedConfirm, LoadingPage, toast, TrashIcon } from '../../../../components/index.ts';
import { AdminPage } from '../../parts/admin-page.tsx';
import { useAct } from '../../parts/rows.ts';
import type { Feed } from '../feeds-page.tsx';
import { GuideLink } from '../guide-link.tsx';
import { MOVED } from '../moved.ts';
import { draftOf, NEW_DRAFT } from './draft.ts';
import { FeedForm } from './feed-form.tsx';

export function NewFeedPage() {
  const { t } = useTranslation('admin-feeds');
  const act = useAct(...MOVED);
  const navigate = useNavigate();
  return (
    <AdminPage
      section="/administration/feeds"
      title={t('new')}
      sub={
        <>
          {t('create_sub')} <GuideLink />
        </>
      }
    >
      <FeedForm
        first={NEW_DRAFT}
        stored={null}
        label={t('create')}
        onSave={async (input, code) => {
          const made = await act('feed.create', { ...input, code });
          toast(t('created', { name: made.name }));
          await navigate({ to: '/administration/feeds/$code', params: { code: made.code } });
        }}
      />
    </AdminPage>
  );
}

const route = getRouteApi('/administration/feeds/$code/settings');

export function EditFeedPage() {
  const { t } = useTranslation('admin-feeds');
  const { code } = route.useParams();
  const shown = useApi('feed.show', { code });
  return (
    <AdminPage
      section="/administration/feeds"
      title={shown.data === undefined ? t('edit') : t('edit_title', { name: shown.data.name })}
      sub={<GuideLink />}
    >
      {shown.data === undefined ? (
        <Card>
          <Answer of={shown} loading={<LoadingPage />}>
            {() => null}
          </Answer>
        </Card>
      ) : (
        <Edit feed={shown.data} />
      )}
    </AdminPage>
  );
}

function Edit({ feed }: { readonly feed: Feed }) {
  const { t } = useTranslation('admin-feeds');
  const act = useAct(...MOVED);
  const navigate = useNavigate();
  const [leaving, setLeaving] = useState(false);
  const { code, name } = feed;
  return (
    <>
      <FeedForm
        first={draftOf(feed)}
        stored={{ secret: feed.has_secret, exportSecret: feed.has_export_secret }}
        label={t('save')}
        onSave={async (input) => {
          const saved = await act('feed.update', { ...input, code });
          toast(t('saved', { name: saved.name }));
          await navigate({ to: '/administration/feeds/$code', params: { code } });
        }}
      >
        <Button className="danger push" leftSection={<TrashIcon />} onClick={() => setLeaving(true)}>
          {t('delete')}
        </Button>
      </FeedForm>
      <GuardedConfirm
        opened={leaving}
        onClose={() => setLeaving(false)}
        title={t('delete_question', { name })}
        count={1}
        typed={false}
        danger
        label={t('delete')}
        onConfirm={async () => {
          await act('feed.delete', { code });
          toast(t('deleted', { name }));
          await navigate({ to: '/administration/feeds' });
        }}
      >
        <p className="t2">{t('delete_text')}</p>
      </GuardedConfirm>
    </>
  );
}
