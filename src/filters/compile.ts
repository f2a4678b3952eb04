import sql, { join, raw, type Sql } from 'sql-template-tag';
import { type ChildScope, findChild, findField, type FilterField, type Scope, USER_SCOPE } from './field-registry.ts';
import { readFilter } from './read-filter.ts';
import { isDate, resolveDate } from './relative-dates.ts';
import type { Comparison, Filter, Has, OrderOperator, Value } from './tree.ts';

export interface CompileOptions {
  /** The day that `today` means, `YYYY-MM-DD`. */
  readonly today: string;
  /** Alias of the users row in the statement around; `u` unless told. */
  readonly alias?: string;
}

/**
 * The filter as an SQL condition over a users row: true or false, never null, so that it can be
 * negated, counted and shown. Names come from the field registry, values are parameters with casts.
 * Comparisons leave the column bare where they can, for the sake of its index: instead of
 * `coalesce(…, false)` they add `and … is not null`.
 */
export function compileFilter(filter: Filter, options: CompileOptions): Sql {
  const { today, alias = 'u' } = options;
  if (!isDate(today)) throw new RangeError(`Not a date: ${today}`);
  if (!/^[a-z][a-z0-9_]*$/.test(alias) || alias === CHILD_ALIAS) throw new RangeError(`Not an alias: ${alias}`);
  return compileNode(readFilter(filter), { scope: USER_SCOPE, row: alias, today });
}

/** Alias of the child row; a child has no children, so one is enough. */
const CHILD_ALIAS = 'filter_row';

interface Place {
  readonly scope: Scope;
  readonly row: string;
  readonly today: string;
}

function compileNode(filter: Filter, at: Place): Sql {
  if ('and' in filter)
    return join(
      filter.and.map((part) => compileNode(part, at)),
      ' and ',
      '(',
      ')',
    );
  if ('or' in filter)
    return join(
      filter.or.map((part) => compileNode(part, at)),
      ' or ',
      '(',
      ')',
    );
  if ('not' in filter) return sql`(not ${compileNode(filter.not, at)})`;
  if ('everyone' in filter) return sql`true`;
  if ('has' in filter) return compileHas(filter, at);
  return compileComparison(filter, at);
}

function compileHas({ has, where, count }: Has, at: Place): Sql {
  const child: ChildScope = findChild(at.scope, has);
  const matching = where === undefined ? sql`true` : compileNode(where, { ...at, scope: child, row: CHILD_ALIAS });
  const rows = sql`from ${raw(child.table)} as ${raw(CHILD_ALIAS)} where ${raw(CHILD_ALIAS)}.user_id = ${raw(at.row)}.id and ${matching}`;
  if (count === undefined) return sql`(exists (select ${rows}))`;
  return sql`((select count(*) ${rows}) ${order(count.op)} ${count.value}::bigint)`;
}

function compileComparison(comparison: Comparison, at: Place): Sql {
  const field = findField(at.scope, comparison.field);
  const column = raw(`${at.row}.${field.column}`);
  switch (comparison.op) {
    case 'is_empty':
      return isEmpty(field, column);
    case 'is_not_empty':
      return sql`(not ${isEmpty(field, column)})`;
    case '!=':
      return sql`(not ${compileComparison({ ...comparison, op: '=' }, at)})`;
    case 'in':
      return present(field, column, isOneOf(field, column, comparison.value, at.today));
    case 'contains':
      return field.type === 'json'
        ? jsonContains(column, comparison.value)
        : present(field, column, sql`strpos(${compared(field, column)}, ${textValue(field, comparison.value)}) > 0`);
    case 'starts_with':
      return present(field, column, sql`starts_with(${compared(field, column)}, ${textValue(field, comparison.value)})`);
    case 'ends_with': {
      const value = textValue(field, comparison.value);
      return present(field, column, sql`right(${compared(field, column)}, length(${value})) = ${value}`);
    }
    default:
      return present(field, column, isOrdered(field, column, comparison.op, plain(comparison.value, at.today)));
  }
}

