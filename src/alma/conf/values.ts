/** Pieces of bodies under /conf: codes, days, moments, and what a client sent in their place. */

export interface Coded {
  readonly value: string | number | null;
  readonly desc: string | null;
  readonly link?: string;
}

export const coded = (value: string, desc: string = value): Coded => ({ value, desc });

export const yesNo = (value: boolean): Coded => (value ? coded('true', 'Yes') : coded('false', 'No'));

/** The text of a code object, or of a plain value; undefined when there is none. */
export function textOf(given: unknown): string | undefined {
  const value: unknown = typeof given === 'object' && given !== null && 'value' in given ? given.value : given;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** A day as Alma writes it, `2027-06-30Z`. */
export function dayOf(moment: string): string {
  return `${moment.slice(0, 10)}Z`;
}

/** A moment as Alma writes it, to the millisecond; the database tells as many places as it has. */
export function momentOf(moment: string): string {
  return new Date(moment).toISOString();
}

/** A part of a path that a client can cut out of it again; what addresses are made of stays readable. */
export function pathPart(text: string): string {
  return encodeURIComponent(text).replaceAll('%40', '@').replaceAll('%3A', ':');
}
