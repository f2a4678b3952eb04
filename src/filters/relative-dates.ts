import type { RelativeDate, Shift } from './tree.ts';

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Whether `text` is a day of the calendar, written `YYYY-MM-DD`, from the year 1 on. */
export function isDate(text: string): boolean {
  const match = DATE.exec(text);
  if (match === null) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

/**
 * The day that a relative date means. Years and months first, as PostgreSQL adds an interval: a day
 * that the month does not have becomes its last (31 January + 1 month is 28 or 29 February).
 */
export function resolveDate(date: RelativeDate, today: string): string {
  if ('today' in date) return shiftDate(today, date.today);
  const [year, month] = parts(shiftDate(today, date.end_of_month));
  return format(year, month, daysIn(year, month));
}

function shiftDate(from: string, shift: Shift): string {
  const [fromYear, fromMonth, fromDay] = parts(from);
  const months = fromYear * 12 + (fromMonth - 1) + (shift.years ?? 0) * 12 + (shift.months ?? 0);
  const [year, month] = [Math.floor(months / 12), (months % 12) + 1];
  const moved = utc(year, month, Math.min(fromDay, daysIn(year, month)));
  moved.setUTCDate(moved.getUTCDate() + (shift.weeks ?? 0) * 7 + (shift.days ?? 0));
  return format(moved.getUTCFullYear(), moved.getUTCMonth() + 1, moved.getUTCDate());
}

function parts(date: string): readonly [number, number, number] {
  if (!isDate(date)) throw new RangeError(`Not a date: ${date}`);
  return [Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8, 10))];
}

function daysIn(year: number, month: number): number {
  return utc(year, month + 1, 0).getUTCDate();
}

/** Date.UTC would take the years 0–99 for 1900–1999. */
function utc(year: number, month: number, day: number): Date {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date;
}

function format(year: number, month: number, day: number): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
