/**
 * How a number in a spreadsheet cell reads: as a number, as a day, or as digits padded with zeros to a
 * width (`0000000000`, the usual way of keeping an identifier's leading zeros in a number cell).
 */
export type CellFormat = { readonly as: 'number' } | { readonly as: 'date' } | { readonly as: 'padded'; readonly width: number };

export const NUMBER_FORMAT: CellFormat = { as: 'number' };

/** Number formats that need no code in the file (ECMA-376 part 1, 18.8.30); the ones that are dates or times. */
const BUILTIN_DATES: ReadonlySet<number> = new Set([
  14, 15, 16, 17, 18, 19, 20, 21, 22, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 45, 46, 47, 50, 51, 52, 53, 54, 55, 56, 57, 58,
]);

export function builtinFormat(id: number): CellFormat {
  return BUILTIN_DATES.has(id) ? { as: 'date' } : NUMBER_FORMAT;
}

/** Reads a format code such as `yyyy-mm-dd`, `[Red]0.00` or `0000000000`. */
export function formatOfCode(code: string): CellFormat {
  const [first = ''] = code.replace(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g, '').split(';');
  if (/^0{2,}$/.test(first)) return { as: 'padded', width: first.length };
  return /[dmyhs]/i.test(first) ? { as: 'date' } : NUMBER_FORMAT;
}

/** Day 0 of the 1900 date system, as it counts after its 29 February 1900 that never was. */
const EPOCH_1900 = Date.UTC(1899, 11, 30);
const EPOCH_1904 = Date.UTC(1904, 0, 1);
/** 9999-12-31, the last day a spreadsheet knows. */
const LAST_SERIAL = 2_958_465;

/** The text of a number cell, e.g. `0000022457`, `2027-09-30`, `12.5`; whole numbers never in exponent form. */
export function numberText(raw: string, format: CellFormat, date1904: boolean): string {
  const value = Number(raw);
  if (raw.trim() === '' || !Number.isFinite(value)) return raw;
  if (format.as === 'date' && value >= 0 && value <= LAST_SERIAL) {
    const instant = new Date((date1904 ? EPOCH_1904 : EPOCH_1900) + Math.round(value * 86_400) * 1000).toISOString();
    return Number.isInteger(value) ? instant.slice(0, 10) : instant.slice(0, 19);
  }
  if (!Number.isInteger(value)) return String(value);
  const digits = BigInt(value).toString();
  return format.as === 'padded' && value >= 0 ? digits.padStart(format.width, '0') : digits;
}
