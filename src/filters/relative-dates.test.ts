import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { isDate, resolveDate } from './relative-dates.ts';

const test = useTestDatabase();

const anyDay = fc
  .tuple(
    fc.integer({ min: 1850, max: 2250 }),
    fc.integer({ min: 1, max: 12 }),
    fc.oneof(fc.integer({ min: 1, max: 28 }), fc.integer({ min: 28, max: 31 })),
  )
  .map(([year, month, day]) => [year, String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-'))
  .filter(isDate);

const anyShift = fc.record({
  years: fc.integer({ min: -200, max: 200 }),
  months: fc.integer({ min: -40, max: 40 }),
  weeks: fc.integer({ min: -60, max: 60 }),
  days: fc.integer({ min: -800, max: 800 }),
});

describe('a date counted from today', () => {
  it('is the day that PostgreSQL comes to by adding the interval', async () => {
    const cases = fc.sample(fc.record({ today: anyDay, shift: anyShift }), 5_000);
    const { rows } = await test.db.pool.query<{ day: string; last: string }>(
      `select s.day::date as day, (date_trunc('month', s.day) + interval '1 month - 1 day')::date as last
         from jsonb_array_elements($1::jsonb) with ordinality as c (item, no),
         lateral (select (c.item ->> 'today')::date + make_interval(
           years => (c.item #>> '{shift,years}')::int, months => (c.item #>> '{shift,months}')::int,
           weeks => (c.item #>> '{shift,weeks}')::int, days => (c.item #>> '{shift,days}')::int) as day) as s
        order by c.no`,
      [JSON.stringify(cases)],
    );
    expect(cases.map(({ today, shift }) => resolveDate({ today: shift }, today))).toEqual(rows.map((row) => row.day));
    expect(cases.map(({ today, shift }) => resolveDate({ end_of_month: shift }, today))).toEqual(rows.map((row) => row.last));
  });

  it('keeps to the last day of a shorter month', () => {
    expect(resolveDate({ today: { months: 1 } }, '2027-01-31')).toBe('2027-02-28');
    expect(resolveDate({ today: { months: 1 } }, '2028-01-31')).toBe('2028-02-29');
    expect(resolveDate({ today: { years: 1 } }, '2028-02-29')).toBe('2029-02-28');
    expect(resolveDate({ end_of_month: { months: -1 } }, '2028-03-31')).toBe('2028-02-29');
    expect(resolveDate({ today: {} }, '2026-11-24')).toBe('2026-11-24');
  });

  it('knows the calendar', () => {
    for (const date of ['2028-02-29', '2000-02-29', '0001-01-01', '9999-12-31']) expect(isDate(date), date).toBe(true);
    for (const date of [
      '2027-02-29',
      '1900-02-29',
      '2027-04-31',
      '2027-00-10',
      '2027-13-01',
      '0000-01-01',
      '2027-1-1',
      '20270101',
      '+12027-01-01',
      '2027-01-01 ',
    ]) {
      expect(isDate(date), date).toBe(false);
    }
  });
});
