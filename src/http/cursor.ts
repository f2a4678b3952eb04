import { AppError } from '../core/index.ts';

/** Where a page ends, as a caller gets it: opaque, so that what it is made of may change. */
export function encodeCursor(place: string | number): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** The place that a cursor stands for; throws `users.bad_cursor`. */
export function decodeCursor(cursor: unknown): string | number {
  const text = typeof cursor === 'string' ? cursor : '';
  try {
    const place: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (typeof place === 'string' || typeof place === 'number') return place;
  } catch {
    // told below
  }
  throw new AppError('users.bad_cursor', { cursor: text.slice(0, 60) });
}
