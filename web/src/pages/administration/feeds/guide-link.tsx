import { useTranslation } from 'react-i18next';
import { basePath } from '../../../api/index.ts';

/** The way to the guide's page on feeds, which the server draws in the reader's language. */
export function GuideLink() {
  const { t } = useTranslation('admin-feeds');
  return (
    <a className="link nowrap" href={`${basePath()}/help/guide/feeds`}>
      {t('help')}
    </a>
  );
}
