import { useTranslation } from 'react-i18next';
import { Card, EmptyState, Page } from '../../../components/index.ts';
import { useAdministrationCrumbs } from '../crumbs.ts';

export function WebhooksPage() {
  const { t } = useTranslation('admin-system');
  return (
    <Page title={t('webhooks_title')} crumbs={useAdministrationCrumbs()}>
      <Card>
        <EmptyState title={t('webhooks_title')} />
      </Card>
    </Page>
  );
}
