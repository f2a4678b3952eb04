import { type Language, sayAny, texts } from '../core/index.ts';

/** What can be done about users who were skipped, failed or are in conflict for this reason; null where nothing needs to be. */
export function adviceFor(reason: string, language: Language): string | null {
  const code = `advice.${reason}`;
  return Object.hasOwn(texts, code) ? sayAny(language, code) : null;
}
