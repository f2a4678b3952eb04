/** The library's code tables, for forms and programs that show codes with their words. */
import { z } from 'zod';
import { AppError, operation } from '../core/index.ts';
import { listCodes, listCodeTables } from './codes.ts';

const codeTableFields = {
  name: z.string(),
  label_en: z.string(),
  label_de: z.string(),
  closed: z.boolean().describe('Muster gives its codes a meaning: imports may not add any'),
};

export const showCodeTables = operation({
  name: 'code_table.list',
  summary: { en: 'List the code tables', de: 'Die Codetabellen auflisten' },
  privilege: 'users:read',
  input: z.strictObject({}),
  output: z.object({ tables: z.array(z.object(codeTableFields)) }),
  audit: () => ({ entity: 'code_table', id: null }),
  run: async (ctx) => ({ tables: await listCodeTables(ctx.db.pool) }),
});

export const showCodeTable = operation({
  name: 'code_table.show',
  summary: { en: 'Show the codes of a table, in their order', de: 'Die Codes einer Tabelle in ihrer Reihenfolge zeigen' },
  privilege: 'users:read',
  input: z.strictObject({ table: z.string().trim().min(1).max(255) }),
  output: z.object({
    ...codeTableFields,
    codes: z.array(
      z.object({
        code: z.string(),
        label_en: z.string(),
        label_de: z.string(),
        enabled: z.boolean().describe('false: retired; users may still have it'),
        is_default: z.boolean(),
      }),
    ),
  }),
  audit: (input) => ({ entity: 'code_table', id: input.table }),
  run: async (ctx, { table }) => {
    const found = (await listCodeTables(ctx.db.pool)).find((each) => each.name === table);
    if (found === undefined) throw new AppError('users.code_table_not_found', { table });
    const codes = await listCodes(ctx.db.pool, table);
    return { ...found, codes: codes.map(({ properties: _properties, ...code }) => code) };
  },
});
