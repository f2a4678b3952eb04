/** Problems of a letter as they are answered: said in the language of who asks. */
import { z } from 'zod';
import type { Language } from '../core/index.ts';
import type { LetterProblem } from './text/index.ts';

export const problemSchema = z.object({
  part: z.string().describe('`subject`, `body`, `sms`, `frame.…`, or `snippet:NAME`'),
  line: z.int().positive(),
  column: z.int().positive(),
  severity: z.enum(['error', 'warning']).describe('An error keeps the letter from being saved'),
  code: z.string(),
  message: z.string(),
});
export type ProblemView = z.output<typeof problemSchema>;

export function sayProblems(problems: readonly LetterProblem[], language: Language): ProblemView[] {
  return problems.map(({ part, line, column, severity, code, message }) => ({
    part,
    line,
    column,
    severity,
    code,
    message: message[language],
  }));
}
