import { AppError, sayAny } from '../core/index.ts';
import type { RecordProblem } from './check-record.ts';

/** Why a record that came by itself was refused, value by value: the cause of `feeds.record_refused`. */
export class RecordRefused extends Error {
  readonly problems: readonly RecordProblem[];

  constructor(problems: readonly RecordProblem[]) {
    super('The record was refused.');
    this.problems = problems;
  }
}

/** The problem in English words. */
export function problemText({ code, params }: RecordProblem): string {
  const said = Object.entries(params).map(([name, value]) => [name, typeof value === 'object' ? sayAny('en', value.text) : value]);
  return sayAny('en', code, Object.fromEntries(said));
}

export function refuseRecord(problems: readonly RecordProblem[]): never {
  const [first] = problems;
  throw new AppError(
    'feeds.record_refused',
    { field: first?.field ?? '', reason: first === undefined ? '' : problemText(first) },
    { cause: new RecordRefused(problems) },
  );
}
