/**
 * What is different between a user and the record that is to take its place, worked out in memory.
 * The rules are those of the merge (merge-plan.ts): rows are compared by content, a row that differs
 * from one of the same identity is an edit of that one, and what is equal is not written.
 */
import {
  CHILD_TABLES,
  type ChildTable,
  type ChildTableName,
  type RecordRow,
  SCALARS,
  type ScalarName,
  type WholeUser,
} from '../users/index.ts';
import type { Segment, StagedRow, StagedValue } from './merge-staging.ts';

/** The record that is to be there. What is absent stays. */
export interface Replacement {
  readonly fields: Readonly<Partial<Record<ScalarName, StagedValue>>>;
  readonly lists: Readonly<Partial<Record<ChildTableName, readonly StagedRow[]>>>;
}

export type RowChange =
  | { readonly op: 'add'; readonly after: RecordRow }
  | { readonly op: 'edit'; readonly id: number; readonly before: RecordRow; readonly after: RecordRow }
  | { readonly op: 'remove'; readonly id: number; readonly before: RecordRow };

export interface Difference {
  /** Column → before and after. */
  readonly fields: Readonly<Record<string, readonly [unknown, unknown]>>;
  readonly rows: ReadonlyMap<ChildTable, readonly RowChange[]>;
}

/** When and by whom a row was made is never compared: edits keep it, new rows get it. */
const MADE: ReadonlySet<string> = new Set(['created_by', 'created_at']);

export function differenceOf(user: WholeUser | null, wanted: Replacement): Difference {
  const fields: Record<string, readonly [unknown, unknown]> = {};
  for (const { name } of SCALARS) {
    const next = wanted.fields[name];
    if (next === undefined) continue;
    const before = user?.fields[name] ?? null;
    if (!equal(before, next)) fields[name] = [before, next];
  }
  const rows = new Map<ChildTable, readonly RowChange[]>();
  const account = wanted.fields.account_type ?? user?.fields.account_type ?? 'INTERNAL';
  for (const table of CHILD_TABLES as readonly ChildTable[]) {
    const list = wanted.lists[table.table];
    if (list === undefined) continue;
    const changes = rowChanges(table, user?.rows[table.table] ?? [], list, account === 'EXTERNAL' ? 'External' : 'Internal');
    if (changes.length > 0) rows.set(table, changes);
  }
  return { fields, rows };
}

function rowChanges(table: ChildTable, present: readonly RecordRow[], list: readonly StagedRow[], native: Segment): RowChange[] {
  const columns = [...(table.segmented ? ['segment'] : []), ...table.fields.map((f) => f.name)];
  const content = columns.filter((c) => !MADE.has(c));
  const keyOf = (row: RecordRow, names: readonly string[]) => JSON.stringify(names.map((c) => comparable(row[c])));
  const wanted = dropDoubles(
    list.map(({ segment, values }): RecordRow => ({ ...(table.segmented ? { segment: segment ?? native } : {}), ...values })),
    (row) => keyOf(row, content),
  );
  // Rows of a segment that the record does not speak of are not its to replace; an empty list speaks of all.
  const spoken = new Set(wanted.map((row) => row['segment']));
  const mine = (row: RecordRow) => !table.segmented || wanted.length === 0 || spoken.has(row['segment']);
  const extra = new Map<string, RecordRow[]>();
  for (const row of present) if (mine(row)) push(extra, keyOf(row, content), row);
  const missing: RecordRow[] = [];
  for (const row of wanted) if (extra.get(keyOf(row, content))?.shift() === undefined) missing.push(row);

  const loose = new Map<string, RecordRow[]>();
  for (const row of [...extra.values()].flat()) push(loose, keyOf(row, table.identity), row);
  const others = new Set(present.filter((row) => !mine(row)).map((row) => keyOf(row, table.identity)));
  const kept = (row: RecordRow) => Object.fromEntries(columns.map((c) => [c, row[c] ?? null]));
  const changes: RowChange[] = [];
  for (const row of missing) {
    const before = loose.get(keyOf(row, table.identity))?.shift();
    if (before !== undefined) {
      const made = Object.fromEntries(columns.filter((c) => MADE.has(c)).map((c) => [c, before[c]]));
      changes.push({ op: 'edit', id: Number(before['id']), before: kept(before), after: { ...kept(row), ...made } });
    } else if (!others.has(keyOf(row, table.identity))) changes.push({ op: 'add', after: kept(row) });
  }
  for (const row of [...loose.values()].flat()) changes.push({ op: 'remove', id: Number(row['id']), before: kept(row) });
  return changes;
}

function dropDoubles(rows: readonly RecordRow[], keyOf: (row: RecordRow) => string): RecordRow[] {
  return [...new Map(rows.map((row) => [keyOf(row), row])).values()];
}

function push<T>(map: Map<string, T[]>, key: string, item: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [item]);
  else list.push(item);
}

function equal(one: unknown, other: unknown): boolean {
  return JSON.stringify(comparable(one)) === JSON.stringify(comparable(other));
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

/** A value so that equal ones are equal as JSON: instants by their moment, members of objects by name. */
function comparable(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return INSTANT.test(value) && !Number.isNaN(Date.parse(value)) ? Date.parse(value) : value;
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object') return value;
  return Object.entries(value)
    .filter(([, member]) => member !== undefined && member !== null)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => [name, comparable(member)]);
}
