/**
 * Loaded before every file of tests: whatever an operation answers in any test is held against the
 * output schema that it declares. Nothing may be missing or wrong, and nothing may be there that the
 * schema does not name; a transport would drop it.
 */
import { isDeepStrictEqual } from 'node:util';
import { vi } from 'vitest';
import type { AnyOperation } from '../../src/core/index.ts';
import { problemsOf } from '../../src/core/operation.ts';

/** Why `answer` is not what the operation says it answers; undefined when it is. */
export function untrue(operation: Pick<AnyOperation, 'name' | 'output'>, answer: unknown): string | undefined {
  const parsed = operation.output.safeParse(answer);
  if (!parsed.success) return `${operation.name} answers something else than its schema says: ${problemsOf(parsed.error)}`;
  // As JSON, since that is how it leaves: a member that is undefined is one that is not there.
  const [said, declared] = [answer, parsed.data].map((value) => JSON.parse(JSON.stringify(value ?? null)) as unknown);
  if (isDeepStrictEqual(said, declared)) return undefined;
  return `${operation.name} answers more than its schema says: ${JSON.stringify(answer)} is not ${JSON.stringify(parsed.data)}`;
}

// Where operations are declared, so that a file of tests loads no more of the program than it asks for.
vi.mock('../../src/core/operation.ts', async (importOriginal) => {
  const real = await importOriginal<typeof import('../../src/core/operation.ts')>();
  return { ...real, operation: (declared: AnyOperation) => checked(real.operation(declared)) };
});

function checked(operation: AnyOperation): AnyOperation {
  const run = operation.run.bind(operation);
  return Object.assign(operation, {
    run: async (...call: Parameters<typeof run>) => {
      const answer = await run(...call);
      const problem = untrue(operation, answer);
      if (problem !== undefined) throw new Error(problem);
      return answer;
    },
  });
}
