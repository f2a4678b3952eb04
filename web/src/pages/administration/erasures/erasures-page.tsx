import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { download, type Output } from '../../../api/index.ts';
import {
  Card,
  type Column,
  DataTable,
  DateText,
  DownloadIcon,
  EmptyState,
  None,
  NumberText,
  ShieldIcon,
  TextLink,
  toastProblem,
  usePages,
} from '../../../components/index.ts';
import { AdminPage } from '../parts/admin-page.tsx';
import { PurgeCard } from './purge-card.tsx';
import { StatisticsCard } from './statistics-card.tsx';

type Erasure = Output<'erasure.list'>['erasures'][number];
const PAGE = 100;

export function ErasuresPage() {
  const { t } = useTranslation('admin-system');
  const [busy, setBusy] = useState(false);
  const rows = usePages(
    'erasure.list',
    { limit: PAGE },
    {
      at: (input, next) => ({ ...input, before: Number(next) }),
      next: ({ erasures }) => (erasures.length < PAGE ? null : (erasures.at(-1)?.id ?? null)),
      rows: (page) => page.erasures,
    },
  );
  const columns: readonly Column<Erasure>[] = [
    { id: 'at', label: t('erased_at'), title: true, cell: ({ at }) => <DateText value={at} as="instant" /> },
    { id: 'actor', label: t('erased_by'), cell: ({ actor }) => <bdi>{actor}</bdi> },
    { id: 'users', label: t('erased_users'), number: true, cell: ({ users }) => <NumberText value={users} /> },
    { id: 'reason', label: t('erased_reason'), cell: ({ reason }) => reason ?? <None />, emptyOnCard: ({ reason }) => reason === null },
    {
      id: 'forced',
      label: t('erased_forced'),
      cell: ({ forced }) => (forced ? t('erased_yes') : <None />),
      emptyOnCard: ({ forced }) => !forced,
    },
    {
      id: 'run',
      label: t('delivery_run'),
      cell: ({ run_id }) =>
        run_id === null ? (
          <None />
        ) : (
          <TextLink to="/jobs/$id" params={{ id: String(run_id) }}>
            {run_id}
          </TextLink>
        ),
      emptyOnCard: ({ run_id }) => run_id === null,
    },
  ];
  const save = async (): Promise<void> => {
    setBusy(true);
    await download('erasure.list', {}).catch(toastProblem);
    setBusy(false);
  };
  return (
    <AdminPage title={t('erasures_title')} sub={t('erasures_sub')}>
      <PurgeCard />
      <Card
        flush
        title={t('erasures_list')}
        right={
          rows.rows.length > 0 && (
            <Button leftSection={<DownloadIcon />} loading={busy} onClick={() => void save()}>
              {t('erasures_file')}
            </Button>
          )
        }
        {...(rows.rows.length > 0 ? { foot: t('erasures_file_text') } : {})}
      >
        <DataTable
          label={t('erasures_list')}
          columns={columns}
          rows={rows}
          rowId={({ id }) => String(id)}
          empty={<EmptyState icon={ShieldIcon} title={t('erasures_none')} text={t('erasures_none_text')} />}
        />
      </Card>
      <StatisticsCard />
    </AdminPage>
  );
}
