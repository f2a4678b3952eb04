import { useTranslation } from 'react-i18next';
import { Card, EmptyState, Page } from '../../components/index.ts';

export function NewSetPage() {
  const { t } = useTranslation('sets');
  return (
    <Page title={t('new_title')}>
      <Card>
        <EmptyState title={t('new_title')} />
      </Card>
    </Page>
  );
}
