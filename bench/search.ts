/**
 * Searching people by name over the API, page after page, next to the bare SQL that gives the same
 * rows: the count up to 10,000 for the first page, and the page.
 *
 *     npm run bench -- search [--users 1000000] [--rounds 3]
 *
 * A round is a few hundred searches, one after the other; the ratio is that of the 95th percentiles.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sql, { type Sql } from 'sql-template-tag';
import { ADMINISTRATOR, createKey } from '../src/access/index.ts';
import { type App, openApp, readConfig } from '../src/app/index.ts';
import { generateUsers } from '../src/feeds/index.ts';
import { createHttpServer } from '../src/http/index.ts';
import { median, options, percentile } from './support/rounds.ts';

const SEARCHES = 120;
const LIMIT = 25;
/** Pages that are read of a search, if it has so many. */
const PAGES = 4;
const COUNTED = 10_000;

const COLUMNS = sql`u.primary_id, u.first_name, u.last_name, u.status, u.account_type, u.user_group, u.expiry_date,
  (select e.address from user_emails e where e.user_id = u.id order by e.preferred is true desc, e.id limit 1) as email,
  fold(u.last_name) as l, fold(u.first_name) as f, fold(u.primary_id) as p`;

interface Hit {
  readonly primary_id: string;
}

/** The names of the last row of a page, as the bare side pages by them. */
interface Place {
  readonly l: string;
  readonly f: string;
  readonly p: string;
}

const { users, rounds } = options({ users: 1_000_000, rounds: 3 });
const dataDir = await mkdtemp(path.join(os.tmpdir(), 'muster-bench-'));
const app = await openApp(readConfig({ dataDir, language: 'en' }, { MUSTER_TIMEZONE: 'UTC' }), { role: 'command' });
try {
  await generateUsers.run(app.contextOf(ADMINISTRATOR, 'bench', 'en'), generateUsers.input.parse({ count: users, seed: 1 }));
  await app.db.pool.query('vacuum (analyze)');
  const key = await deskKey(app);
  const server = await createHttpServer({ app, limits: { perMinute: 100_000_000 } });
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  const texts = await searchedFor(app);
  const sides = { muster: (text: string) => overApi(url, key, text), bare: (text: string) => bareSql(app, text) };
  const p95: Record<keyof typeof sides, number[]> = { muster: [], bare: [] };
  for (let round = 0; round <= rounds; round += 1) {
    const took: Record<keyof typeof sides, number[]> = { muster: [], bare: [] };
    for (const [index, text] of texts.entries()) {
      const first = (round + index) % 2 === 0 ? (['muster', 'bare'] as const) : (['bare', 'muster'] as const);
      const found = new Map<string, readonly string[]>();
      for (const side of first) {
        const { ids, ms } = await sides[side](text);
        took[side].push(...ms);
        found.set(side, ids);
      }
      if (String(found.get('muster')) !== String(found.get('bare'))) throw new Error(`“${text}” found other users.`);
    }
    if (round === 0) continue; // warm
    for (const side of ['muster', 'bare'] as const) p95[side].push(percentile(took[side], 0.95));
    console.log(
      `round ${round}: p95 muster ${p95.muster.at(-1)?.toFixed(1)} ms, bare ${p95.bare.at(-1)?.toFixed(1)} ms; p50 ${percentile(took.muster, 0.5).toFixed(1)}, ${percentile(took.bare, 0.5).toFixed(1)}; ${took.muster.length} pages`,
    );
  }
  await server.close();
  console.log(`search ratio=${(median(p95.muster) / median(p95.bare)).toFixed(2)}`);
} finally {
  await app.close();
  await rm(dataDir, { recursive: true, force: true });
}

/** Last names, first names, and both together: from a few hits to a good part of everybody. */
async function searchedFor({ db }: App): Promise<string[]> {
  const { rows } = await db.pool.query<{ first: string; last: string }>(sql`
    select u.first_name as first, u.last_name as last from users u where length(u.first_name) > 2 and length(u.last_name) > 2
      and u.first_name !~ '[\\s,;]' and u.last_name !~ '[\\s,;]'
    order by hashint8(u.id) limit ${SEARCHES}::int`);
  return rows.map(({ first, last }, index) => [`${first} ${last}`, last, first][index % 3] ?? last);
}

async function overApi(url: string, key: string, text: string): Promise<{ ids: string[]; ms: number[] }> {
  const ids: string[] = [];
  const ms: number[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < PAGES; page += 1) {
    const query: string = `text=${encodeURIComponent(text)}&limit=${LIMIT}${cursor === null ? '' : `&cursor=${cursor}`}`;
    const start = performance.now();
    const answer = await fetch(`${url}/api/users?${query}`, { headers: { authorization: `apikey ${key}` } });
    const body = (await answer.json()) as { users: Hit[]; next: string | null };
    ms.push(performance.now() - start);
    ids.push(...body.users.map((user) => user.primary_id));
    cursor = body.next;
    if (cursor === null) break;
  }
  return { ids, ms };
}

async function bareSql({ db }: App, text: string): Promise<{ ids: string[]; ms: number[] }> {
  const ids: string[] = [];
  const ms: number[] = [];
  const [one = '', two = one] = text.split(' ').map((word) => `%${word}%`);
  const matches = sql`s.text like fold(${one}::text) collate "default" and s.text like fold(${two}::text) collate "default"`;
  let many = false;
  let last: Place | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const start = performance.now();
    if (page === 0) {
      const { rows } = await db.pool.query<{ count: number }>(
        sql`select count(*) as count from (select from user_search s where ${matches} limit ${COUNTED + 1}::int) x`,
      );
      many = (rows[0]?.count ?? 0) > COUNTED;
    }
    const { rows } = await db.pool.query<Hit & Place>(many ? walked(matches, last) : sorted(matches, last));
    ms.push(performance.now() - start);
    ids.push(...rows.map((row) => row.primary_id));
    last = rows.at(-1);
    if (rows.length < LIMIT) break;
  }
  return { ids, ms };
}

/** The generated users all have both names. */
function later(last: Place | undefined): Sql {
  return last === undefined
    ? sql`true`
    : sql`(fold(u.last_name), fold(u.first_name), fold(u.primary_id)) > (${last.l}::text, ${last.f}::text, ${last.p}::text)`;
}

function walked(matches: Sql, last: Place | undefined): Sql {
  return sql`select ${COLUMNS} from users u where ${later(last)} and exists (select from user_search s where s.user_id = u.id and ${matches})
    order by fold(u.last_name), fold(u.first_name), fold(u.primary_id) limit ${LIMIT}::int`;
}

function sorted(matches: Sql, last: Place | undefined): Sql {
  return sql`with hits as materialized (select s.user_id from user_search s where ${matches})
    select ${COLUMNS} from hits h join users u on u.id = h.user_id where ${later(last)}
    order by fold(u.last_name), fold(u.first_name), fold(u.primary_id) limit ${LIMIT}::int`;
}

async function deskKey({ db, contextOf }: App): Promise<string> {
  await db.pool.query(`with u as (insert into users (primary_id, last_name, first_name) values ('bench-desk', 'Desk', 'Desk') returning id)
    insert into user_roles (user_id, type, scope) select id, '50', 'INSTITUTION' from u`);
  const ctx = contextOf(ADMINISTRATOR, 'bench', 'en');
  return (await createKey.run(ctx, createKey.input.parse({ name: 'bench', owner: 'bench-desk' }))).key;
}
