import { useTranslation } from 'react-i18next';
import { type Output, useApi } from '../../../api/index.ts';
import { Card, type Column, DataTable, NoMatch, None, NumberText } from '../../../components/index.ts';
import { useFormat } from '../../../lib/format.ts';
import { useRows } from '../parts/rows.ts';

type Row = Output<'purge.statistics'>['rows'][number];

/** How many users purges have erased; what remains of them. */
export function StatisticsCard() {
  const { t } = useTranslation('admin-system');
  const format = useFormat();
  const rows = useRows(useApi('purge.statistics', {}), (answer) => answer.rows);
  const columns: readonly Column<Row>[] = [
    { id: 'month', label: t('statistics_month'), title: true, cell: ({ month }) => `${format.month(month, 'long')} ${month.slice(0, 4)}` },
    { id: 'group', label: t('statistics_group'), cell: ({ user_group_label: label }) => (label === null ? <None /> : <bdi>{label}</bdi>) },
    { id: 'campus', label: t('statistics_campus'), cell: ({ campus_label: label }) => (label === null ? <None /> : <bdi>{label}</bdi>) },
    { id: 'users', label: t('statistics_users'), number: true, cell: ({ users }) => <NumberText value={users} /> },
    {
      id: 'categories',
      label: t('statistics_categories'),
      cell: ({ categories }) =>
        categories.length === 0 ? <None /> : categories.map(({ label, users }) => `${label} ${format.number(users)}`).join(', '),
      emptyOnCard: ({ categories }) => categories.length === 0,
    },
  ];
  // Before the first purge there is nothing to say of it that the purge above does not say.
  if (rows.rows.length === 0 && !rows.loading && rows.problem === null) return null;
  return (
    <Card flush title={t('statistics_title')}>
      <DataTable
        label={t('statistics_title')}
        columns={columns}
        rows={rows}
        rowId={({ month, user_group, campus_code }) => JSON.stringify([month, user_group, campus_code])}
        empty={<NoMatch />}
      />
    </Card>
  );
}
