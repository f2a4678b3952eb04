import { useTranslation } from 'react-i18next';
import { Card, EmptyState, Page } from '../../../components/index.ts';
import { useAdministrationCrumbs } from '../crumbs.ts';

export function RulesPage() {
  const { t } = useTranslation('admin-access');
  return (
    <Page title={t('rules_title')} crumbs={useAdministrationCrumbs()}>
      <Card>
        <EmptyState title={t('rules_title')} />
      </Card>
    </Page>
  );
}
