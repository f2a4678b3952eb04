import { type Language, sayAny, type TextCode } from '../core/index.ts';

/** Why a letter has not gone out: a code of the catalogue. */
export type FailureCode = Extract<TextCode, `letters.${string}`>;

/** As the outbox keeps it: the code, and after a colon what the mail server or the program said. */
export function failureText(code: FailureCode, detail?: string): string {
  return detail === undefined ? code : `${code}: ${detail}`;
}

/** The sentence for a person. */
export function failureSentence(language: Language, stored: string | null): string | null {
  if (stored === null) return null;
  const colon = stored.indexOf(': ');
  if (colon === -1) return sayAny(language, stored, { detail: '–' });
  return sayAny(language, stored.slice(0, colon), { detail: stored.slice(colon + 2) });
}
