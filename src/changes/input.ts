/** Pieces that the inputs of several kinds of change share. */
import sql, { type Sql } from 'sql-template-tag';
import { z } from 'zod';
import type { Case, ValueOf } from './kind.ts';

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Whether this is a calendar date `YYYY-MM-DD` that exists. */
export function isDate(text: string): boolean {
  if (!DATE.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) && text >= '0001-01-01';
}

/** Text as it may stand in the database: trimmed, not empty, without NUL and unpaired surrogates. */
export function storable(maxLength: number): z.ZodType<string> {
  return z
    .string()
    .trim()
    .min(1, 'must not be empty; to empty a field say "clear": true')
    .refine((s) => [...s].length <= maxLength, { message: `must not be longer than ${maxLength} characters` })
    .refine((s) => !s.includes('\0'), { message: 'must not contain NUL' })
    .refine((s) => s.isWellFormed(), { message: 'must not contain half of a surrogate pair' });
}

const amount = z.number().int().min(-36500).max(36500).optional();

/** A span of time to move a date by; parts add up, later ones first as PostgreSQL's make_interval. */
export const span = z
  .strictObject({ days: amount, weeks: amount, months: amount, years: amount })
  .refine((s) => Object.values(s).some((v) => v !== undefined), { message: 'needs at least one of days, weeks, months, years' });
export type Span = z.output<typeof span>;

export function addSpan(date: Sql, s: Span): Sql {
  return sql`(${date} + make_interval(years => ${s.years ?? 0}::integer, months => ${s.months ?? 0}::integer,
    weeks => ${s.weeks ?? 0}::integer, days => ${s.days ?? 0}::integer))::date`;
}

export function endOfMonth(date: Sql): Sql {
  return sql`(date_trunc('month', ${date}) + interval '1 month' - interval '1 day')::date`;
}

const RELATIVE = /^today(?:\s*([+-])\s*(\d{1,5})\s*(day|week|month|year)s?)?$/i;

/** A date, or one relative to today: `today`, `today + 30 days`. */
export const dateOrRelative = z
  .string()
  .trim()
  .refine((s) => isDate(s) || RELATIVE.test(s), {
    message: 'is neither a date (YYYY-MM-DD) nor "today", "today + 30 days", "today - 2 months"',
  });

/** The SQL of such a date; `today` is the day that the run was confirmed. */
export function dateSql(text: string, today: string): Sql {
  const relative = RELATIVE.exec(text);
  if (relative === null) return sql`${text}::date`;
  const count = Number(relative[2] ?? 0) * (relative[1] === '-' ? -1 : 1);
  const unit = `${(relative[3] ?? 'day').toLowerCase()}s` as keyof Span;
  return addSpan(sql`${today}::date`, { [unit]: count } as Span);
}

/** Takes the value from a column of the uploaded table. */
export const cellInput = z.strictObject({ column: z.string().min(1).max(255) });
export type CellInput = z.output<typeof cellInput>;

export function isCell(value: unknown): value is CellInput {
  return typeof value === 'object' && value !== null && 'column' in value;
}

export function cellText(value: ValueOf, column: string): Sql {
  return sql`nullif(btrim(${value('cells')} ->> ${column}::text), '')`;
}

/** A user without a row is skipped, and so is an empty cell: empty is never a value by accident. */
export function cellCases(column: string): readonly Case[] {
  return [
    { reason: 'changes.no_row', when: (value) => sql`${value('cells')} is null` },
    { reason: 'changes.empty_cell', when: (value) => sql`${cellText(value, column)} is null` },
  ];
}

/** LIKE pattern for "contains", over folded text. */
export function containsPattern(text: string): Sql {
  return sql`'%' || replace(replace(replace(fold(${text}::text), '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%'`;
}
