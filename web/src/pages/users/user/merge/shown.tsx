import { useTranslation } from 'react-i18next';
import { None } from '../../../../components/index.ts';
import { useFormat } from '../../../../lib/format.ts';

/** A value as the record has it, in the words of its code where it is one. */
export function Shown({ value, label }: { readonly value?: unknown; readonly label?: string | null }) {
  const { t } = useTranslation('merge');
  const format = useFormat();
  if (label !== undefined && label !== null && label !== '') return <bdi>{label}</bdi>;
  if (value === null || value === undefined || value === '') return <None />;
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
  if (typeof value === 'number') return format.number(value);
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)) return format.date(value);
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) return format.instant(value);
  return <bdi>{typeof value === 'object' ? JSON.stringify(value) : String(value)}</bdi>;
}
