/** The library's own codes: added, reworded, retired. None is ever deleted, since users may have it. */
import type { PoolClient } from 'pg';
import sql from 'sql-template-tag';
import { z } from 'zod';
import { AppError, operation } from '../core/index.ts';

const tableName = z.string().trim().min(1).max(255);
const codeName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}]+$/u);
const label = z.string().trim().min(1).max(255);

const codeView = z.object({
  table: z.string(),
  code: z.string(),
  label_en: z.string(),
  label_de: z.string(),
  enabled: z.boolean(),
  is_default: z.boolean(),
  position: z.int(),
});
export type CodeView = z.output<typeof codeView>;

const auditCode = (i: { readonly table: string; readonly code: string }) => ({ entity: 'code', id: `${i.table}/${i.code}` });

export const addCode = operation({
  name: 'code.add',
  summary: { en: 'Adds a code to a table of the library', de: 'Fügt einer Codetabelle der Bibliothek einen Code hinzu' },
  privilege: 'settings:write',
  input: z.strictObject({ table: tableName, code: codeName, label_en: label, label_de: label }),
  output: codeView,
  audit: auditCode,
  run: (ctx, i) =>
    ctx.db.transaction(async (tx) => {
      const { closed } = await lockTable(tx, i.table);
      if (closed) throw new AppError('users.code_table_closed', { table: i.table });
      const { rowCount } = await tx.query(sql`
        insert into codes (table_name, code, label_en, label_de, position)
        select ${i.table}::text, ${i.code}::text, ${i.label_en}::text, ${i.label_de}::text, coalesce(max(c.position), 0) + 1
        from codes c where c.table_name = ${i.table}::text
        on conflict do nothing`);
      if (rowCount === 0) throw new AppError('users.code_exists', { table: i.table, code: i.code });
      return codeOf(tx, i.table, i.code);
    }),
});

export const updateCode = operation({
  name: 'code.update',
  summary: {
    en: 'Changes the words of a code, its place, or makes it the default; users who have it keep it',
    de: 'Ändert die Bezeichnung eines Codes oder seinen Platz, oder macht ihn zum Standard; Benutzer behalten ihn',
  },
  privilege: 'settings:write',
  input: z.strictObject({
    table: tableName,
    code: codeName,
    label_en: label.optional(),
    label_de: label.optional(),
    position: z.int().min(0).max(100_000).optional(),
    is_default: z.boolean().optional().describe('true takes it from the code that was the default'),
  }),
  output: codeView,
  audit: (i) => ({ ...auditCode(i), detail: { changed: Object.keys(i).filter((name) => name !== 'table' && name !== 'code') } }),
  run: (ctx, i) =>
    ctx.db.transaction(async (tx) => {
      await lockTable(tx, i.table);
      const before = await codeOf(tx, i.table, i.code);
      if (i.is_default === true && !before.enabled) throw new AppError('users.code_retired', { code: i.code });
      if (i.is_default === true)
        await tx.query(sql`update codes set is_default = false where table_name = ${i.table}::text and is_default`);
      await tx.query(sql`update codes set label_en = ${i.label_en ?? before.label_en}::text, label_de = ${i.label_de ?? before.label_de}::text,
          position = ${i.position ?? before.position}::integer, is_default = ${i.is_default ?? before.is_default}::boolean
        where table_name = ${i.table}::text and code = ${i.code}::text`);
      return codeOf(tx, i.table, i.code);
    }),
});

export const switchCode = operation({
  name: 'code.switch',
  summary: {
    en: 'Retires a code, or brings it back; a retired one is no longer offered, and users who have it keep it',
    de: 'Legt einen Code still oder holt ihn zurück; ein stillgelegter wird nicht mehr angeboten, Benutzer behalten ihn',
  },
  privilege: 'settings:write',
  input: z.strictObject({ table: tableName, code: codeName, enabled: z.boolean() }),
  output: codeView,
  audit: (i) => ({ ...auditCode(i), detail: { enabled: i.enabled } }),
  run: (ctx, i) =>
    ctx.db.transaction(async (tx) => {
      const { closed } = await lockTable(tx, i.table);
      const before = await codeOf(tx, i.table, i.code);
      if (closed && !i.enabled) throw new AppError('users.code_table_closed', { table: i.table });
      if (before.is_default && !i.enabled) throw new AppError('users.code_is_default', { code: i.code });
      await tx.query(sql`update codes set enabled = ${i.enabled}::boolean where table_name = ${i.table}::text and code = ${i.code}::text`);
      return codeOf(tx, i.table, i.code);
    }),
});

export const CODE_OPERATIONS = [addCode, updateCode, switchCode] as const;

/** One person at a time changes a table, so that it has one default and each place once. */
async function lockTable(tx: PoolClient, table: string): Promise<{ readonly closed: boolean }> {
  const { rows } = await tx.query<{ closed: boolean }>(sql`select t.closed from code_tables t where t.name = ${table}::text for update`);
  const [found] = rows;
  if (found === undefined) throw new AppError('users.code_table_not_found', { table });
  return found;
}

async function codeOf(tx: PoolClient, table: string, code: string): Promise<CodeView> {
  const { rows } = await tx.query<CodeView>(sql`
    select c.table_name as "table", c.code, c.label_en, c.label_de, c.enabled, c.is_default, c.position
    from codes c where c.table_name = ${table}::text and c.code = ${code}::text`);
  const [found] = rows;
  if (found === undefined) throw new AppError('users.code_not_found', { table, code });
  return found;
}
