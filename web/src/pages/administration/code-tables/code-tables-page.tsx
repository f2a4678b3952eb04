import { useTranslation } from 'react-i18next';
import { Card, EmptyState, Page } from '../../../components/index.ts';
import { useAdministrationCrumbs } from '../crumbs.ts';

export function CodeTablesPage() {
  const { t } = useTranslation('admin-library');
  return (
    <Page title={t('code_tables_title')} crumbs={useAdministrationCrumbs()}>
      <Card>
        <EmptyState title={t('code_tables_title')} />
      </Card>
    </Page>
  );
}
