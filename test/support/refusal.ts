import { AppError } from '../../src/core/index.ts';

/** The error with which something ends that must not go well, and its sentence in both languages: no word may be missing. */
export async function refusal(work: Promise<unknown>): Promise<{ readonly code: string; readonly text: string }> {
  const error = await work.then(
    () => new Error('it went well'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AppError)) throw error;
  const text = `${error.in('en')} ${error.in('de')}`;
  if (/\{\w+\}/.test(text)) throw new Error(`a word is missing: ${text}`);
  return { code: error.code, text };
}
