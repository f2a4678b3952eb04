import { z } from 'zod';

/** Values that many answers have. Dates are days without a time zone, from the database to the reader. */
export const day = z.iso.date().describe('A day, `YYYY-MM-DD`');
export const instant = z.iso.datetime().describe('A moment in UTC, such as `2026-09-30T14:05:00.123Z`');
/** The number of a thing: a run, a set, a message. */
export const id = z.int().positive();
/** How many. */
export const count = z.int().min(0);
