import sql from 'sql-template-tag';
import type { Language, Queryable } from '../core/index.ts';

export interface CodeTable {
  readonly name: string;
  readonly label_en: string;
  readonly label_de: string;
  /** Muster gives its codes a meaning: imports may not add any. */
  readonly closed: boolean;
}

export interface Code {
  readonly code: string;
  readonly label_en: string;
  readonly label_de: string;
  readonly enabled: boolean;
  readonly is_default: boolean;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Every code table, by name. */
export async function listCodeTables(db: Queryable): Promise<CodeTable[]> {
  const found = await db.query<CodeTable>(sql`select t.name, t.label_en, t.label_de, t.closed from code_tables t order by t.name`);
  return found.rows;
}

/** The codes of one table in their order; retired ones (`enabled` false) too. An unknown table has none. */
export async function listCodes(db: Queryable, tableName: string): Promise<Code[]> {
  const found = await db.query<Code>(sql`
    select c.code, c.label_en, c.label_de, c.enabled, c.is_default, c.properties
    from codes c
    where c.table_name = ${tableName}
    order by c.position, c.code`);
  return found.rows;
}

/** Labels of codes, for many codes at once. */
export interface CodeLabels {
  /** The label in the language asked for; null for a code that the table does not have. */
  label(tableName: string, code: string): string | null;
}

/** All labels of these tables, in one query. */
export async function codeLabels(db: Queryable, tableNames: readonly string[], language: Language): Promise<CodeLabels> {
  const found = await db.query<{ table_name: string; code: string; label_en: string; label_de: string }>(sql`
    select c.table_name, c.code, c.label_en, c.label_de from codes c where c.table_name = any(${tableNames}::text[])`);
  const labels = new Map(found.rows.map((row) => [keyOf(row.table_name, row.code), language === 'de' ? row.label_de : row.label_en]));
  return { label: (tableName, code) => labels.get(keyOf(tableName, code)) ?? null };
}

function keyOf(tableName: string, code: string): string {
  return `${tableName}\t${code}`;
}
