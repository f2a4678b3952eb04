import { Drop } from 'liquidjs';

/** Control characters, line breaks of every kind and marks that turn the direction of what follows. */
const UNWANTED = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;
const UNWANTED_RUNS = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu;

/** A value as it is printed: text without anything that could end a line or act as a mark of the compiler's. */
export function plainValue(value: unknown): string {
  const text = typeof value === 'string' ? value : stringOf(value);
  return UNWANTED.test(text) ? text.replace(UNWANTED_RUNS, ' ') : text;
}

function stringOf(value: unknown): string {
  const plain: unknown = value instanceof Drop ? value.valueOf() : value;
  if (plain === null || plain === undefined) return '';
  if (Array.isArray(plain)) return plain.map(stringOf).join(', ');
  // A group of fields is refused when the letter is saved; nothing of it is printed.
  return typeof plain === 'object' ? '' : String(plain);
}
