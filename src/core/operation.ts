import type { z } from 'zod';
import type { Context } from './context.ts';
import { AppError } from './errors.ts';
import type { Privilege } from './privileges.ts';

/** What the audit keeps of a call: the thing it was about. Never a password, never a whole record. */
export interface AuditEntry {
  readonly entity: string;
  readonly id: string | number | null;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/**
 * A verb of Muster. The command line, the HTTP API, OpenAPI and the permissions page are made from
 * these declarations; one without a privilege, an output schema or an audit entry does not compile.
 */
export interface Operation<I extends z.ZodType, O extends z.ZodType, N extends string = string> {
  /** Known to the compiler, so that a client can be typed by it. */
  readonly name: N;
  readonly summary: { readonly en: string; readonly de: string };
  readonly privilege: Privilege;
  readonly input: I;
  /** What it answers. A transport sends nothing that is not in here. */
  readonly output: O;
  // Methods, not properties: so each operation is also an `AnyOperation`. What calls one parses first.
  audit(input: z.output<I>, output: z.output<O> | undefined): AuditEntry;
  run(ctx: Context, input: z.output<I>): Promise<z.output<O>>;
}

/** Any operation, where what it takes and gives does not matter. */
export type AnyOperation = Operation<z.ZodType, z.ZodType>;

export function operation<const N extends string, I extends z.ZodType, O extends z.ZodType>(
  declaration: Operation<I, O, N>,
): Operation<I, O, N> {
  return declaration;
}

/** Says every problem of an invalid input at once, each with where it is. */
export function problemsOf(error: z.ZodError): string {
  return error.issues.map((issue) => (issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message)).join('; ');
}

/** Parses input; throws `input.invalid` with every problem and its place. */
export function parseInput<T extends z.ZodType>(schema: T, raw: unknown): z.output<T> {
  const parsed = schema.safeParse(raw);
  if (!parsed.success) throw new AppError('input.invalid', { problems: problemsOf(parsed.error) }, { cause: parsed.error });
  return parsed.data;
}
