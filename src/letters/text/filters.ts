import type { Liquid } from 'liquidjs';
import { plainValue } from './escape.ts';
import { isoDate, LetterDate, localeOf, writtenDate } from './letter-date.ts';

/** Filters of Liquid's own over texts, numbers and lists. `raw` is not one of them, so nothing reaches HTML unescaped. */
export const FILTERS: ReadonlySet<string> = new Set([
  'append',
  'prepend',
  'upcase',
  'downcase',
  'capitalize',
  'strip',
  'lstrip',
  'rstrip',
  'remove',
  'remove_first',
  'replace',
  'replace_first',
  'truncate',
  'truncatewords',
  'default',
  'plus',
  'minus',
  'times',
  'divided_by',
  'modulo',
  'round',
  'floor',
  'ceil',
  'abs',
  'at_least',
  'at_most',
  'size',
  'split',
  'join',
  'first',
  'last',
  'slice',
  'where',
  'map',
  'sort',
  'uniq',
  'compact',
  'url_encode',
]);

/** Categories in the order in which their forms are given. */
const CATEGORIES = ['zero', 'one', 'two', 'few', 'many', 'other'] as const;

/** `plural`, `date`, `money`, `number` and `list`, which write as the letter's language does. */
export function addFilters(engine: Liquid, language: string): void {
  const rules = new Intl.PluralRules(language);
  const known = rules.resolvedOptions().pluralCategories;
  const categories = CATEGORIES.filter((category) => known.includes(category));
  const locale = localeOf(language);
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  const number = new Intl.NumberFormat(locale);
  const moneys = new Map<string, Intl.NumberFormat>();

  /**
   * `{{ user.loans | plural: "loan", "loans" }}`: one form for each plural category of the language, in the
   * order zero, one, two, few, many, other (English and German: one, other). With fewer forms the last one stands for the rest.
   */
  engine.registerFilter('plural', (value: unknown, ...forms: unknown[]) => {
    if (forms.length === 0) throw new Error('plural needs the forms of the word: plural: "loan", "loans"');
    const at = categories.indexOf(rules.select(Number(plainValue(value))));
    return forms[Math.min(at < 0 ? forms.length : at, forms.length - 1)];
  });

  /** `{{ user.expiry_date | date: "short" }}`; without a style as dates are written anyway. */
  engine.registerFilter('date', (value: unknown, style: unknown) => {
    const iso = value instanceof LetterDate ? value.iso : isoDate(plainValue(value));
    return iso === undefined ? value : writtenDate(iso, language, style === undefined ? 'long' : String(style));
  });

  /** `{{ 12.5 | money: "EUR" }}`; without a currency a number with two decimals. */
  engine.registerFilter('money', (value: unknown, currency: unknown) => {
    const amount = Number(plainValue(value));
    if (!Number.isFinite(amount) || plainValue(value) === '') return '';
    const code = currency === undefined || currency === null ? '' : String(currency);
    let format = moneys.get(code);
    if (format === undefined) {
      format = new Intl.NumberFormat(
        locale,
        code === '' ? { minimumFractionDigits: 2, maximumFractionDigits: 2 } : { style: 'currency', currency: code },
      );
      moneys.set(code, format);
    }
    return format.format(amount);
  });

  engine.registerFilter('number', (value: unknown) => {
    const amount = Number(plainValue(value));
    return plainValue(value) === '' || !Number.isFinite(amount) ? value : number.format(amount);
  });

  /** `a, b and c` */
  engine.registerFilter('list', (value: unknown) => (Array.isArray(value) ? list.format(value.map(plainValue)) : value));
}
