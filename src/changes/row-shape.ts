/** The columns of child rows, and how the journal writes such a row down. */
import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import { type ChildTableName, childTable, SQL_TYPES } from '../users/index.ts';

export interface ContentColumn {
  readonly name: string;
  readonly type: string;
}

/** Columns of a child table that hold content, `segment` included where there is one. */
export function contentColumns(table: ChildTableName): readonly ContentColumn[] {
  const described = childTable(table);
  if (described === undefined) throw new Error(`no child table ${table}`);
  return [
    ...(described.segmented ? [{ name: 'segment', type: 'text' }] : []),
    ...described.fields.map((f) => ({ name: f.name, type: SQL_TYPES[f.type] })),
  ];
}

/** A row's content as the journal keeps it: without empty columns, which are not to be taken from inside a value. */
export function rowJson(columns: readonly ContentColumn[], value: (column: ContentColumn) => Sql): Sql {
  const build = (some: typeof columns) =>
    sql`jsonb_build_object(${join(
      some.map((c) => sql`${c.name}::text, ${value(c)}`),
      ', ',
    )})`;
  const whole = columns.filter((c) => c.type === 'jsonb');
  const plain = sql`jsonb_strip_nulls(${build(columns.filter((c) => c.type !== 'jsonb'))})`;
  return whole.length === 0 ? plain : sql`(${plain} || ${build(whole)})`;
}

/**
 * The same as JSON text. Entries of the journal are put together as text and parsed once with the whole
 * row: building each as jsonb, to be written out and read in again, took three times as long.
 */
export function rowText(columns: readonly ContentColumn[], value: (column: ContentColumn) => Sql): Sql {
  const parts = columns.map((c) => sql`${raw(`'"${c.name}":'`)} || ${jsonText(value(c), c.type)}`);
  return sql`('{' || concat_ws(',', ${join(parts, ', ')}) || '}')`;
}

/** A value as JSON text; null for null. */
function jsonText(value: Sql, type: string): Sql {
  return ['boolean', 'integer', 'numeric', 'jsonb'].includes(type) ? sql`(${value})::text` : sql`to_json(${value})::text`;
}

export interface RowEntry {
  readonly table: ChildTableName;
  /** 'add', 'edit' or 'remove'. */
  readonly op: Sql;
  /** JSON text of the change's number, and of all that touched the row; null where there is none. */
  readonly change: Sql;
  readonly changes: Sql;
  readonly id: Sql;
  /** JSON text; left out where it is null. */
  readonly before: Sql;
  readonly after: Sql;
}

/** An entry of the journal's `rows`, as JSON text. */
export function rowEntry(entry: RowEntry): Sql {
  return sql`(${raw(`'{"table":"${entry.table}","op":"'`)} || (${entry.op}) || '","id":' || ${entry.id}
    || ',"change":' || coalesce(${entry.change}, 'null') || ',"changes":' || coalesce(${entry.changes}, 'null')
    || coalesce(',"before":' || (${entry.before}), '') || coalesce(',"after":' || (${entry.after}), '') || '}')`;
}

/** Entries as the preview wants them. */
export function asJson(entries: Sql): Sql {
  return sql`select e.user_id, e.entry::jsonb as entry from (${entries}) e`;
}

/** Tables whose rows are unique by content: what goes must be gone before its like comes. */
const UNIQUE: readonly ChildTableName[] = ['user_rs_libraries', 'user_letter_preferences'];

/** A condition for the INSERT of such a table that makes it wait for the DELETE, `wd_<table>`. */
export function afterDeletion(table: ChildTableName): Sql {
  return UNIQUE.includes(table) ? sql` and (select count(*) from wd_${raw(table)}) >= 0` : empty;
}
