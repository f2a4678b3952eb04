import { Drop } from 'liquidjs';

const STYLES: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  short: { dateStyle: 'short' },
  medium: { dateStyle: 'medium' },
  long: { dateStyle: 'long' },
  full: { dateStyle: 'full' },
  weekday: { weekday: 'long' },
  month: { month: 'long', year: 'numeric' },
  year: { year: 'numeric' },
};
const DATE_STYLES: readonly string[] = [...Object.keys(STYLES), 'iso'];

const FORMATS = new Map<string, Intl.DateTimeFormat>();
/** Letters of one run carry few different dates; the dates of a run over everybody are some thousand. */
const WRITTEN = new Map<string, string>();
const KEPT = 10_000;

/** `2027-09-30` → `30 September 2027`, `30. September 2027`; no time zone is involved. Throws for a style there is not. */
export function writtenDate(iso: string, language: string, style = 'long'): string {
  if (style === 'iso') return iso;
  const key = `${language} ${style} ${iso}`;
  const known = WRITTEN.get(key);
  if (known !== undefined) return known;
  const written = formatOf(language, style).format(new Date(`${iso}T00:00:00Z`));
  if (WRITTEN.size >= KEPT) WRITTEN.clear();
  WRITTEN.set(key, written);
  return written;
}

/** Plain English is written the British way, day first, which is read correctly everywhere. */
export function localeOf(language: string): string {
  return language === 'en' ? 'en-GB' : language;
}

function formatOf(language: string, style: string): Intl.DateTimeFormat {
  const key = `${language} ${style}`;
  let format = FORMATS.get(key);
  if (format === undefined) {
    const options = Object.hasOwn(STYLES, style) ? STYLES[style] : undefined;
    if (options === undefined) throw new Error(`unknown date style "${style}"; there are: ${DATE_STYLES.join(', ')}`);
    format = new Intl.DateTimeFormat(localeOf(language), { ...options, timeZone: 'UTC' });
    FORMATS.set(key, format);
  }
  return format;
}

/** The text when it is a day, `YYYY-MM-DD`. */
export function isoDate(text: string): string | undefined {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined;
}

/** A day in a letter: printed as its language writes it, compared as a day, styled by the filter `date`. */
export class LetterDate extends Drop {
  /** `YYYY-MM-DD` */
  readonly iso: string;
  readonly #language: string;

  constructor(iso: string, language: string) {
    super();
    this.iso = iso;
    this.#language = language;
  }

  override valueOf(): string {
    return writtenDate(this.iso, this.#language);
  }

  override toString(): string {
    return this.valueOf();
  }

  /** As it is printed. */
  toJSON(): string {
    return this.valueOf();
  }

  equals(other: unknown): boolean {
    return dayOf(other) === this.iso;
  }
  gt(other: unknown): boolean {
    const day = dayOf(other);
    return day !== undefined && this.iso > day;
  }
  geq(other: unknown): boolean {
    return this.gt(other) || this.equals(other);
  }
  lt(other: unknown): boolean {
    const day = dayOf(other);
    return day !== undefined && this.iso < day;
  }
  leq(other: unknown): boolean {
    return this.lt(other) || this.equals(other);
  }
}

function dayOf(value: unknown): string | undefined {
  return value instanceof LetterDate ? value.iso : typeof value === 'string' ? isoDate(value) : undefined;
}
