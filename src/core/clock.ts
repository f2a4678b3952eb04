/** Making a formatter takes longer than everything else that asks for the date. */
const FORMATS = new Map<string, Intl.DateTimeFormat>();

const MINUTE_MS = 60_000;

/** What was told last: days begin with a minute, and writing a date takes longer than comparing minutes. */
const LAST = new Map<string, { readonly minute: number; readonly day: string }>();

/** Today's date (`YYYY-MM-DD`) in the given IANA time zone. */
export function todayIn(timeZone: string, now: Date = new Date()): string {
  const minute = Math.floor(now.getTime() / MINUTE_MS);
  const last = LAST.get(timeZone);
  if (last?.minute === minute) return last.day;
  const day = dayOf(timeZone, now);
  LAST.set(timeZone, { minute, day });
  return day;
}

function dayOf(timeZone: string, now: Date): string {
  let format = FORMATS.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    FORMATS.set(timeZone, format);
  }
  return format.format(now);
}
