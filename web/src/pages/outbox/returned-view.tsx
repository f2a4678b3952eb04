import { Select } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Output } from '../../api/index.ts';
import { Card, type Column, DataTable, DateText, EmptyState, NoMatch, None, UndoIcon, usePages } from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { useFormat } from '../../lib/format.ts';
import { useOutboxSearch } from './use-outbox-search.ts';

type Report = Output<'bounce.list'>['reports'][number];
const KINDS = ['hard', 'soft', 'complaint'] as const;

/** What came back: undeliverable for good or for now, or a reader who complained. */
export function ReturnedView() {
  const { t } = useTranslation('outbox');
  const can = useCan();
  const { number } = useFormat();
  const [, go] = useOutboxSearch();
  const [kind, setKind] = useState<Report['kind'] | null>(null);
  const rows = usePages(
    'bounce.list',
    { limit: 100, ...(kind === null ? {} : { kind }) },
    {
      at: (input, before) => ({ ...input, before: Number(before) }),
      next: ({ next }) => next,
      rows: ({ reports }) => reports,
      total: ({ total }) => total,
    },
  );
  const columns: readonly Column<Report>[] = [
    {
      id: 'address',
      label: t('column.to'),
      title: true,
      cell: ({ address, message }) =>
        can('jobs:read') ? (
          <button type="button" className="link-button name" onClick={() => go({ message })}>
            <bdi>{address}</bdi>
          </button>
        ) : (
          <bdi>{address}</bdi>
        ),
    },
    { id: 'kind', label: t('returned.kind'), cell: (row) => t(`kind.${row.kind}`) },
    { id: 'user', label: t('column.user'), cell: ({ user }) => <bdi>{user}</bdi> },
    { id: 'letter', label: t('column.letter'), cell: ({ letter }) => letter },
    {
      id: 'detail',
      label: t('returned.detail'),
      cell: ({ status, detail }) => {
        const said = [status, detail].filter((part) => part !== null).join(' ');
        return said === '' ? <None /> : <span title={said}>{said}</span>;
      },
    },
    { id: 'when', label: t('returned.when'), cell: ({ reported_at }) => <DateText value={reported_at} as="lately" /> },
  ];
  return (
    <Card flush title={t('view.returned')} count={rows.total === undefined ? undefined : number(rows.total)} sub={t('returned.sub')}>
      <div className="outbox-filters">
        <Select
          aria-label={t('returned.kind')}
          placeholder={t('returned.every_kind')}
          clearable
          clearButtonProps={{ 'aria-label': t('returned.every_kind') }}
          data={KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
          value={kind}
          onChange={(value) => setKind(value as Report['kind'] | null)}
        />
      </div>
      <DataTable
        label={t('view.returned')}
        columns={columns}
        rows={rows}
        rowId={({ id }) => String(id)}
        empty={
          kind === null ? (
            <EmptyState icon={UndoIcon} title={t('returned.empty')} text={t('returned.empty_text')} />
          ) : (
            <NoMatch onClear={() => setKind(null)} />
          )
        }
      />
    </Card>
  );
}
