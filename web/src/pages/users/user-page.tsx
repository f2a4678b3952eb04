import { useTranslation } from 'react-i18next';
import { Card, EmptyState, Page } from '../../components/index.ts';

export function UserPage() {
  const { t } = useTranslation('users');
  return (
    <Page title={t('user_title')}>
      <Card>
        <EmptyState title={t('user_title')} />
      </Card>
    </Page>
  );
}
