import './feeds.css';
import { Button } from '@mantine/core';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../../api/index.ts';
import { ButtonLink, Card, ChangedIcon, DataTable, EmptyState, JobIcon, NumberText, usePages } from '../../../components/index.ts';
import { useCan } from '../../../lib/access.ts';
import { AdminPage } from '../parts/admin-page.tsx';
import { ReasonsCard } from './reasons-card.tsx';
import { useRejectionColumns } from './rejected-card.tsx';

const route = getRouteApi('/administration/feed-rejections/$run');
const PAGE = 100;

/** Every record that a run did not take, with its line and the rule; or those for one reason. */
export function RejectionsPage() {
  const { t } = useTranslation('admin-feeds');
  const { run: given } = route.useParams();
  const { reason } = route.useSearch();
  const navigate = useNavigate();
  const can = useCan();
  const run = /^[1-9]\d{0,14}$/.test(given) ? Number(given) : 0;
  const rows = usePages(
    'feed.rejections',
    { run, limit: PAGE, ...(reason === undefined ? {} : { reason }) },
    {
      at: (input, after) => ({ ...input, after: Number(after) }),
      next: (page) => page.next,
      rows: (page) => page.rejections,
      enabled: run > 0,
    },
  );
  const { data } = useApi('feed.files', { run, limit: 1 }, { enabled: run > 0 });
  const file = data?.files[0];
  const columns = useRejectionColumns(rows.rows.some(({ part }) => part !== null));
  return (
    <AdminPage
      section="/administration/feeds"
      title={t('rejections_title', { id: given })}
      sub={file === undefined ? t('rejections_sub') : <bdi className="adm-break">{file.name}</bdi>}
      actions={
        can('jobs:read') &&
        run > 0 && (
          <ButtonLink to="/jobs/$id" params={{ id: String(run) }} icon={JobIcon}>
            {t('run', { id: run })}
          </ButtonLink>
        )
      }
    >
      {file?.counts != null && <ReasonsCard counts={file.counts} run={{ id: run, name: file.name }} done={file.state === 'loaded'} />}
      <Card
        flush
        title={reason === undefined ? t('rejected_title') : <span className="mono">{reason}</span>}
        {...(rows.rows.length === 0 || rows.more ? {} : { count: <NumberText value={rows.rows.length} /> })}
        sub={t('rejections_sub')}
        right={
          reason !== undefined && (
            <Button
              size="xs"
              onClick={() =>
                void navigate({ to: '/administration/feed-rejections/$run', params: { run: given }, search: {}, replace: true })
              }
            >
              {t('rejections_all')}
            </Button>
          )
        }
      >
        <DataTable
          key={reason ?? ''}
          label={t('rejected_title')}
          columns={columns}
          rows={run === 0 ? { ...rows, loading: false } : rows}
          rowId={({ part, line, field, code }) => `${part} ${line} ${field} ${code}`}
          rowHeight={52}
          empty={<EmptyState icon={ChangedIcon} title={t('rejections_none')} text={t('rejections_none_text')} />}
        />
      </Card>
    </AdminPage>
  );
}
