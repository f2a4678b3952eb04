/**
 * The list of users that staff work in: words, a filter, chosen columns, an order.
 *
 * Few hits are sorted; of many only the page is looked for, along the index of the order, so that no page
 * reads or sorts a million rows. The next page begins after the values that this one ended with.
 */
import sql, { join, raw, type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { AppError, count, operation, type Queryable, todayIn } from '../core/index.ts';
import { checkFilterFor, compileRecords, type Filter, filterSchema, formatFilter, parseFilter } from '../filters/index.ts';
import { type CodeLabels, codeLabels, type Field, isClosedTo, isRecord, SCALARS, searchCondition } from '../users/index.ts';

/** Hits that are sorted; beyond, the index has the order. */
const SORTED = 10_000;
/** The same where the names stand beside the text, and the users of the hits are not read. */
const SORTED_BY_NAME = 30_000;
/** Users of the index among whom a page of many hits is looked for, before all the hits are sorted. */
const WALKED = 8_000;
const EVERYBODY = 2 ** 31 - 2;

/** What can be shown beside the fields of the record: out of other tables, each with the field or table that may be closed. */
const MORE = {
  email: {
    of: 'user_emails',
    value: sql`(select e.address from user_emails e where e.user_id = u.id order by e.preferred is true desc, e.id limit 1)`,
  },
  phone: {
    of: 'user_phones',
    value: sql`(select p.number from user_phones p where p.user_id = u.id order by p.preferred is true desc, p.id limit 1)`,
  },
  identifiers: {
    of: 'user_identifiers',
    value: sql`(select string_agg(i.value, ', ' order by i.id) from user_identifiers i where i.user_id = u.id and i.status = 'ACTIVE')`,
  },
  blocks: {
    of: 'user_blocks',
    value: sql`(select count(*) from user_blocks b where b.user_id = u.id and b.status = 'ACTIVE' and (b.expiry_date is null or b.expiry_date > now()))`,
  },
  notes: { of: 'user_notes', value: sql`(select count(*) from user_notes n where n.user_id = u.id)` },
  roles: { of: 'user_roles', value: sql`(select count(*) from user_roles r where r.user_id = u.id and r.status = 'ACTIVE')` },
} as const;
type More = keyof typeof MORE;

const COLUMNS = [...SCALARS.map(({ name }) => name), ...(Object.keys(MORE) as More[])] as const; // the keys of that very object
export const LIST_COLUMNS: readonly string[] = COLUMNS;

interface Order {
  /** Has an index. */
  readonly key: Sql;
  readonly type: 'text' | 'date' | 'timestamptz';
  /** Among users with an equal key. */
  readonly second: Sql | null;
  /** Among those who are equal there too. */
  readonly id: Sql;
}

const ORDERS = {
  name: { key: sql`fold(u.last_name)`, type: 'text', second: sql`coalesce(fold(u.first_name), '')`, id: sql`u.id` },
  primary_id: { key: sql`fold(u.primary_id)`, type: 'text', second: null, id: sql`u.id` },
  expiry_date: { key: sql`u.expiry_date`, type: 'date', second: null, id: sql`u.id` },
  modified_at: { key: sql`u.modified_at`, type: 'timestamptz', second: null, id: sql`u.id` },
} as const satisfies Readonly<Record<string, Order>>;
const ORDER_NAMES = Object.keys(ORDERS) as (keyof typeof ORDERS)[]; // the keys of that very object

const input = z
  .strictObject({
    text: z.string().max(1_000).optional().describe('Words of names, ids, barcodes or e-mail addresses'),
    where: z.string().max(20_000).optional().describe('A filter in its text form'),
    filter: filterSchema.optional().describe('The same as JSON'),
    columns: z
      .array(z.enum(COLUMNS as [string, ...string[]]))
      .max(80)
      .default([])
      .describe('What to show beside the name'),
    sort: z.enum(ORDER_NAMES).default('name'),
    descending: z.boolean().default(false),
    limit: z.int().min(0).max(500).default(50),
    after: z.string().min(1).max(4_000).optional().describe('The `next` of the page before'),
    count: z.boolean().default(false).describe('Count however many match; without, `total` is null when they are many'),
  })
  .refine((i) => i.where === undefined || i.filter === undefined, { message: 'takes where or filter' });
type ListInput = z.output<typeof input>;

const listedUser = z.object({
  primary_id: z.string(),
  first_name: z.string().nullable(),
  last_name: z.string().nullable(),
  values: z.record(z.string(), z.unknown()),
  labels: z.record(z.string(), z.string()).describe('What codes mean, by column'),
});

const output = z.object({
  filter: z.unknown().describe('The filter as JSON, null without one'),
  where: z.string().nullable().describe('The filter in its text form'),
  total: count.nullable().describe('null: many, and not asked to count them'),
  users: z.array(listedUser),
  next: z.string().nullable().describe('Give it as `after` for the next page; null on the last'),
});
export type UserList = z.output<typeof output>;

export const listUsers = operation({
  name: 'users.list',
  summary: {
    en: 'Lists users by words and a filter, with chosen columns, in an order',
    de: 'Listet Benutzer nach Wörtern und einem Filter auf, mit gewählten Spalten, in einer Reihenfolge',
  },
  privilege: 'users:read',
  input,
  output,
  // Neither words nor filter: both may name people.
  audit: (i, found) => ({
    entity: 'users',
    id: null,
    detail: { shown: found?.users.length ?? null, total: found?.total ?? null, columns: i.columns },
  }),
  run: async (ctx, i): Promise<UserList> => {
    const filter = i.filter ?? (i.where === undefined || i.where.trim() === '' ? null : parseFilter(i.where));
    if (filter !== null) checkFilterFor(ctx.actor, filter);
    const columns = i.columns.filter((name) => !isClosedTo(ctx.actor, isMore(name) ? MORE[name].of : name));
    const matching = matchingOf(filter, i.text ?? '', todayIn(ctx.timeZone));
    const after = i.after === undefined ? null : parsePlace(i.after);
    const { pool } = ctx.db;
    const found = i.limit === 0 ? { rows: [], few: null, more: false } : await pageOf(pool, matching, i, columns, after);
    const total = found.few ?? (i.count ? await countAll(pool, matching) : null);
    const last = found.rows.at(-1);
    const labels = await codeLabels(
      pool,
      columns.flatMap((name) => codeTableOf(name) ?? []),
      ctx.language,
    );
    return {
      filter: filter ?? null,
      where: filter === null ? null : formatFilter(filter),
      total,
      users: found.rows.map((row) => userOf(row, columns, labels)),
      next:
        found.more && last !== undefined
          ? formatPlace({ key: last.place_key, second: last.place_second, id: last.id, few: found.few })
          : null,
    };
  },
});

/** The order by name as it stands in the hits of a text. */
const NAMES_OF_HITS: Order = { key: sql`h.last_name`, type: 'text', second: sql`h.first_name`, id: sql`h.id` };

interface Matching {
  readonly filter: Sql | null;
  /** Over `user_search s`. */
  readonly text: Sql | null;
}

function matchingOf(filter: Filter | null, text: string, today: string): Matching {
  const everyone = filter === null || 'everyone' in filter;
  return { filter: everyone ? null : compileRecords(filter, { today }), text: searchCondition(text) };
}

/** The users that match, as `id`; by way of the search text where there is one, which has the narrower index. */
function hitsOf({ filter, text }: Matching): Sql {
  if (text === null) return sql`select u.id from users u where ${filter ?? isRecord()}`;
  if (filter === null) return sql`select s.user_id as id from user_search s where ${text}`;
  return sql`select u.id from user_search s join users u on u.id = s.user_id where ${text} and ${filter}`;
}

async function countAll(db: Queryable, matching: Matching): Promise<number> {
  const { rows } = await db.query<{ total: number }>(sql`select count(*) as total from (${hitsOf(matching)}) h`);
  return rows[0]?.total ?? 0;
}

interface Row extends Readonly<Record<string, unknown>> {
  readonly id: number;
  readonly primary_id: string;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly place_key: string | null;
  readonly place_second: string;
}

interface Found {
  readonly rows: readonly Row[];
  /** How many there are when they are few; null: many. */
  readonly few: number | null;
  readonly more: boolean;
}

async function pageOf(db: Queryable, matching: Matching, i: ListInput, columns: readonly string[], after: Place | null): Promise<Found> {
  const everybody = matching.filter === null && matching.text === null;
  const order: Order = ORDERS[i.sort];
  const shown = shownOf(order, columns);
  const wanted = i.limit + 1;
  const cut = (rows: readonly Row[], few: number | null): Found => ({ rows: rows.slice(0, i.limit), few, more: rows.length > i.limit });
  const byText = i.sort === 'name' && matching.text !== null && matching.filter === null;
  const hits: Hits = byText
    ? {
        sql: sql`select s.user_id as id, s.last_name, s.first_name from user_search s where ${matching.text}`,
        chosen: sql`hits h`,
        by: NAMES_OF_HITS,
      }
    : { sql: hitsOf(matching), chosen: sql`hits h join users u on u.id = h.id`, by: order };
  const sorted = (most: number) => sortedPage(db, hits, { order, shown, descending: i.descending, after, wanted, most });
  if (after === null ? !everybody : after.few !== null) {
    const most = byText ? SORTED_BY_NAME : SORTED;
    const { total, rows } = await sorted(most);
    if (total <= most) return cut(rows, after?.few ?? total);
  }
  if (!byText) return cut(await walk(db, matching, order, shown, i.descending, after, wanted), null);
  // Names that all begin alike lie in one place of the index, which may be its end.
  const near = await walk(db, matching, order, shown, i.descending, after, wanted, WALKED);
  return cut(near.length === wanted ? near : (await sorted(EVERYBODY)).rows, null);
}

interface Hits {
  readonly sql: Sql;
  /** What the page is chosen from: the hits as `h`, with what they are ordered by. */
  readonly chosen: Sql;
  readonly by: Order;
}

interface Wanted {
  readonly order: Order;
  readonly shown: Sql;
  readonly descending: boolean;
  readonly after: Place | null;
  readonly wanted: number;
  readonly most: number;
}

/** The page of the hits, and how many there are; of more than `most` no rows are looked for. */
async function sortedPage(db: Queryable, hits: Hits, page: Wanted): Promise<{ total: number; rows: readonly Row[] }> {
  const { order, shown, descending, after, wanted, most } = page;
  const { rows } = await db.query<Row & { total: number }>(sql`
    with hits as materialized (${hits.sql} limit ${most + 1}::integer)
    select c.total, page.* from (select count(*) as total from hits) c
    left join lateral (
      select ${shown} from (
        select h.id from ${hits.chosen}
        where c.total <= ${most}::integer and ${after === null ? sql`true` : laterThan(hits.by, after, descending)}
        order by ${orderBy(hits.by, descending)} limit ${wanted}::integer) chosen
      join users u on u.id = chosen.id
      order by ${orderBy(order, descending)}) page on true`);
  return { total: rows[0]?.total ?? 0, rows: rows.filter((row) => row.id !== null) };
}

/**
 * Along the index: first the users that have the key, then those without; each is one walk. With `most`, only
 * the first so many users that have the key are looked at.
 */
async function walk(
  db: Queryable,
  { filter, text }: Matching,
  order: Order,
  shown: Sql,
  descending: boolean,
  after: Place | null,
  wanted: number,
  most?: number,
): Promise<readonly Row[]> {
  const found = text === null ? sql`true` : sql`exists (select from user_search s where s.user_id = u.id and ${text})`;
  const step = async (where: Sql, limit: number): Promise<readonly Row[]> => {
    const near = most === undefined ? sql`true` : await upTo(db, order, descending, where, most);
    const { rows } = await db.query<Row>(sql`
      select ${shown} from users u where ${where} and ${near} and ${filter ?? isRecord()} and ${found}
      order by ${orderBy(order, descending, '')} limit ${limit}::integer`);
    return rows;
  };
  const keyed =
    after === null
      ? await step(sql`${order.key} is not null`, wanted)
      : after.key === null
        ? []
        : await step(
            sql`${order.key} ${raw(descending ? '<=' : '>=')} ${keyValue(order, after.key)} and ${laterThan(order, after, descending)} and ${order.key} is not null`,
            wanted,
          );
  if (keyed.length === wanted || most !== undefined) return keyed;
  const rest = after !== null && after.key === null ? laterThan(order, after, descending) : sql`${order.key} is null`;
  return [...keyed, ...(await step(rest, wanted - keyed.length))];
}

/** Not beyond the key that the user has who comes so many places later. */
async function upTo(db: Queryable, order: Order, descending: boolean, where: Sql, places: number): Promise<Sql> {
  const { rows } = await db.query<{ key: string }>(sql`
    select (${order.key})::text as key from users u where ${where} order by ${order.key} ${raw(descending ? 'desc' : 'asc')}
    offset ${places}::integer limit 1`);
  const [far] = rows;
  return far === undefined ? sql`true` : sql`${order.key} ${raw(descending ? '>=' : '<=')} ${keyValue(order, far.key)}`;
}

/** Users without the key come last either way. A walk looks at them apart: read backwards, an index has its nulls first. */
function orderBy({ key, second, id }: Order, descending: boolean, nulls: 'nulls last' | '' = 'nulls last'): Sql {
  const direction = raw(descending ? 'desc' : 'asc');
  return join(
    [sql`${key} ${direction} ${raw(nulls)}`, ...(second === null ? [] : [sql`${second} ${direction}`]), sql`${id} ${direction}`],
    ', ',
  );
}

function laterThan(order: Order, { key, second, id }: Place, descending: boolean): Sql {
  const later = raw(descending ? '<' : '>');
  const rest =
    order.second === null
      ? sql`${order.id} ${later} ${id}::bigint`
      : sql`(${order.second}, ${order.id}) ${later} (${second}::text, ${id}::bigint)`;
  if (key === null) return sql`(${order.key} is null and ${rest})`;
  const value = keyValue(order, key);
  return sql`(${order.key} ${later} ${value} or ${order.key} = ${value} and ${rest} or ${order.key} is null)`;
}

function keyValue({ type }: Order, key: string): Sql {
  return sql`${key}::${raw(type)}`;
}

function shownOf(order: Order, columns: readonly string[]): Sql {
  const own = columns.map((name) =>
    isMore(name) ? sql`${MORE[name].value} as ${raw(`"v_${name}"`)}` : sql`${raw(`u.${name}`)} as ${raw(`"v_${name}"`)}`,
  );
  return join(
    [
      sql`u.id, u.primary_id, u.first_name, u.last_name, (${order.key})::text as place_key, ${order.second ?? sql`''`}::text as place_second`,
      ...own,
    ],
    ', ',
  );
}

function isMore(name: string): name is More {
  return Object.hasOwn(MORE, name);
}

function codeTableOf(name: string): string | undefined {
  return (SCALARS as readonly Field[]).find((field) => field.name === name)?.codeTable;
}

function userOf(row: Row, columns: readonly string[], labels: CodeLabels): z.output<typeof listedUser> {
  const values = Object.fromEntries(columns.map((name) => [name, row[`v_${name}`] ?? null]));
  const words = columns.flatMap((name): [string, string][] => {
    const table = codeTableOf(name);
    const value = values[name];
    const label = table === undefined || typeof value !== 'string' ? null : labels.label(table, value);
    return label === null ? [] : [[name, label]];
  });
  return { primary_id: row.primary_id, first_name: row.first_name, last_name: row.last_name, values, labels: Object.fromEntries(words) };
}

/** Where a page ends. */
interface Place {
  readonly key: string | null;
  readonly second: string;
  readonly id: number;
  readonly few: number | null;
}

const placeSchema = z.tuple([z.string().nullable(), z.string(), z.int().min(0), z.int().min(0).nullable()]);

function formatPlace({ key, second, id, few }: Place): string {
  return JSON.stringify([key, second, id, few]);
}

/** Throws `users.bad_cursor`. */
function parsePlace(text: string): Place {
  try {
    const [key, second, id, few] = placeSchema.parse(JSON.parse(text));
    if (!`${key ?? ''}${second}`.includes('\0')) return { key, second, id, few };
  } catch {
    // told below
  }
  throw new AppError('users.bad_cursor', { cursor: text.slice(0, 60) });
}
