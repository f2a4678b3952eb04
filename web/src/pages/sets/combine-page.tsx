import { useTranslation } from 'react-i18next';
import { Card, EmptyState, Page } from '../../components/index.ts';

export function CombinePage() {
  const { t } = useTranslation('sets');
  return (
    <Page title={t('combine_title')}>
      <Card>
        <EmptyState title={t('combine_title')} />
      </Card>
    </Page>
  );
}
