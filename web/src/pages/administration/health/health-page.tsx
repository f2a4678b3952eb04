import { useTranslation } from 'react-i18next';
import { Card, EmptyState, Page } from '../../../components/index.ts';
import { useAdministrationCrumbs } from '../crumbs.ts';

export function HealthPage() {
  const { t } = useTranslation('admin-system');
  return (
    <Page title={t('health_title')} crumbs={useAdministrationCrumbs()}>
      <Card>
        <EmptyState title={t('health_title')} />
      </Card>
    </Page>
  );
}
