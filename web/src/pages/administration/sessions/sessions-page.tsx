import { useTranslation } from 'react-i18next';
import { Card, EmptyState, Page } from '../../../components/index.ts';
import { useAdministrationCrumbs } from '../crumbs.ts';

export function SessionsPage() {
  const { t } = useTranslation('admin-access');
  return (
    <Page title={t('sessions_title')} crumbs={useAdministrationCrumbs()}>
      <Card>
        <EmptyState title={t('sessions_title')} />
      </Card>
    </Page>
  );
}
