/**
 * Searching people. Every word of the text has to occur in the user's search text (names, primary
 * id, identifiers, e-mail addresses, folded); words of one or two letters, which a trigram index
 * cannot find inside others, have to begin a word.
 *
 * Few hits are sorted; of many hits (a word such as `org`) only the first page is looked for, along
 * the index on names, so that no search reads or sorts a million rows.
 */
import sql, { join, type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { AppError, count, day, operation, type Queryable } from '../core/index.ts';

/** Hits are counted up to here; beyond, `total` says "at least". */
const COUNTED = 10_000;

/** More words than anybody types; the rest of a longer text is ignored. */
const MOST_WORDS = 12;

const SHORTEST_INSIDE = 3;

const input = z.object({
  text: z.string().min(1).max(1_000).describe('Words of names, ids, barcodes or e-mail addresses'),
  limit: z.number().int().min(1).max(1_000).default(25).describe('How many users to show at most'),
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
  run: (ctx, { text, limit }) => search(ctx.db.pool, text, limit),
});

async function search(db: Queryable, text: string, limit: number): Promise<SearchResult> {
  const words = text
    .split(/[\s,;]+/u)
    .filter((word) => word !== '')
    .slice(0, MOST_WORDS);
  if (words.length === 0) throw new AppError('users.search_empty', {});
  // PostgreSQL has no NUL in texts, so nothing stored can contain it.
  if (text.includes('\0')) return { total: 0, total_is_at_least: false, users: [] };

  const matches = join(words.map(occurs), ' and ');
  const hits = sql`select s.user_id from user_search s where ${matches} limit ${COUNTED + 1}::int`;
  const counted = await db.query<{ hits: number }>(sql`select count(*) as hits from (${hits}) h`);
  const many = (counted.rows[0]?.hits ?? 0) > COUNTED;

  const exact = await exactHits(db, text.trim());
  const page = many
    ? sql`select ${HIT_COLUMNS} from users u
        where exists (select from user_search s where s.user_id = u.id and ${matches}) and u.id <> all(${exact}::bigint[])
        order by ${NAME_ORDER} limit ${limit}::int`
    : sql`with hits as materialized (${hits})
        select ${HIT_COLUMNS} from hits h join users u on u.id = h.user_id
        where u.id <> all(${exact}::bigint[])
        order by ${NAME_ORDER} limit ${limit}::int`;
  const first = await db.query<UserHit>(sql`
    select ${HIT_COLUMNS} from users u where u.id = any(${exact}::bigint[]) order by ${NAME_ORDER} limit ${limit}::int`);
  const others = await db.query<UserHit>(page);
  return {
    total: many ? COUNTED : await countWith(db, hits, exact),
    total_is_at_least: many,
    users: [...first.rows, ...others.rows].slice(0, limit),
  };
}

/** The hits and the exact ones together, nobody twice. */
async function countWith(db: Queryable, hits: Sql, exact: readonly number[]): Promise<number> {
  const found = await db.query<{ total: number }>(sql`
    select count(*) as total from (select h.user_id from (${hits}) h union select e.id from unnest(${exact}::bigint[]) as e (id)) x`);
  return found.rows[0]?.total ?? 0;
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
  (select e.address from user_emails e where e.user_id = u.id order by e.preferred is true desc, e.id limit 1) as email`;

/** The first two are the index on names. */
const NAME_ORDER = sql`fold(u.last_name), fold(u.first_name), fold(u.primary_id)`;
