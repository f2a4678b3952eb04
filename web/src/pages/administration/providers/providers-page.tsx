import { useTranslation } from 'react-i18next';
import { Card, EmptyState, Page } from '../../../components/index.ts';
import { useAdministrationCrumbs } from '../crumbs.ts';

export function ProvidersPage() {
  const { t } = useTranslation('admin-access');
  return (
    <Page title={t('providers_title')} crumbs={useAdministrationCrumbs()}>
      <Card>
        <EmptyState title={t('providers_title')} />
      </Card>
    </Page>
  );
}
