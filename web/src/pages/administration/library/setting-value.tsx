import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../lib/format.ts';

const LONGEST = 60;

/** A setting's value as one reads it: yes or no, a number, a text, or its parts. */
export function SettingValue({ value }: { readonly value: unknown }) {
  const { t } = useTranslation('admin-library');
  const { number } = useFormat();
  const words = usePartWords();
  if (value === null || value === undefined || value === '') return <span className="muted">{t('value_none')}</span>;
  if (typeof value === 'boolean') return t(value ? 'value_yes' : 'value_no');
  if (typeof value === 'number') return number(value);
  if (typeof value === 'string') return <bdi>{value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value}</bdi>;
  const parts = Array.isArray(value)
    ? value.map(String)
    : Object.entries(value).map(([name, part]) => `${words[name] ?? name}: ${wordOf(part)}`);
  if (parts.length === 0) return <span className="muted">{t('value_none')}</span>;
  const said = parts.join(' · ');
  return <span className="small">{said.length > 3 * LONGEST ? `${said.slice(0, 3 * LONGEST)}…` : said}</span>;
}

function wordOf(part: unknown): string {
  return part === null ? '–' : typeof part === 'object' ? JSON.stringify(part) : String(part);
}

/** Words for the parts of settings that have several; of others the name stands as it is. */
export function usePartWords(): Readonly<Record<string, string>> {
  const { t } = useTranslation('admin-library');
  return { above: t('part_above'), share: t('part_share'), atLeast: t('part_at_least'), absolute: t('part_absolute') };
}
