/** What helps to write letters. */
import { z } from 'zod';
import { operation } from '../core/index.ts';
import { letterFields } from './text/index.ts';

const fieldSchema = z.object({
  path: z.string().describe('As it is written between the braces; within a loop `item.` stands for the loop’s own name'),
  type: z.enum(['text', 'date', 'number', 'amount', 'yes-no', 'list', 'link']),
  label: z.string().describe('In the language of who asks, as is the description'),
  description: z.string(),
  example: z.string(),
  where: z
    .enum(['credentials', 'changes'])
    .nullable()
    .describe('Null: in every letter. `credentials`: only in those that bring a password or link; `changes`: empty outside a run'),
  optional: z.boolean().describe('May be empty, so that a letter had better ask with `{% if … %}`'),
});

export const importLetterHtml = operation({
  name: 'letter.import_html',
  summary: {
    en: 'Makes clean Markdown of a letter in HTML, such as one pasted from a word processor; nothing is saved',
    de: 'Macht aus einem Brief in HTML, etwa aus einer Textverarbeitung eingefügt, sauberes Markdown; nichts wird gespeichert',
  },
  privilege: 'letters:write',
  input: z.object({ html: z.string().max(2_000_000) }).strict(),
  output: z.object({ body: z.string().describe('Markdown; Liquid fields stay as they were') }),
  audit: () => ({ entity: 'letter', id: null }),
  run: async (_ctx, { html }) => {
    // Commands load this file as well, and have no use for a reader of HTML.
    const { markdownFromHtml } = await import('./text/html-import.ts');
    return { body: markdownFromHtml(html) };
  },
});

export const listLetterFields = operation({
  name: 'letter.fields',
  summary: {
    en: 'Lists the fields that letters can show, with examples',
    de: 'Listet die Felder auf, die Briefe zeigen können, mit Beispielen',
  },
  privilege: 'letters:read',
  input: z.object({}).strict(),
  output: z.object({ fields: z.array(fieldSchema.extend({ items: z.array(fieldSchema).describe('What an entry of a list has') })) }),
  audit: () => ({ entity: 'letter', id: null }),
  run: async (ctx) => ({
    fields: letterFields(ctx.language).map(({ items, ...field }) => ({ ...field, items: items.map(({ items: _none, ...item }) => item) })),
  }),
});
