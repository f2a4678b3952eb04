/** The forms in which people look at a letter: those that one rendering of it gives. */
import { z } from 'zod';
import { type Context, count } from '../core/index.ts';
import { failureSentence } from './failure.ts';
import type { PostalAddress } from './print/address.ts';
import type { printPreview } from './print/preview.ts';
import { type RenderedLetter, type RenderUse, smsSegments } from './text/index.ts';

const FORMS = ['html', 'text', 'sms', 'print'] as const;
export type Form = (typeof FORMS)[number];

export const formsField = z.array(z.enum(FORMS)).min(1).default(['html', 'text', 'sms']);

export const formFields = {
  subject: z.string(),
  text: z.string().nullable().describe('Null when it was not asked for, as all that follow'),
  html: z.string().nullable(),
  sms: z
    .object({
      text: z.string(),
      encoding: z.enum(['GSM-7', 'UCS-2']).describe('UCS-2: there are characters that leave room for 70 in a part, not 160'),
      length: count,
      segments: count.describe('Parts that it is sent and paid as'),
    })
    .nullable()
    .describe('Null too when the letter does not go out as SMS'),
  print: z
    .object({
      pdf: z.base64().describe('The PDF'),
      pages: count,
      no_place: z.string().nullable().describe('Why the user would get no letter on paper'),
      missing: z.array(z.string()).describe('Characters that no font has'),
    })
    .nullable(),
};
const formsSchema = z.object(formFields);
export type ShownForms = z.output<typeof formsSchema>;

/** Of a letter that nobody gets. */
export const NO_FORMS: ShownForms = { subject: '', text: null, html: null, sms: null, print: null };

/** What has to be rendered for these forms. */
export function usesOf(forms: readonly Form[]): Required<RenderUse> {
  const wants = (form: Form): boolean => forms.includes(form);
  return { html: wants('html'), text: wants('text'), sms: wants('sms'), blocks: wants('print') };
}

/** `to`: whom it is printed for. */
export async function formsOf(
  ctx: Context,
  letter: RenderedLetter & { readonly language: string },
  use: Required<RenderUse>,
  to: { readonly name: string; readonly address: PostalAddress | undefined },
): Promise<ShownForms> {
  return {
    subject: letter.subject,
    text: use.text ? letter.text : null,
    html: use.html ? letter.html : null,
    sms: letter.sms === null ? null : smsOf(letter.sms),
    print: use.blocks ? await printed(ctx, letter, to) : null,
  };
}

function smsOf(text: string): NonNullable<ShownForms['sms']> {
  const { encoding, length, segments } = smsSegments(text);
  return { text, encoding, length, segments };
}

/** The printing is loaded with the first letter on paper: fonts and the writer of PDFs take their time. */
async function printed(...[ctx, ...args]: Parameters<typeof printPreview>): Promise<NonNullable<ShownForms['print']>> {
  const { pdf, pages, noPlace, missing } = await (await import('./print/preview.ts')).printPreview(ctx, ...args);
  return { pdf: pdf.toString('base64'), pages, no_place: failureSentence(ctx.language, noPlace), missing: [...missing] };
}
