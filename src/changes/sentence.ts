/** How the sentences about changes say values: codes by their names, days as the language writes them. */
import { codeLabels, type ChildTable, type Field } from '../users/index.ts';
import type { Language, Queryable } from '../core/index.ts';
import type { Content } from './child-rows.ts';
import { isCell } from './input.ts';

/** What a code is called in the language of the sentence; the code itself where nobody has named it. */
export type NameOf = (table: string, code: string) => string;

/**
 * The names that `say` asks for, in the language: it is called twice, first to learn which code tables
 * it names (a handful of small ones), then with their labels.
 */
export async function named<T>(db: Queryable, language: Language, say: (name: NameOf) => T): Promise<T> {
  const tables = new Set<string>();
  const first = say((table, code) => {
    tables.add(table);
    return code;
  });
  if (tables.size === 0) return first;
  const labels = await codeLabels(db, [...tables], language);
  return say((table, code) => labels.label(table, code) ?? code);
}

/** "Expiry date" within an English sentence: "expiry date"; German nouns and abbreviations stay as they are. */
export function withinSentence(label: string, language: Language): string {
  return language === 'en' && /^[A-Z][a-z-]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;
}

const UNITS: Readonly<Record<string, { readonly en: readonly [string, string]; readonly de: readonly [string, string] }>> = {
  days: { en: ['day', 'days'], de: ['Tag', 'Tage'] },
  weeks: { en: ['week', 'weeks'], de: ['Woche', 'Wochen'] },
  months: { en: ['month', 'months'], de: ['Monat', 'Monate'] },
  years: { en: ['year', 'years'], de: ['Jahr', 'Jahre'] },
};

/** "3 months"; `unit` is `days`, `weeks`, `months` or `years`. */
export function spanPart(unit: string, count: number, language: Language): string {
  return `${count} ${UNITS[unit]?.[language][Math.abs(count) === 1 ? 0 : 1] ?? unit}`;
}

const DAYS = {
  en: new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }),
  de: new Intl.DateTimeFormat('de', { day: '2-digit', month: '2-digit', year: 'numeric', timeZone: 'UTC' }),
};

/** `2027-09-30` → "30 Sep 2027", "30.09.2027"; `today + 6 months` → "heute + 6 Monate". */
export function dayWords(text: string, language: Language): string {
  // British English writes "Sept" by now; nobody looks for it so.
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return DAYS[language].format(new Date(`${text}T00:00:00Z`)).replace(/\bSept\b/, 'Sep');
  const relative = /^today(?:\s*([+-])\s*(\d+)\s*(day|week|month|year)s?)?$/i.exec(text);
  if (relative === null) return text;
  const [, sign, count, unit] = relative;
  const today = language === 'de' ? 'heute' : 'today';
  if (sign === undefined || unit === undefined) return today;
  return `${today} ${sign === '-' ? '−' : '+'} ${spanPart(`${unit.toLowerCase()}s`, Number(count), language)}`;
}

/** A value of a field within a sentence. */
export function valueWords(field: Field | undefined, value: unknown, language: Language, name: NameOf): string {
  const de = language === 'de';
  if (value === null) return de ? 'leer' : 'empty';
  if (isCell(value)) return de ? `aus der Spalte „${value.column}“` : `from column “${value.column}”`;
  if (typeof value === 'boolean') return de ? (value ? 'ja' : 'nein') : value ? 'yes' : 'no';
  if (Array.isArray(value) && value.every((each) => typeof each === 'string'))
    return value.map((each) => valueWords(field, each, language, name)).join(', ');
  if (typeof value !== 'string') return JSON.stringify(value);
  if (field?.codeTable !== undefined) return name(field.codeTable, value);
  if (field?.type === 'date' || field?.type === 'instant') return dayWords(value, language);
  return de ? `„${value}“` : `“${value}”`;
}

const COMPARED = [
  { ending: '_contains', en: 'contains', de: 'enthält' },
  { ending: '_before', en: 'before', de: 'vor' },
  { ending: '_after', en: 'after', de: 'nach' },
] as const;

const SEGMENTS: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  Internal: { en: 'internal', de: 'intern' },
  External: { en: 'external', de: 'extern' },
  by_account_type: { en: 'by the account type', de: 'nach dem Kontotyp' },
};

/** `{ type: 'LOAN', note_contains: 'x' }` → "type Loan, note contains “x”". */
export function contentWords(table: ChildTable, content: Content, language: Language, name: NameOf): string {
  const de = language === 'de';
  const part = (key: string, value: unknown): string => {
    if (key === 'any') return de ? 'beliebig' : 'any';
    if (key === 'segment') return SEGMENTS[String(value)]?.[language] ?? String(value);
    const own = table.fields.find((field) => field.name === key);
    const label = (field: Field | undefined): string => withinSentence(field?.label[language] ?? key, language);
    if (own !== undefined) return `${label(own)} ${valueWords(own, value, language, name)}`;
    const of = (ending: string): Field | undefined => table.fields.find((field) => `${field.name}${ending}` === key);
    const compared = COMPARED.find(({ ending }) => of(ending) !== undefined);
    if (compared !== undefined) {
      const field = of(compared.ending);
      return `${label(field)} ${compared[language]} ${valueWords(field, value, language, name)}`;
    }
    const emptied = of('_empty');
    const is = value === true ? (de ? 'ist leer' : 'is empty') : de ? 'ist nicht leer' : 'is not empty';
    return emptied === undefined ? `${key} ${valueWords(undefined, value, language, name)}` : `${label(emptied)} ${is}`;
  };
  return Object.entries(content)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => part(key, value))
    .join(', ');
}
