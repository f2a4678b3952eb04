import '../../new-job/new-job.css';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type Output, useFilterCatalogue } from '../../../api/index.ts';
import { Card, type Column, DataTable, NoMatch, NumberText, type Rows, TextLink } from '../../../components/index.ts';
import { DifferenceLines, useDifferences } from '../../new-job/differences.tsx';
import { FieldsContext } from '../../new-job/words.tsx';
import { rowsOf } from './rows-of.ts';

type Shown = Output<'feed.preview'>['users'][number];

/** The first users who would change: before → after, field by field and row by row. */
export function DifferencesCard({ users, of }: { readonly users: readonly Shown[]; readonly of: number }) {
  const catalogue = useFilterCatalogue();
  return (
    <FieldsContext value={catalogue.data ?? null}>
      <Table users={users} of={of} />
    </FieldsContext>
  );
}

function Table({ users, of }: { readonly users: readonly Shown[]; readonly of: number }) {
  const { t } = useTranslation('admin-feeds');
  const differences = useDifferences();
  const rows = useMemo<Rows<Shown>>(() => rowsOf(users), [users]);
  const columns: readonly Column<Shown>[] = [
    {
      id: 'user',
      label: t('diff_user'),
      title: true,
      width: '260px',
      cell: ({ primary_id: id, name }) => (
        <span>
          <TextLink to="/users/$id" params={{ id }}>
            <bdi>{name === '' ? id : name}</bdi>
          </TextLink>
          <span className="feed-under mono small muted">{id}</span>
        </span>
      ),
    },
    { id: 'changes', label: t('diff_changes'), cell: (user) => <DifferenceLines items={differences(user)} /> },
  ];
  return (
    <Card flush title={t('diff_title')} count={<NumberText value={of} />} sub={users.length < of ? t('diff_sub') : undefined}>
      <DataTable label={t('diff_title')} columns={columns} rows={rows} rowId={({ id }) => String(id)} rowHeight={56} empty={<NoMatch />} />
    </Card>
  );
}
