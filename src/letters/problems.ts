/** What is wrong with a letter, with the place of each problem. */
import { sampleData } from './letter-data.ts';
import { compileLetter, type LetterPart, type LetterProblem, type LetterSource } from './text/index.ts';

/** Errors keep a letter from being saved; warnings do not. Empty when it is good. */
export function problemsOfLetter(source: LetterSource, credentials: boolean): readonly LetterProblem[] {
  try {
    compileLetter(source).render(sampleData(source.language, credentials));
    return [];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const place = typeof error === 'object' && error !== null && 'place' in error ? (error.place as Partial<LetterProblem>) : {};
    const found = /, line:(\d+), col:(\d+)/.exec(message);
    const words = message.split('\n')[0]?.replace(/, line:.*$/, '') ?? '';
    return [
      {
        part: place.part ?? ('body' satisfies LetterPart),
        line: place.line ?? Number(found?.[1] ?? 1),
        column: place.column ?? Number(found?.[2] ?? 1),
        severity: 'error',
        code: 'template',
        message: { en: words, de: words },
      },
    ];
  }
}
