import { sayAny } from '../../core/index.ts';
import type { LetterProblem } from './types.ts';
import type { Place } from './scan.ts';

export type CheckCode = `letters.check.${string}`;

export function problem(
  severity: LetterProblem['severity'],
  code: CheckCode,
  place: Place,
  params: Readonly<Record<string, unknown>> = {},
): LetterProblem {
  return { ...place, severity, code, message: { en: sayAny('en', code, params), de: sayAny('de', code, params) } };
}
