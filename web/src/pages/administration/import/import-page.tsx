import { useTranslation } from 'react-i18next';
import { Card, EmptyState, Page } from '../../../components/index.ts';
import { useAdministrationCrumbs } from '../crumbs.ts';

export function ImportPage() {
  const { t } = useTranslation('admin-system');
  return (
    <Page title={t('import_title')} crumbs={useAdministrationCrumbs()}>
      <Card>
        <EmptyState title={t('import_title')} />
      </Card>
    </Page>
  );
}
