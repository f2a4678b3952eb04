/**
 * Searching people. Every word of the text has to occur in the user's search text (names, primary
 * id, identifiers, e-mail addresses, folded); words of one or two letters, which a trigram index
 * cannot find inside others, have to begin a word.
 *
 * Few hits are sorted; of many hits (a word such as `org`) only the page is looked for, along the index
 * on names, so that hardly a search reads or sorts a million rows. A page begins after the names that the one
 * before ended with, wherever that is, and takes over what was counted for the first.
 */
import sql, { join, type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { AppError, count, day, operation, type Queryable } from '../core/index.ts';

/** Hits are counted up to here; beyond, `total` says "at least". */
const COUNTED = 10_000;

/** Users of the index among whom a page of many hits is looked for. */
const WALKED = 8_000;

/** More words than anybody types; the rest of a longer text is ignored. */
const MOST_WORDS = 12;

const SHORTEST_INSIDE = 3;

const input = z.object({
  text: z.string().min(1).max(1_000).describe('Words of names, ids, barcodes or e-mail addresses'),
  limit: z.number().int().min(1).max(1_000).default(25).describe('How many users to show at most'),
  after: z.string().min(1).max(4_000).optional().describe('The `next` of the page before'),
});

const userHitSchema = z.object({
  primary_id: z.string(),
  first_name: z.string().nullable(),
  last_name: z.string().nullable(),
  status: z.string(),
  account_type: z.string(),
  user_group: z.string().nullable(),
  expiry_date: day.nullable(),
  email: z.string().nullable().describe('The preferred address'),
});
export type UserHit = z.output<typeof userHitSchema>;

const searchResultSchema = z.object({
  total: count,
  total_is_at_least: z.boolean().describe('There are more than `total`; they were not counted'),
  users: z.array(userHitSchema),
  next: z.string().nullable().describe('Give it as `after` for the next page; null on the last'),
});
export type SearchResult = z.output<typeof searchResultSchema>;

export const searchUsers = operation({
  name: 'users.search',
  summary: {
    en: 'Find users by words of their names, ids, barcodes or e-mail addresses',
    de: 'Benutzer nach Wörtern aus Namen, Kennungen, Ausweisnummern oder E-Mail-Adressen finden',
  },
  privilege: 'users:read',
  input,
  output: searchResultSchema,
  audit: ({ text }, output) => ({ entity: 'users', id: null, detail: { text, total: output?.total ?? null } }),
  run: (ctx, { text, limit, after }) => search(ctx.db.pool, text, limit, after === undefined ? null : parsePlace(after)),
});

function wordsOf(text: string): readonly string[] {
  return text
    .split(/[\s,;]+/u)
    .filter((word) => word !== '')
    .slice(0, MOST_WORDS);
}

/** The condition over `user_search s` that every word of the text occurs; null of a text without words. */
export function searchCondition(text: string): Sql | null {
  const words = wordsOf(text);
  if (words.length === 0) return null;
  // PostgreSQL has no NUL in texts, so nothing stored can contain it.
  return text.includes('\0') ? sql`false` : join(words.map(occurs), ' and ');
}

async function search(db: Queryable, text: string, limit: number, after: Place | null): Promise<SearchResult> {
  const words = wordsOf(text);
  if (words.length === 0) throw new AppError('users.search_empty', {});
  // PostgreSQL has no NUL in texts, so nothing stored can contain it.
  if (text.includes('\0')) return { total: 0, total_is_at_least: false, users: [], next: null };

  const matches = join(words.map(occurs), ' and ');
  const hits = sql`select s.user_id from user_search s where ${matches} limit ${COUNTED + 1}::int`;
  const exact = await exactHits(db, text.trim());
  const first = after === null ? await exactPage(db, exact, limit) : [];
  const wanted = limit + 1 - first.length;
  const counted = after === null ? await countedPage(db, hits, exact, wanted) : null;
  const total = counted?.total ?? after?.total ?? 0;
  const many = total > COUNTED;
  const others = many
    ? await manyPage(db, matches, exact, after, wanted)
    : (counted?.rows ?? (await fewPage(db, hits, exact, after, wanted)));
  const found = [...first, ...others];
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    total: Math.min(total, COUNTED),
    total_is_at_least: many,
    users: page.map(({ l: _l, f: _f, p: _p, ...hit }) => hit),
    // More exact hits than a page holds are the holders of one exempt value: nobody pages through those.
    next:
      found.length > limit && last !== undefined && page.length > first.length
        ? formatPlace({ l: last.l, f: last.f, p: last.p, total })
        : null,
  };
}

/** Where a page ends: the folded names of its last user, and what was counted for the first page. */
interface Place {
  readonly l: string | null;
  readonly f: string | null;
  readonly p: string;
  readonly total: number;
}

interface HitRow extends UserHit, Omit<Place, 'total'> {}

const placeSchema = z.tuple([
  z.string().nullable(),
  z.string().nullable(),
  z.string(),
  z
    .int()
    .min(0)
    .max(COUNTED + 1),
]);

function formatPlace({ l, f, p, total }: Place): string {
  return JSON.stringify([l, f, p, total]);
}

/** Throws `users.bad_cursor`. */
function parsePlace(text: string): Place {
  try {
    const [l, f, p, total] = placeSchema.parse(JSON.parse(text));
    if (![l, f, p].some((part) => part?.includes('\0'))) return { l, f, p, total };
  } catch {
    // told below
  }
  throw new AppError('users.bad_cursor', { cursor: text.slice(0, 60) });
}

