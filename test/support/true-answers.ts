/**
 * Loaded before every file of tests: whatever an operation answers in any test is held against the
 * output schema that it declares. Nothing may be missing or wrong, and nothing may be there that the
 * schema does not name; a transport would drop it.
 */
import { isDeepStrictEqual } from 'node:util';
import { OPERATIONS } from '../../src/app/operations.ts';
import { type AnyOperation, problemsOf } from '../../src/core/index.ts';

/** Why `answer` is not what the operation says it answers; undefined when it is. */
export function untrue(operation: Pick<AnyOperation, 'name' | 'output'>, answer: unknown): string | undefined {
  const parsed = operation.output.safeParse(answer);
  if (!parsed.success) return `${operation.name} answers something else than its schema says: ${problemsOf(parsed.error)}`;
  // As JSON, since that is how it leaves: a member that is undefined is one that is not there.
  const [said, declared] = [answer, parsed.data].map((value) => JSON.parse(JSON.stringify(value ?? null)) as unknown);
  if (isDeepStrictEqual(said, declared)) return undefined;
  return `${operation.name} answers more than its schema says: ${JSON.stringify(answer)} is not ${JSON.stringify(parsed.data)}`;
}

for (const operation of OPERATIONS.values()) {
  const run = operation.run.bind(operation);
  Object.assign(operation, {
    run: async (...call: Parameters<typeof run>) => {
      const answer = await run(...call);
      const problem = untrue(operation, answer);
      if (problem !== undefined) throw new Error(problem);
      return answer;
    },
  });
}
