import { z } from 'zod';

/**
 * Values that many answers have. Dates are days without a time zone, from the database to the reader.
 * One that PostgreSQL can keep but no calendar has a use for (year 12026) is a mistake in a record, not
 * in the answer: it is shown as it is.
 */
export const day = z
  .string()
  .regex(/^\d{4,7}-\d\d-\d\d(?: BC)?$/)
  .describe('A day, `YYYY-MM-DD`');
export const instant = z.iso.datetime().describe('A moment in UTC, such as `2026-09-30T14:05:00.123Z`');
/** The number of a thing: a run, a set, a message. */
export const id = z.int().positive();
/** How many. */
export const count = z.int().min(0);