async function exactPage(db: Queryable, exact: readonly number[], limit: number): Promise<HitRow[]> {
  if (exact.length === 0) return [];
  const { rows } = await db.query<HitRow>(sql`
    select ${HIT_COLUMNS} from users u where u.id = any(${exact}::bigint[]) order by ${NAME_ORDER} limit ${limit}::int`);
  return rows;
}

/** The first page, and how many there are: the hits and the exact ones, nobody twice. With more than `COUNTED`, no rows are looked for. */
async function countedPage(db: Queryable, hits: Sql, exact: readonly number[], limit: number): Promise<{ total: number; rows: HitRow[] }> {
  const { rows } = await db.query<HitRow & { total: number; p: string | null }>(sql`
    with hits as materialized (${hits})
    select c.total, page.* from
      (select count(*) as total from (select h.user_id from hits h union select e.id from unnest(${exact}::bigint[]) as e (id)) x) c
      left join lateral (
        select ${HIT_COLUMNS} from hits h join users u on u.id = h.user_id
        where u.id <> all(${exact}::bigint[]) and c.total <= ${COUNTED}::int
        order by ${NAME_ORDER} limit ${limit}::int) page on true
    order by page.l, page.f, page.p`);
  const total = Math.min(rows[0]?.total ?? 0, COUNTED + 1);
  return { total, rows: rows.filter((row) => row.p !== null).map(({ total: _total, ...row }) => row) };
}

async function fewPage(db: Queryable, hits: Sql, exact: readonly number[], after: Place | null, limit: number): Promise<HitRow[]> {
  const { rows } = await db.query<HitRow>(sql`
    with hits as materialized (${hits})
    select ${HIT_COLUMNS} from hits h join users u on u.id = h.user_id
    where u.id <> all(${exact}::bigint[]) and ${after === null ? sql`true` : sql`(${laterNamed(after)} or ${laterUnnamed(after)})`}
    order by ${NAME_ORDER} limit ${limit}::int`);
  return rows;
}

/**
 * A walk along the index of names, which meets a page of many hits soon. Where it does not (hits whose names all begin
 * alike lie in one place, and users without a last name at the end), all hits are sorted.
 */
async function manyPage(db: Queryable, matches: Sql, exact: readonly number[], after: Place | null, limit: number): Promise<HitRow[]> {
  if (after?.l !== null) {
    const later = after === null ? sql`fold(u.last_name) is not null` : laterNamed(after);
    const far = await db.query<{ name: string }>(sql`
      select fold(u.last_name) as name from users u where ${later} order by fold(u.last_name) offset ${WALKED}::int limit 1`);
    const { rows } = await db.query<HitRow>(sql`
      select ${HIT_COLUMNS} from users u
      where ${later} and ${far.rows[0] === undefined ? sql`true` : sql`fold(u.last_name) <= ${far.rows[0].name}::text`}
        and exists (select from user_search s where s.user_id = u.id and ${matches}) and u.id <> all(${exact}::bigint[])
      order by ${NAME_ORDER} limit ${limit}::int`);
    if (rows.length === limit) return rows;
  }
  return fewPage(db, sql`select s.user_id from user_search s where ${matches}`, exact, after, limit);
}

/** After the place, and with a last name. The first comparison is the one that the index starts from. */
function laterNamed(place: Place): Sql {
  return sql`(fold(u.last_name) >= ${place.l}::text
    and (fold(u.last_name) > ${place.l}::text or fold(u.last_name) = ${place.l}::text and ${laterFirst(place)}))`;
}

function laterUnnamed(place: Place): Sql {
  return place.l === null ? sql`(fold(u.last_name) is null and ${laterFirst(place)})` : sql`fold(u.last_name) is null`;
}

function laterFirst({ f, p }: Place): Sql {
  if (f === null) return sql`(fold(u.first_name) is null and fold(u.primary_id) > ${p}::text)`;
  return sql`(fold(u.first_name) > ${f}::text or fold(u.first_name) is null
    or fold(u.first_name) = ${f}::text and fold(u.primary_id) > ${p}::text)`;
}

/** Users to whom the whole text is a primary id or an identifier, exempt types included. */
async function exactHits(db: Queryable, id: string): Promise<number[]> {
  const found = await db.query<{ user_id: number }>(sql`
    select k.user_id from user_keys k where k.key = fold(${id}::text)
    union
    (select i.user_id from user_identifiers i where fold(i.value) = fold(${id}::text) order by i.user_id limit 1000)`);
  return found.rows.map((row) => row.user_id);
}

/**
 * The collation is the column's own, because the trigram index is built with that; `fold` would
 * impose its own. The outcome of LIKE is the same with both.
 */
function occurs(word: string): Sql {
  const pattern = word.replace(/[\\%_]/g, (character) => `\\${character}`);
  const like = (around: string) => sql`s.text like fold(${around}::text) collate "default"`;
  if ([...word.normalize('NFC')].length >= SHORTEST_INSIDE) return like(`%${pattern}%`);
  return sql`(${like(`${pattern}%`)} or ${like(`% ${pattern}%`)})`;
}

const HIT_COLUMNS = sql`u.primary_id, u.first_name, u.last_name, u.status, u.account_type, u.user_group, u.expiry_date,
  (select e.address from user_emails e where e.user_id = u.id order by e.preferred is true desc, e.id limit 1) as email,
  fold(u.last_name) as l, fold(u.first_name) as f, fold(u.primary_id) as p`;

/** The first two are the index on names. */
const NAME_ORDER = sql`fold(u.last_name), fold(u.first_name), fold(u.primary_id)`;
