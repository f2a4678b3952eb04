import { useTranslation } from 'react-i18next';
import { Card, EmptyState, Page } from '../../components/index.ts';

export function NewJobPage() {
  const { t } = useTranslation('new-job');
  return (
    <Page title={t('title')}>
      <Card>
        <EmptyState title={t('title')} />
      </Card>
    </Page>
  );
}
