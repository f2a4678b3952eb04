import { useTranslation } from 'react-i18next';
import { useApi } from '../../../api/index.ts';
import type { Option } from './fields.tsx';

/** The codes of a table as choices, in the page's language; retired ones only where they are asked for. */
export function useCodes(table: string, { retired = false }: { readonly retired?: boolean } = {}): readonly Option[] {
  const { i18n } = useTranslation();
  const { data } = useApi('code_table.show', { table }, { staleTime: 60_000 });
  return (data?.codes ?? [])
    .filter(({ enabled }) => enabled || retired)
    .map(({ code, label_en, label_de }) => ({ value: code, label: i18n.language === 'de' ? label_de : label_en }));
}
