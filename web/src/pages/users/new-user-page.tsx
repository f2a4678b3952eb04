import { useTranslation } from 'react-i18next';
import { Card, Page } from '../../components/index.ts';

export function NewUserPage() {
  const { t } = useTranslation('users');
  return (
    <Page title={t('add')}>
      <Card />
    </Page>
  );
}
