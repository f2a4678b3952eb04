import { useTranslation } from 'react-i18next';
import type { Output } from '../../../api/index.ts';
import {
  Card,
  type Column,
  DataTable,
  DateText,
  EmptyState,
  FileIcon,
  None,
  NumberText,
  TextLink,
  usePages,
} from '../../../components/index.ts';
import { useCan } from '../../../lib/access.ts';
import { FileStateBadge } from './file-state.tsx';

export type FeedFile = Output<'feed.files'>['files'][number];

const PAGE = 50;

/** The files that came, newest first, each with what it did. */
export function FilesCard({ code }: { readonly code: string }) {
  const { t } = useTranslation('admin-feeds');
  const can = useCan();
  const rows = usePages(
    'feed.files',
    { code, limit: PAGE },
    { at: (input, before) => ({ ...input, before: Number(before) }), next: (page) => page.next, rows: (page) => page.files },
  );
  const count = (id: 'created' | 'updated' | 'absent' | 'rejected', label: string): Column<FeedFile> => ({
    id,
    label,
    number: true,
    cell: ({ counts }) => (counts === null ? <None /> : <NumberText value={counts[id]} />),
    emptyOnCard: ({ counts }) => counts === null || counts[id] === 0,
  });
  const columns: readonly Column<FeedFile>[] = [
    {
      id: 'name',
      label: t('file'),
      title: true,
      cell: ({ id, name, run_id: run }) => (
        <div className="feed-file">
          <TextLink to="/administration/feed-files/$id" params={{ id: String(id) }}>
            <bdi className="adm-break">{name}</bdi>
          </TextLink>
          {run !== null && can('jobs:read') && (
            <TextLink to="/jobs/$id" params={{ id: String(run) }} className="link small">
              {t('run', { id: run })}
            </TextLink>
          )}
        </div>
      ),
    },
    { id: 'state', label: t('state'), cell: ({ state }) => <FileStateBadge state={state} /> },
    { id: 'received', label: t('file_received'), cell: ({ received_at: at }) => <DateText value={at} as="lately" /> },
    count('created', t('count_created')),
    count('updated', t('count_updated')),
    count('absent', t('absent_short')),
    count('rejected', t('rejected_short')),
  ];
  return (
    <Card flush title={t('files_title')}>
      <DataTable
        label={t('files_title')}
        columns={columns}
        rows={rows}
        rowId={({ id }) => String(id)}
        rowHeight={56}
        empty={<EmptyState icon={FileIcon} title={t('files_none')} text={t('files_none_text')} />}
      />
    </Card>
  );
}
