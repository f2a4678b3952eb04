import { createInterface } from 'node:readline/promises';
import { AppError } from '../core/index.ts';

/** Throws `cli.confirmation_needed` where nobody can be asked; to be called before any work is done for the question. */
export function requireTerminal(): void {
  if (!process.stdin.isTTY || !process.stderr.isTTY) throw new AppError('cli.confirmation_needed', {});
}

/**
 * Asks for a confirmation at the terminal.
 * Where a phrase is asked for, nothing else will do. Throws `cli.not_confirmed` at any other answer.
 */
export async function confirm(question: string, phrase: string | null): Promise<void> {
  requireTerminal();
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = (await reader.question(`${question} `)).trim();
    const given = phrase === null ? /^(y|yes|j|ja)$/i.test(answer) : answer === phrase || answer.replace(/[.,\s]/g, '') === phrase;
    if (!given) throw new AppError('cli.not_confirmed', {});
  } catch (error) {
    // Ctrl-C or the end of the input at the question is a no.
    if (error instanceof Error && (error.name === 'AbortError' || ('code' in error && error.code === 'ERR_USE_AFTER_CLOSE'))) {
      throw new AppError('cli.not_confirmed', {}, { cause: error });
    }
    throw error;
  } finally {
    reader.close();
  }
}
