import type { z } from 'zod';

/** A variable of the environment. */
export interface Variable {
  readonly schema: z.ZodType<string | number>;
  readonly example: string;
  /** Secrets are never repeated in a message, and may be given as a file's name in `NAME_FILE`. */
  readonly secret?: true;
}
