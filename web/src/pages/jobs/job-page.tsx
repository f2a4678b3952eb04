import { useTranslation } from 'react-i18next';
import { Card, EmptyState, Page } from '../../components/index.ts';

export function JobPage() {
  const { t } = useTranslation('jobs');
  return (
    <Page title={t('job_title')}>
      <Card>
        <EmptyState title={t('job_title')} />
      </Card>
    </Page>
  );
}