/** Makes `condition`, which is null when the column is, false in that case. */
function present(field: FilterField, column: Sql, condition: Sql): Sql {
  return field.emptyIsZero ? sql`(${condition})` : sql`(${condition} and ${column} is not null)`;
}

function isEmpty(field: FilterField, column: Sql): Sql {
  switch (field.type) {
    case 'codes':
      return sql`(cardinality(coalesce(${column}, '{}')) = 0)`;
    case 'json':
      return sql`(coalesce(${column}, 'null') in ('null', '[]', '{}'))`;
    default:
      return sql`(${column} is null)`;
  }
}

function isOrdered(field: FilterField, column: Sql, op: OrderOperator, value: Plain): Sql {
  if (field.type === 'instant') return isOrderedInstant(column, op, value);
  if (field.type === 'codes') return sql`${value}::text = any(${column})`;
  if (field.type === 'text') return sql`fold(${column}) ${order(op)} fold(${value}::text)`;
  return sql`${compared(field, column)} ${order(op)} ${value}::${castOf(field)}`;
}

/** The day of an instant, in UTC, against a day: as a range of instants, which an index can serve. */
function isOrderedInstant(column: Sql, op: OrderOperator, day: Plain): Sql {
  const start = sql`((${day}::date)::timestamp at time zone 'UTC')`;
  const end = sql`((${day}::date + 1)::timestamp at time zone 'UTC')`;
  switch (op) {
    case '<':
      return sql`${column} < ${start}`;
    case '<=':
      return sql`${column} < ${end}`;
    case '>':
      return sql`${column} >= ${end}`;
    case '>=':
      return sql`${column} >= ${start}`;
    case '=':
      return sql`${column} >= ${start} and ${column} < ${end}`;
    case '!=':
      return sql`not (${column} >= ${start} and ${column} < ${end})`;
  }
}

function isOneOf(field: FilterField, column: Sql, values: readonly Value[], today: string): Sql {
  const list = values.map((value) => plain(value, today));
  switch (field.type) {
    case 'text':
      // The array is folded once, so that the comparison stays one that an index can serve.
      return sql`fold(${column}) = any(array(select fold(listed.value) from unnest(${list}::text[]) as listed (value)))`;
    case 'codes':
      return sql`${column} && ${list}::text[]`;
    case 'instant':
      return sql`(${column} at time zone 'UTC')::date = any(${list}::date[])`;
    default:
      return sql`${compared(field, column)} = any(${list}::${castOf(field)}[])`;
  }
}

/** Whether a text anywhere in the JSON value contains the given one. */
function jsonContains(column: Sql, value: Value): Sql {
  return sql`(exists (select from jsonb_path_query(${column}, 'strict $.**') as inside (value)
    where jsonb_typeof(inside.value) = 'string' and strpos(fold(inside.value #>> '{}'), fold(${value}::text)) > 0))`;
}

/** The column as it is compared: texts folded, codes exactly, "never heard of" as none. */
function compared(field: FilterField, column: Sql): Sql {
  if (field.type === 'text') return sql`fold(${column})`;
  return field.emptyIsZero ? sql`coalesce(${column}, 0)` : column;
}

function textValue(field: FilterField, value: Value): Sql {
  return field.type === 'text' ? sql`fold(${value}::text)` : sql`${value}::text`;
}

type Plain = string | number | boolean;

function plain(value: Value, today: string): Plain {
  return typeof value === 'object' ? resolveDate(value, today) : value;
}

function castOf(field: FilterField): Sql {
  return CASTS[field.type];
}

const CASTS: Readonly<Record<FilterField['type'], Sql>> = {
  text: raw('text'),
  code: raw('text'),
  codes: raw('text'),
  json: raw('text'),
  date: raw('date'),
  instant: raw('date'),
  boolean: raw('boolean'),
  integer: raw('integer'),
  amount: raw('numeric'),
};

const ORDERS: Readonly<Record<OrderOperator, Sql>> = {
  '=': raw('='),
  '!=': raw('<>'),
  '<': raw('<'),
  '<=': raw('<='),
  '>': raw('>'),
  '>=': raw('>='),
};

function order(op: OrderOperator): Sql {
  return ORDERS[op];
}
