/** The hours of the week in which letters go out, as staff write them: `Mo-Fr 08:00-18:00; Sa 10:00-14:00`. */

/** Stretches of the week, in minutes from Monday 00:00; the end is not part of it. */
export type SendingHours = readonly { readonly from: number; readonly to: number }[];

const DAY = 24 * 60;
const WEEK = 7 * DAY;

/** English and German names begin with the same two letters, or with these. */
const DAYS: Readonly<Record<string, number>> = {
  mo: 0,
  tu: 1,
  di: 1,
  we: 2,
  mi: 2,
  th: 3,
  do: 3,
  fr: 4,
  sa: 5,
  su: 6,
  so: 6,
};

const STRETCH = /^(?:([a-z]{2})(?:\s*-\s*([a-z]{2}))?\s+)?(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})$/i;

/**
 * Undefined when the text is none. Without days: every day. A stretch that ends before it begins goes on
 * into the next day.
 */
export function sendingHours(text: string): SendingHours | undefined {
  const stretches: { from: number; to: number }[] = [];
  for (const part of text.split(/[;,]/)) {
    const match = STRETCH.exec(part.trim());
    if (match === null) return undefined;
    const [, firstName, lastName, ...clock] = match;
    const days = daysOf(firstName, lastName);
    const [h1 = 0, m1 = 0, h2 = 0, m2 = 0] = clock.map(Number);
    const from = h1 * 60 + m1;
    const to = h2 * 60 + m2;
    if (days === undefined || m1 > 59 || m2 > 59 || from >= DAY || to > DAY || from === to) return undefined;
    for (const day of days) {
      stretches.push({ from: day * DAY + from, to: day * DAY + (to > from ? to : to + DAY) });
    }
  }
  return stretches;
}

function daysOf(first: string | undefined, last: string | undefined): readonly number[] | undefined {
  if (first === undefined) return [0, 1, 2, 3, 4, 5, 6];
  const from = DAYS[first.toLowerCase()];
  const to = last === undefined ? from : DAYS[last.toLowerCase()];
  if (from === undefined || to === undefined) return undefined;
  // `Sa-Mo` goes over the end of the week.
  return Array.from({ length: ((to - from + 7) % 7) + 1 }, (_, i) => (from + i) % 7);
}

/** Whether letters go out at this moment where the library is. */
export function isOpen(hours: SendingHours | null, timeZone: string, now: Date = new Date()): boolean {
  if (hours === null) return true;
  const minute = minuteOfWeek(timeZone, now);
  return hours.some(({ from, to }) => (minute >= from && minute < to) || (minute + WEEK >= from && minute + WEEK < to));
}

function minuteOfWeek(timeZone: string, now: Date): number {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const parts: Record<string, string> = Object.fromEntries(format.formatToParts(now).map(({ type, value }) => [type, value]));
  const day = DAYS[(parts['weekday'] ?? '').slice(0, 2).toLowerCase()] ?? 0;
  return day * DAY + Number(parts['hour']) * 60 + Number(parts['minute']);
}
