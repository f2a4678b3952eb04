import { useTranslation } from 'react-i18next';
import type { Crumb } from '../../components/index.ts';

/** The way up from a section of the administration. */
export function useAdministrationCrumbs(): readonly Crumb[] {
  const { t } = useTranslation('administration');
  return [{ label: t('title'), to: '/administration' }];
}
