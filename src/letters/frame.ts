/** What stands around every letter of a language. */
import { z } from 'zod';

/** There is one frame in each language. */
export const STANDARD_FRAME = 'STANDARD';

const colour = z
  .string()
  .regex(/^#[0-9a-f]{6}$/i, 'is no colour like #1a5f7a')
  .optional();

/** The field names are those of `FrameSource`, which the renderer takes. */
export const frameSchema = z
  .object({
    header: z.string().max(20_000).default('').describe('Above the letter: Markdown with Liquid fields'),
    footer: z
      .string()
      .max(20_000)
      .default('')
      .describe('Below the letter, such as the address and the legal line: Markdown with Liquid fields'),
    logo: z
      .object({
        url: z
          .url({ protocol: /^https$/ })
          .max(2_000)
          .describe('Address of the picture'),
        alt: z.string().trim().min(1).max(200).describe('What it shows, for those who do not see it'),
        width: z.int().min(16).max(600).optional().describe('In pixels'),
      })
      .strict()
      .nullable()
      .default(null),
    colours: z
      .object({ accent: colour, link: colour, text: colour, paper: colour, page: colour, muted: colour })
      .strict()
      .default({})
      .describe('`#rrggbb` each; those that are missing are Muster’s own'),
  })
  .strict();

export type Frame = z.output<typeof frameSchema>;

/** The same text for the same frame, however its fields are ordered. */
export function frameText(frame: Frame | null): string {
  return JSON.stringify(frame, (_key, value: unknown) =>
    typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  );
}
