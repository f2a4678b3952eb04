import type { PoolClient } from 'pg';
import {
  type CatalogueField,
  type Comparison,
  type Filter,
  filterCatalogue,
  type RelativeDate,
  type Value,
} from '../../src/filters/index.ts';

/**
 * What a filter means, a second time: worked out in memory over plain records, sharing nothing with
 * the compiler to SQL. Only what the database defines is asked of it: how a text folds, and which
 * day a relative date is (by PostgreSQL's own calendar, where the compiler has its own).
 */

export type Row = Readonly<Record<string, unknown>>;

export interface UserRecord {
  readonly scalars: Row;
  /** Rows by child name. */
  readonly children: Readonly<Record<string, readonly Row[]>>;
}

export interface Lookups {
  readonly fold: (text: string) => string;
  readonly day: (date: RelativeDate) => string;
}

const catalogue = filterCatalogue();
const USER_FIELDS = new Map(catalogue.fields.map((field) => [field.name, field]));
const CHILD_FIELDS = new Map(catalogue.children.map((child) => [child.name, new Map(child.fields.map((field) => [field.name, field]))]));

/** Counters of the user that count as 0 where nobody has told them. */
const ZERO_WHEN_EMPTY = new Set(['loans', 'requests', 'fees']);

export function matches(filter: Filter, user: UserRecord, lookups: Lookups): boolean {
  return evaluate(filter, user.scalars, USER_FIELDS, user, lookups);
}

function evaluate(filter: Filter, row: Row, fields: ReadonlyMap<string, CatalogueField>, user: UserRecord, lookups: Lookups): boolean {
  const again = (part: Filter) => evaluate(part, row, fields, user, lookups);
  if ('everyone' in filter) return true;
  if ('and' in filter) return filter.and.every(again);
  if ('or' in filter) return filter.or.some(again);
  if ('not' in filter) return !again(filter.not);
  if ('has' in filter) {
    const { has, where, count } = filter;
    const childFields = CHILD_FIELDS.get(has) ?? new Map<string, CatalogueField>();
    const found = (user.children[has] ?? []).filter(
      (child) => where === undefined || evaluate(where, child, childFields, user, lookups),
    ).length;
    return count === undefined ? found > 0 : ordered(count.op, found - count.value);
  }
  const field = fields.get(filter.field);
  if (field === undefined) throw new Error(`No such field: ${filter.field}`);
  const present = row[field.name] ?? null;
  const value = present === null && fields === USER_FIELDS && ZERO_WHEN_EMPTY.has(field.name) ? 0 : present;
  return compare(filter, field, present, value, lookups);
}

function compare(comparison: Comparison, field: CatalogueField, present: unknown, value: unknown, lookups: Lookups): boolean {
  const empty = present === null || (Array.isArray(present) && present.length === 0);
  const equals = (wanted: Value) => difference(field, value, wanted, lookups) === 0;
  switch (comparison.op) {
    case 'is_empty':
      return empty;
    case 'is_not_empty':
      return !empty;
    case 'in':
      return value !== null && comparison.value.some(equals);
    case '=':
      return value !== null && equals(comparison.value);
    case '!=':
      return value === null || !equals(comparison.value);
    case 'contains':
    case 'starts_with':
    case 'ends_with':
      return value !== null && textMatches(comparison.op, field, value, String(comparison.value), lookups);
    default:
      return value !== null && ordered(comparison.op, difference(field, value, comparison.value, lookups));
  }
}

/** Below zero: the record's value is the smaller one. NaN: they differ, and neither is. */
function difference(field: CatalogueField, value: unknown, wanted: Value, lookups: Lookups): number {
  switch (field.type) {
    case 'text':
      return lookups.fold(String(value)) === lookups.fold(String(wanted)) ? 0 : Number.NaN;
    case 'codes':
      return Array.isArray(value) && value.includes(wanted) ? 0 : Number.NaN;
    case 'code':
    case 'boolean':
    case 'json':
      return value === wanted ? 0 : Number.NaN;
    case 'integer':
    case 'amount':
      return Number(value) - Number(wanted);
    case 'date':
    case 'instant': {
      const day = field.type === 'date' ? String(value) : new Date(String(value)).toISOString().slice(0, 10);
      const other = typeof wanted === 'object' ? lookups.day(wanted) : String(wanted);
      return day === other ? 0 : day < other ? -1 : 1;
    }
  }
}

function textMatches(
  op: 'contains' | 'starts_with' | 'ends_with',
  field: CatalogueField,
  value: unknown,
  wanted: string,
  lookups: Lookups,
): boolean {
  if (field.type === 'json') return textsIn(value).some((text) => lookups.fold(text).includes(lookups.fold(wanted)));
  const [text, part] = field.type === 'text' ? [lookups.fold(String(value)), lookups.fold(wanted)] : [String(value), wanted];
  if (op === 'contains') return text.includes(part);
  return op === 'starts_with' ? text.startsWith(part) : text.endsWith(part);
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function ordered(op: string, by: number): boolean {
  switch (op) {
    case '=':
      return by === 0;
    case '!=':
      return by !== 0;
    case '<':
      return by < 0;
    case '<=':
      return by <= 0;
    case '>':
      return by > 0;
    case '>=':
      return by >= 0;
    default:
      throw new Error(`No such order: ${op}`);
  }
}

/** Asks the database for the folds of every text, and the days of every relative date, in the given data. */
export async function lookUp(db: PoolClient, today: string, ...data: readonly unknown[]): Promise<Lookups> {
  const texts = [...new Set(textsIn(data))];
  const folded = await db.query<{ folded: string[] }>(
    'select array_agg(fold(t.text) order by t.no) as folded from unnest($1::text[]) with ordinality as t (text, no)',
    [texts],
  );
  const folds = new Map(texts.map((text, index) => [text, folded.rows[0]?.folded[index]]));
  const dates = new Map(relativeDatesIn(data).map((date) => [JSON.stringify(date), date]));
  const days = await db.query<{ key: string; day: string }>(
    `select d.key, (case when d.date ? 'today' then s.day else date_trunc('month', s.day) + interval '1 month - 1 day' end)::date::text as day
       from unnest($2::text[], $3::jsonb[]) as d (key, date),
       lateral (select coalesce(d.date -> 'today', d.date -> 'end_of_month') as shift) as h,
       lateral (select $1::date + make_interval(
         years => coalesce((h.shift ->> 'years')::int, 0), months => coalesce((h.shift ->> 'months')::int, 0),
         weeks => coalesce((h.shift ->> 'weeks')::int, 0), days => coalesce((h.shift ->> 'days')::int, 0)) as day) as s`,
    [today, [...dates.keys()], [...dates.values()].map((date) => JSON.stringify(date))],
  );
  const dayOf = new Map(days.rows.map((row) => [row.key, row.day]));
  return {
    fold: (text) => folds.get(text) ?? missing(text),
    day: (date) => dayOf.get(JSON.stringify(date)) ?? missing(JSON.stringify(date)),
  };
}

function relativeDatesIn(value: unknown): RelativeDate[] {
  if (typeof value !== 'object' || value === null) return [];
  if (isRelativeDate(value)) return [value];
  return Object.values(value).flatMap(relativeDatesIn);
}

function isRelativeDate(value: object): value is RelativeDate {
  return 'today' in value || 'end_of_month' in value;
}

function missing(what: string): never {
  throw new Error(`Not looked up: ${what}`);
}
