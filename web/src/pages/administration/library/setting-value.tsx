import { useTranslation } from 'react-i18next';
import { languageName } from '../../../components/index.ts';
import { useFormat } from '../../../lib/format.ts';

const LONGEST = 60;

/** A setting's value as one reads it: yes or no, a number, a text, or its parts. */
export function SettingValue({ value, name = '' }: { readonly value: unknown; readonly name?: string }) {
  const { t } = useTranslation('admin-library');
  const { number } = useFormat();
  const words = usePartWords();
  const choice = useChoiceWord(name);
  const partOf = (part: unknown): string => {
    if (part === null) return t('part_no_limit');
    if (typeof part === 'number') return number(part);
    if (typeof part !== 'object') return choice(String(part));
    return Object.keys(part).length === 0 ? t('part_none') : JSON.stringify(part);
  };
  if (value === null || value === undefined || value === '') return <span className="muted">{t('value_none')}</span>;
  if (typeof value === 'boolean') return t(value ? 'value_yes' : 'value_no');
  if (typeof value === 'number') return number(value);
  if (typeof value === 'string') return <bdi>{value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : choice(value)}</bdi>;
  const parts = Array.isArray(value)
    ? value.map(String)
    : Object.entries(value).map(([part, given]) => `${words[part] ?? part}: ${partOf(given)}`);
  if (parts.length === 0) return <span className="muted">{t('value_none')}</span>;
  const said = parts.join(' · ');
  return <span className="small">{said.length > 3 * LONGEST ? `${said.slice(0, 3 * LONGEST)}…` : said}</span>;
}

/** Words for the parts of settings that have several; of others the name stands as it is. */
export function usePartWords(): Readonly<Record<string, string>> {
  const { t } = useTranslation('admin-library');
  return {
    above: t('part_above'),
    share: t('part_share'),
    atLeast: t('part_at_least'),
    absolute: t('part_absolute'),
    running: t('part_running'),
    perHour: t('part_per_hour'),
    perSecond: t('part_per_second'),
    perDay: t('part_per_day'),
    title: t('part_title'),
    externalId: t('part_external_id'),
    notifications: t('part_notifications'),
  };
}

const CHOICES = ['off', 'chosen', 'without_email', 'credentials', 'all', 'none', 'keep', 'remove', 'din5008', 'us10'] as const;

/** Words for what a setting can be chosen to be: countries and languages by their names, codes that nobody has a word for as they are. */
export function useChoiceWord(setting: string): (value: string) => string {
  const { t } = useTranslation('admin-library');
  const { locale } = useFormat();
  return (value) => {
    if (setting === 'library.language') return languageName(value, locale);
    if (setting === 'library.country') return regionName(value, locale);
    const known = CHOICES.find((each) => each === value);
    return known === undefined ? value : t(`choice.${known}`);
  };
}

function regionName(code: string, locale: string): string {
  try {
    const name = new Intl.DisplayNames([locale], { type: 'region' }).of(code);
    return name === undefined || name === code ? code : `${name} (${code})`;
  } catch {
    return code;
  }
}
