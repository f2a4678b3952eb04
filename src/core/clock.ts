/** Making a formatter takes longer than everything else that asks for the date. */
const FORMATS = new Map<string, Intl.DateTimeFormat>();

/** Today's date (`YYYY-MM-DD`) in the given IANA time zone. */
export function todayIn(timeZone: string, now: Date = new Date()): string {
  let format = FORMATS.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    FORMATS.set(timeZone, format);
  }
  return format.format(now);
}
