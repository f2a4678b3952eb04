import type { FilterField } from './field-registry.ts';
import { LIMITS } from './limits.ts';
import { excerpt, Problem } from './problem.ts';
import { isDate } from './relative-dates.ts';
import { type RelativeDate, SHIFT_UNITS, type Shift, type ShiftUnit, type Value } from './tree.ts';

const INT4_MAX = 2 ** 31 - 1;
const AMOUNT_LIMIT = 10 ** 10;

/** How many of each unit make 200 years. */
const FARTHEST: Readonly<Record<ShiftUnit, number>> = { years: 200, months: 2_400, weeks: 10_400, days: 73_000 };

/** The value as it is kept in the tree; throws a `Problem` when it does not suit the field's type. */
export function readValue(field: FilterField, raw: unknown): Value {
  switch (field.type) {
    case 'text':
    case 'code':
    case 'codes':
    case 'json':
      return readText(field, raw);
    case 'date':
    case 'instant':
      return readDate(field, raw);
    case 'boolean':
      if (typeof raw !== 'boolean') throw Problem.of('boolean_expected', { field: field.name });
      return raw;
    case 'integer':
      if (!isInteger(raw) || raw > INT4_MAX || raw < -INT4_MAX - 1) {
        throw Problem.of('integer_expected', { field: field.name });
      }
      return raw + 0;
    case 'amount':
      // Two decimals in decimal notation: what numeric(12, 2) holds, and what a number prints exactly.
      if (typeof raw !== 'number' || !(Math.abs(raw) < AMOUNT_LIMIT) || !/^-?\d+(\.\d{1,2})?$/.test(String(raw))) {
        throw Problem.of('amount_expected', { field: field.name });
      }
      return raw + 0;
  }
}

function isInteger(raw: unknown): raw is number {
  return typeof raw === 'number' && Number.isInteger(raw);
}

function readText(field: FilterField, raw: unknown): string {
  if (typeof raw !== 'string') throw Problem.of('text_expected', { field: field.name });
  if (raw === '') throw Problem.of('value_empty', { field: field.name });
  if (raw.length > LIMITS.value) {
    throw Problem.of('value_too_long', { field: field.name, length: raw.length, limit: LIMITS.value });
  }
  // A driver would send U+FFFD for half a character, and so look for something else than was asked.
  if (raw.includes('\0') || !raw.isWellFormed()) throw Problem.of('bad_characters', { field: field.name });
  return raw;
}

function readDate(field: FilterField, raw: unknown): string | RelativeDate {
  if (typeof raw === 'string') {
    if (isDate(raw)) return raw;
    if (/^\d{4}-\d{2}-\d{2}$/.test(raw)) throw Problem.of('date_not_real', { value: raw });
    throw Problem.of('date_expected', { field: field.name });
  }
  if (typeof raw === 'object' && raw !== null) {
    const entries = Object.entries(raw);
    const [key, shift] = entries[0] ?? [];
    if (entries.length === 1 && key === 'today') return { today: readShift(field, shift) };
    if (entries.length === 1 && key === 'end_of_month') return { end_of_month: readShift(field, shift) };
  }
  throw Problem.of('date_expected', { field: field.name });
}

function readShift(field: FilterField, raw: unknown): Shift {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) throw Problem.of('date_expected', { field: field.name });
  const given = new Map<string, unknown>(Object.entries(raw));
  const shift: Partial<Record<ShiftUnit, number>> = {};
  for (const unit of SHIFT_UNITS) {
    const amount = given.get(unit);
    given.delete(unit);
    if (amount === undefined || amount === 0) continue;
    if (!isInteger(amount) || Math.abs(amount) > FARTHEST[unit]) {
      throw Problem.of('shift_too_far', { amount: excerpt(String(amount)), unit });
    }
    shift[unit] = amount;
  }
  if (given.size > 0) throw Problem.of('date_expected', { field: field.name });
  return shift;
}
