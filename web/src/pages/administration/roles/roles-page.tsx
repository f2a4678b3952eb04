import { useTranslation } from 'react-i18next';
import { Card, EmptyState, Page } from '../../../components/index.ts';
import { useAdministrationCrumbs } from '../crumbs.ts';

export function RolesPage() {
  const { t } = useTranslation('admin-access');
  return (
    <Page title={t('roles_title')} crumbs={useAdministrationCrumbs()}>
      <Card>
        <EmptyState title={t('roles_title')} />
      </Card>
    </Page>
  );
}
