/** When two rows, one of each record, say the same: they become one. */
import type { ChildTable, RecordRow } from '../users/index.ts';

/** Whose flag, segment and date of making it has is not what a row says. */
const ASIDE: ReadonlySet<string> = new Set(['segment', 'preferred', 'preferred_sms', 'created_by', 'created_at']);

/** Columns that say more about the same thing: one that is empty takes the other's. */
const REMARKS: ReadonlySet<string> = new Set(['note', 'description']);

export function codeIn(row: RecordRow): string {
  return String(row['code']);
}

/** What the row says, so that equal ones are equal as text. */
export function foldedRow(table: ChildTable, row: RecordRow, columns: readonly string[] = contentColumns(table)): string {
  return JSON.stringify(columns.map((c) => comparable(row[c])));
}

function contentColumns(table: ChildTable): string[] {
  return table.fields.map((f) => f.name).filter((c) => !ASIDE.has(c));
}

/**
 * The row of the kept record with what the other adds to it; 'same': nothing; null: they are two rows.
 * Types add up, an empty note is filled, and of one role in the same state the later end counts. Rows
 * that differ in anything else are both kept.
 */
export function joinRows(table: ChildTable, kept: RecordRow, other: RecordRow): RecordRow | 'same' | null {
  const identity = table.identity.filter((c) => c !== 'types' && !REMARKS.has(c));
  if (foldedRow(table, kept, identity) !== foldedRow(table, other, identity)) return null;
  const joined: Record<string, unknown> = { ...kept };
  let more = false;
  for (const column of contentColumns(table)) {
    if (identity.includes(column) || equal(kept[column], other[column])) continue;
    const value = joinedValue(table, column, kept[column] ?? null, other[column] ?? null);
    if (value === undefined) return null;
    if (equal(value, kept[column])) continue;
    joined[column] = value;
    more = true;
  }
  return more ? joined : 'same';
}

/** Undefined: the two do not go together. */
function joinedValue(table: ChildTable, column: string, kept: unknown, other: unknown): unknown {
  if (column === 'types') return [...new Set([...list(kept), ...list(other)])];
  if (REMARKS.has(column) && table.table !== 'user_blocks') {
    if (kept === null) return other;
    return other === null ? kept : undefined;
  }
  // No end is the latest.
  if (table.table === 'user_roles' && column === 'expiry_date') {
    if (kept === null || other === null) return null;
    return String(kept) >= String(other) ? kept : other;
  }
  return undefined;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function equal(one: unknown, other: unknown): boolean {
  return JSON.stringify(comparable(one)) === JSON.stringify(comparable(other));
}

/** As the database folds, near enough for two records that a person compares: what is not found equal stays twice. */
function comparable(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value.normalize('NFC').trim().toLowerCase();
  if (Array.isArray(value)) return value.map(comparable).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (typeof value !== 'object') return value;
  return Object.entries(value)
    .filter(([, member]) => member !== null && member !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => [name, comparable(member)]);
}
