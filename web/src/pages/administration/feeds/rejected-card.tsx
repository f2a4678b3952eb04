import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Output } from '../../../api/index.ts';
import { Card, type Column, DataTable, NoMatch, None, NumberText, TextLink } from '../../../components/index.ts';
import { rowsOf } from './rows-of.ts';

export type Rejection = Output<'feed.rejections'>['rejections'][number];

/** Line, user, field and message of a record that is not taken. */
export function useRejectionColumns(parts: boolean): readonly Column<Rejection>[] {
  const { t } = useTranslation('admin-feeds');
  return [
    ...(parts ? [{ id: 'part', label: t('rejected_part'), cell: ({ part }: Rejection) => <bdi className="adm-break">{part}</bdi> }] : []),
    { id: 'line', label: t('rejected_line'), number: true, width: '80px', cell: ({ line }) => <NumberText value={line} /> },
    { id: 'message', label: t('rejected_why'), title: true, wraps: true, cell: ({ message }) => message },
    {
      id: 'user',
      label: t('rejected_user'),
      cell: ({ primary_id: id }) =>
        id === null || id === ERASED ? (
          (id ?? <None />)
        ) : (
          <TextLink to="/users/$id" params={{ id }}>
            <bdi className="adm-break">{id}</bdi>
          </TextLink>
        ),
      emptyOnCard: ({ primary_id: id }) => id === null,
    },
    { id: 'field', label: t('rejected_field'), cell: ({ field }) => <span className="mono small adm-break">{field}</span> },
    { id: 'code', label: t('rejected_rule'), cell: ({ code }) => <span className="mono small muted adm-break">{code}</span> },
  ];
}

/** What stands in place of a user who was erased. */
const ERASED = '[erased]';

export function RejectedCard({ rejections, rejected }: { readonly rejections: readonly Rejection[]; readonly rejected: number }) {
  const { t } = useTranslation('admin-feeds');
  const rows = useMemo(() => rowsOf(rejections), [rejections]);
  const columns = useRejectionColumns(rejections.some(({ part }) => part !== null));
  return (
    <Card flush title={t('rejected_title')} count={<NumberText value={rejected} />} sub={t('rejected_sub')}>
      <DataTable
        label={t('rejected_title')}
        columns={columns}
        rows={rows}
        rowId={({ part, line, field, code }) => `${part} ${line} ${field} ${code}`}
        rowHeight={52}
        empty={<NoMatch />}
      />
    </Card>
  );
}
