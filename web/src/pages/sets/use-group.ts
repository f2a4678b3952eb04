import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/index.ts';

const AN_HOUR_MS = 3_600_000;

/** A user group in words; its code while the words are on their way. */
export function useGroup(): (code: string) => string {
  const { i18n } = useTranslation();
  const { data } = useApi('code_table.show', { table: 'UserGroups' }, { staleTime: AN_HOUR_MS });
  return (code) => {
    const found = data?.codes.find((each) => each.code === code);
    const label = i18n.language === 'de' ? found?.label_de : found?.label_en;
    return label === undefined || label === '' ? code : label;
  };
}
