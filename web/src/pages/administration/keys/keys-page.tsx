import { useTranslation } from 'react-i18next';
import { Card, EmptyState, Page } from '../../../components/index.ts';
import { useAdministrationCrumbs } from '../crumbs.ts';

export function KeysPage() {
  const { t } = useTranslation('admin-access');
  return (
    <Page title={t('keys_title')} crumbs={useAdministrationCrumbs()}>
      <Card>
        <EmptyState title={t('keys_title')} />
      </Card>
    </Page>
  );
}
