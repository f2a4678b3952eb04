/** What stands around every letter of a language. */
import { z } from 'zod';

/** There is one frame in each language. */
export const STANDARD_FRAME = 'STANDARD';

const part = (most: number, about: string) => z.string().max(most).nullable().default(null).describe(about);

export const frameSchema = z.object({
  header: part(20_000, 'Above the letter, beside the logo: Markdown with Liquid fields'),
  logo_url: part(2_000, 'Address of the logo, https'),
  logo_alt: part(200, 'What the logo shows, for those who do not see it'),
  footer: part(20_000, 'Below the letter: Markdown with Liquid fields'),
  sender: part(500, 'One line with the library’s postal address, above the window of an envelope'),
  legal: part(20_000, 'Last and small, such as the supervisory body: Markdown with Liquid fields'),
  colour: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, 'is no colour like #1a5f7a')
    .nullable()
    .default(null)
    .describe('The library’s colour, `#rrggbb`: links, and the line below the header'),
});

export type Frame = z.output<typeof frameSchema>;

/** A frame with nothing in it. */
export const emptyFrame: Frame = frameSchema.parse({});
