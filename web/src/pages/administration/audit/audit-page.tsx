import { useTranslation } from 'react-i18next';
import { Card, EmptyState, Page } from '../../../components/index.ts';
import { useAdministrationCrumbs } from '../crumbs.ts';

export function AuditPage() {
  const { t } = useTranslation('admin-system');
  return (
    <Page title={t('audit_title')} crumbs={useAdministrationCrumbs()}>
      <Card>
        <EmptyState title={t('audit_title')} />
      </Card>
    </Page>
  );
}
