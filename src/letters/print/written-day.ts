const FORMATS = new Map<string, Intl.DateTimeFormat>();

/** `2026-11-27` → `27 November 2026`, in a letter's language; plain English is written day first, as in the letters themselves. */
export function writtenDay(day: string, language: string): string {
  let format = FORMATS.get(language);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { dateStyle: 'long', timeZone: 'UTC' });
    FORMATS.set(language, format);
  }
  return format.format(new Date(`${day}T00:00:00Z`));
}
