import { useTranslation } from 'react-i18next';
import { Card, EmptyState, Page } from '../../../components/index.ts';
import { useAdministrationCrumbs } from '../crumbs.ts';

export function LetterFramePage() {
  const { t } = useTranslation('admin-library');
  return (
    <Page title={t('letter_frame_title')} crumbs={useAdministrationCrumbs()}>
      <Card>
        <EmptyState title={t('letter_frame_title')} />
      </Card>
    </Page>
  );
}
