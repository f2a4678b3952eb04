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
