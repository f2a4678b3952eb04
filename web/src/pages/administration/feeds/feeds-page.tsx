import './feeds.css';
import { useTranslation } from 'react-i18next';
import { type Output, useApi } from '../../../api/index.ts';
import {
  ButtonLink,
  Card,
  CloudIcon,
  type Column,
  DataTable,
  DateText,
  EmptyState,
  None,
  NumberText,
  PlusIcon,
  TextLink,
} from '../../../components/index.ts';
import { useCan } from '../../../lib/access.ts';
import { AdminPage } from '../parts/admin-page.tsx';
import { useRows } from '../parts/rows.ts';
import { GuideLink } from './guide-link.tsx';
import { HeldNotice } from './held-notice.tsx';
import { FileStateBadge } from './file-state.tsx';
import { NextFetch } from './next-fetch.tsx';

export type Feed = Output<'feed.list'>['feeds'][number];

const LOOK_MS = 30_000;

/** Who sends which users, and whether something waits for a person. */
export function FeedsPage() {
  const { t } = useTranslation('admin-feeds');
  const can = useCan();
  const rows = useRows(useApi('feed.list', {}, { refetchInterval: LOOK_MS }), ({ feeds }) => feeds);
  const columns: readonly Column<Feed>[] = [
    {
      id: 'name',
      label: t('name'),
      title: true,
      cell: ({ code, name, enabled }) => (
        <span className="feed-name">
          <TextLink to="/administration/feeds/$code" params={{ code }}>
            <bdi>{name}</bdi>
          </TextLink>
          <span className="mono small muted">{code}</span>
          {!enabled && <span className="badge plain">{t('off')}</span>}
        </span>
      ),
    },
    { id: 'source', label: t('source'), cell: ({ source }) => t(`source_${source.kind}`) },
    { id: 'users', label: t('users'), number: true, cell: ({ users }) => <NumberText value={users} /> },
    {
      id: 'absent',
      label: t('absent'),
      number: true,
      cell: (feed) => <Absent feed={feed} />,
      emptyOnCard: ({ absent }) => absent === 0,
    },
    {
      id: 'last',
      label: t('last'),
      cell: ({ last_load: last }) => <Last last={last} />,
      emptyOnCard: ({ last_load: last }) => last === null,
    },
    { id: 'next', label: t('next'), cell: (feed) => <NextFetch feed={feed} /> },
  ];
  const add = can('settings:write') && (
    <ButtonLink to="/administration/new-feed" icon={PlusIcon} primary>
      {t('new')}
    </ButtonLink>
  );
  return (
    <AdminPage
      title={t('title')}
      sub={
        <>
          {t('sub')} <GuideLink />
        </>
      }
      actions={add}
    >
      {rows.rows.map((feed) => feed.held_file !== null && <HeldNotice key={feed.code} name={feed.name} file={feed.held_file} />)}
      <Card flush>
        <DataTable
          label={t('title')}
          columns={columns}
          rows={rows}
          rowId={({ code }) => code}
          rowHeight={56}
          empty={<EmptyState icon={CloudIcon} title={t('none')} text={t('none_text')} actions={add} />}
        />
      </Card>
    </AdminPage>
  );
}

/** How many the feed no longer names, as the way to the set of them. */
function Absent({ feed: { absent, absent_set: set } }: { readonly feed: Feed }) {
  if (absent === 0 || set === null) return <NumberText value={absent} />;
  return (
    <TextLink to="/sets/$id" params={{ id: String(set.id) }} aria-label={set.name}>
      <NumberText value={absent} />
    </TextLink>
  );
}

function Last({ last }: { readonly last: Feed['last_load'] }) {
  if (last === null) return <None />;
  return (
    <TextLink to="/administration/feed-files/$id" params={{ id: String(last.file_id) }} className="feed-last">
      <FileStateBadge state={last.state} />
      <DateText value={last.at} as="lately" />
    </TextLink>
  );
}
