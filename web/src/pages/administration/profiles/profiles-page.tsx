import { useTranslation } from 'react-i18next';
import { Card, EmptyState, Page } from '../../../components/index.ts';
import { useAdministrationCrumbs } from '../crumbs.ts';

export function ProfilesPage() {
  const { t } = useTranslation('admin-access');
  return (
    <Page title={t('profiles_title')} crumbs={useAdministrationCrumbs()}>
      <Card>
        <EmptyState title={t('profiles_title')} />
      </Card>
    </Page>
  );
}
