import { useTranslation } from 'react-i18next';
import { localeOf } from './language.ts';

/** Numbers and dates as the reader's language writes them: 12,431 and 30 Sep 2027; 12.431 and 30.09.2027. */
export interface Format {
  readonly locale: string;
  number(value: number): string;
  /** 0.984 → 98.4 %; never 100 % or 0 % unless it is exactly that. */
  share(part: number, whole: number): string;
  /** A day, `YYYY-MM-DD`, or the day of an instant. */
  date(value: string): string;
  /** An instant with its time of day. */
  instant(value: string): string;
  time(value: string, withSeconds?: boolean): string;
  /** "today 14:02", "yesterday 09:10", else the date. */
  lately(value: string): string;
  /** "Thursday, 484 days from today" */
  spelled(day: string): string;
  weekday(value: string): string;
  month(value: string, style: 'narrow' | 'short' | 'long'): string;
  duration(seconds: number): string;
  compare(a: string, b: string): number;
}

const DAY_MS = 86_400_000;

export function useFormat(): Format {
  const { i18n } = useTranslation();
  return formatOf(localeOf(i18n.language));
}

const made = new Map<string, Format>();

/** One for each language: a table has a value in every cell, and formatters are slow to make. */
export function formatOf(locale: string): Format {
  const format = made.get(locale) ?? makeFormat(locale);
  made.set(locale, format);
  return format;
}

function makeFormat(locale: string): Format {
  const german = locale.startsWith('de');
  const number = new Intl.NumberFormat(locale);
  const percent = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const day = new Intl.DateTimeFormat(
    locale,
    german ? { day: '2-digit', month: '2-digit', year: 'numeric' } : { day: 'numeric', month: 'short', year: 'numeric' },
  );
  const dayUtc = new Intl.DateTimeFormat(locale, { ...day.resolvedOptions(), timeZone: 'UTC' } as Intl.DateTimeFormatOptions); // its own options
  const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
  const seconds = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const collator = new Intl.Collator(locale, { numeric: true, sensitivity: 'base' });
  // British English writes "Sept" by now; nobody looks for it so.
  const plain = (text: string): string => text.replace(/\bSept\b/, 'Sep');
  const isDay = (value: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(value);
  const date = (value: string): string => plain(isDay(value) ? dayUtc.format(new Date(`${value}T00:00:00Z`)) : day.format(new Date(value)));
  const time = (value: string, withSeconds = false): string => (withSeconds ? seconds : clock).format(new Date(value));
  return {
    locale,
    number: (value) => number.format(value),
    share: (part, whole) => {
      if (whole === 0) return `${number.format(0)} %`;
      const share = (part / whole) * 100;
      const shown = part === whole || part === 0 ? share : Math.min(99.9, Math.max(0.1, share));
      return `${percent.format(shown)} %`;
    },
    date,
    instant: (value) => `${date(value)}, ${time(value)}`,
    time,
    lately: (value) => {
      const days = daysAgo(value);
      if (days === 0 || days === 1) return `${relative.format(-days, 'day')} ${time(value)}`;
      return date(value);
    },
    spelled: (value) => {
      const days = Math.round((Date.parse(`${value}T00:00:00Z`) - Date.parse(`${localDay(new Date())}T00:00:00Z`)) / DAY_MS);
      return `${weekdayOf(locale, value, 'long')}, ${relative.format(days, 'day')}`;
    },
    weekday: (value) => weekdayOf(locale, value, 'long'),
    month: (value, style) =>
      plain(new Intl.DateTimeFormat(locale, { month: style, timeZone: 'UTC' }).format(new Date(`${value}T00:00:00Z`))),
    duration: (given) => durationOf(locale, given),
    compare: collator.compare,
  };
}

/** Today as the person at this screen has it. */
export function localDay(date: Date): string {
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;
}

function daysAgo(instant: string): number {
  const today = Date.parse(`${localDay(new Date())}T00:00:00Z`);
  return Math.round((today - Date.parse(`${localDay(new Date(instant))}T00:00:00Z`)) / DAY_MS);
}

function weekdayOf(locale: string, day: string, style: 'long' | 'short'): string {
  return new Intl.DateTimeFormat(locale, { weekday: style, timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));
}

/** The two largest units: "3 min 20 s", "1 h 5 min". */
function durationOf(locale: string, given: number): string {
  const units: readonly (readonly [string, number])[] = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
    ['second', 1],
  ];
  let rest = given < 1 ? 1 : Math.round(given);
  const said: string[] = [];
  for (const [unit, length] of units) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) said.push(new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(count));
    if (said.length === 2) break;
  }
  return said.join(' ');
}
