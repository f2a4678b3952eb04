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

/** An entry of the journal's `rows`; `before` and `after` are left out where they are null, and built once (`offset 0`). */
export function rowEntry(head: Sql, before: Sql, after: Sql): Sql {
  const part = (name: string, value: Sql) =>
    sql`coalesce((select jsonb_build_object(${name}::text, x.value) from (select ${value} as value offset 0) x where x.value is not null), '{}'::jsonb)`;
  return sql`(jsonb_build_object(${head}) || ${part('before', before)} || ${part('after', after)})`;
}

/** Tables whose rows are unique by content: what goes must be gone before its like comes. */
const UNIQUE: readonly ChildTableName[] = ['user_rs_libraries', 'user_letter_preferences'];

/** A condition for the INSERT of such a table that makes it wait for the DELETE, `wd_<table>`. */
export function afterDeletion(table: ChildTableName): Sql {
  return UNIQUE.includes(table) ? sql` and (select count(*) from wd_${raw(table)}) >= 0` : empty;
}
