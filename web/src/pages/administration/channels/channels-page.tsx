import { useTranslation } from 'react-i18next';
import { Card, EmptyState, Page } from '../../../components/index.ts';
import { useAdministrationCrumbs } from '../crumbs.ts';

export function ChannelsPage() {
  const { t } = useTranslation('admin-library');
  return (
    <Page title={t('channels_title')} crumbs={useAdministrationCrumbs()}>
      <Card>
        <EmptyState title={t('channels_title')} />
      </Card>
    </Page>
  );
}
