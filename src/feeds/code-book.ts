/** The library's codes as an import needs them: closed tables to check against, labels to translate from. */
import sql from 'sql-template-tag';
import type { Queryable } from '../core/index.ts';

/** Codes of a closed table that a message lists. */
const LISTED = 12;

export interface CodeBook {
  /** The code as the closed table writes it; null: the table does not have it; undefined: the table is open. */
  closedCode(table: string, code: string): string | null | undefined;
  /** Some codes of a table, for a message. */
  listed(table: string): string;
  /** The code of this label, English or German, upper or lower case. */
  codeOfLabel(table: string, label: string): string | undefined;
  /** Whether the library has the code. */
  knows(table: string, code: string): boolean;
  /** Takes down a code that the library may not know, and what it is to be called (null: like itself). */
  learn(table: string, code: string, label: string | null): void;
}

interface Row {
  readonly table_name: string;
  readonly code: string;
  readonly label_en: string;
  readonly label_de: string;
  readonly closed: boolean;
}

export async function loadCodeBook(db: Queryable, learn: CodeBook['learn']): Promise<CodeBook> {
  const { rows } = await db.query<Row>(sql`
    select t.name as table_name, c.code, c.label_en, c.label_de, t.closed
    from code_tables t join codes c on c.table_name = t.name order by t.name, c.position, c.code`);
  const closed = new Map<string, Map<string, string>>();
  const codes = new Map<string, string[]>();
  const labels = new Map<string, string>();
  const known = new Set<string>();
  for (const row of rows) {
    if (row.closed) setIn(closed, row.table_name).set(row.code.toUpperCase(), row.code);
    const list = codes.get(row.table_name);
    if (list === undefined) codes.set(row.table_name, [row.code]);
    else list.push(row.code);
    known.add(`${row.table_name}\n${row.code}`);
    for (const label of [row.label_en, row.label_de]) {
      const key = `${row.table_name}\n${label.toLowerCase()}`;
      if (!labels.has(key)) labels.set(key, row.code);
    }
  }
  return {
    closedCode: (table, code) => {
      const ofTable = closed.get(table);
      return ofTable === undefined ? undefined : (ofTable.get(code.toUpperCase()) ?? null);
    },
    listed: (table) => {
      const list = codes.get(table) ?? [];
      return list.length > LISTED ? `${list.slice(0, LISTED).join(', ')}, …` : list.join(', ');
    },
    codeOfLabel: (table, label) => (known.has(`${table}\n${label}`) ? label : labels.get(`${table}\n${label.toLowerCase()}`)),
    knows: (table, code) => known.has(`${table}\n${code}`),
    learn: (table, code, label) => {
      if (!known.has(`${table}\n${code}`)) learn(table, code, label);
    },
  };
}

function setIn(map: Map<string, Map<string, string>>, key: string): Map<string, string> {
  const present = map.get(key) ?? new Map<string, string>();
  map.set(key, present);
  return present;
}
