import { useTranslation } from 'react-i18next';
import { Card, EmptyState, Page } from '../../components/index.ts';

export function SetPage() {
  const { t } = useTranslation('sets');
  return (
    <Page title={t('set_title')}>
      <Card>
        <EmptyState title={t('set_title')} />
      </Card>
    </Page>
  );
}
