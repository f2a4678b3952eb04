import { useTranslation } from 'react-i18next';
import { Card, EmptyState, Page } from '../../../components/index.ts';
import { useAdministrationCrumbs } from '../crumbs.ts';

export function LibraryPage() {
  const { t } = useTranslation('admin-library');
  return (
    <Page title={t('library_title')} crumbs={useAdministrationCrumbs()}>
      <Card>
        <EmptyState title={t('library_title')} />
      </Card>
    </Page>
  );
}
