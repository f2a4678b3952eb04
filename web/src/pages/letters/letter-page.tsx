import { useTranslation } from 'react-i18next';
import { Card, EmptyState, Page } from '../../components/index.ts';

export function LetterPage() {
  const { t } = useTranslation('letters');
  return (
    <Page title={t('letter_title')}>
      <Card>
        <EmptyState title={t('letter_title')} />
      </Card>
    </Page>
  );
}
