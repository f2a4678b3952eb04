import { useTranslation } from 'react-i18next';
import { Card, EmptyState, Page } from '../../components/index.ts';

export function OutboxPage() {
  const { t } = useTranslation('outbox');
  return (
    <Page title={t('title')}>
      <Card>
        <EmptyState title={t('title')} />
      </Card>
    </Page>
  );
}
