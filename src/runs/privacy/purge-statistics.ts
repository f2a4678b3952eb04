/**
 * What may remain of users whom a purge has erased: how many there were, by month, user group, campus and
 * statistic category. Categories are counted one by one and never together, so that the counts of
 * somebody's whole set of categories do not single them out.
 */
import type { PoolClient } from 'pg';
import sql from 'sql-template-tag';
import { z } from 'zod';
import { count, declareSetting, type Language, operation, type Queryable } from '../../core/index.ts';
import { codeLabels } from '../../users/index.ts';

export const STATISTICS = ['keep', 'remove'] as const;

export const PURGE_STATISTICS = declareSetting({
  name: 'purge.statistics',
  label: {
    en: 'Purging users: keep anonymous counts by month, user group, campus and statistic category, or nothing',
    de: 'Benutzer bereinigen: anonyme Zahlen nach Monat, Benutzergruppe, Campus und Statistikkategorie behalten oder nichts',
  },
  schema: z.enum(STATISTICS),
  default: 'keep',
  privilege: 'settings:write',
});

interface Tally {
  readonly user_group: string | null;
  readonly campus_code: string | null;
  readonly category: string | null;
  readonly users: number;
}

/** How many of these users there are of each kind; asked before they are erased. */
export async function tallyOf(tx: PoolClient, ids: readonly number[]): Promise<readonly Tally[]> {
  const { rows } = await tx.query<Tally>(sql`
    select u.user_group, u.campus_code, c.category, count(*)::integer as users
    from users u
    cross join lateral (select null as category union all
      select distinct s.category from user_statistics s where s.user_id = u.id) c
    where u.id = any (${ids}::bigint[])
    group by 1, 2, 3 order by 1 nulls first, 2 nulls first, 3 nulls first`);
  return rows;
}

/**
 * Adds to the counts of the month in which `day` is. Its rows are taken in one order and at the end of the
 * chunk's transaction, so that chunks that are worked on at once neither deadlock nor wait for long.
 */
export async function keepTally(tx: PoolClient, tally: readonly Tally[], day: string): Promise<void> {
  if (tally.length === 0) return;
  await tx.query(sql`
    insert into purge_statistics as p (month, user_group, campus_code, category, users)
    select date_trunc('month', ${day}::date)::date, x.user_group, x.campus_code, x.category, x.users
    from jsonb_to_recordset(${JSON.stringify(tally)}::jsonb) as x (user_group text, campus_code text, category text, users integer)
    order by 2 nulls first, 3 nulls first, 4 nulls first
    on conflict (month, user_group, campus_code, category) do update set users = p.users + excluded.users`);
}

const rowSchema = z.object({
  month: z.string().describe('First day of the month in which they were erased'),
  user_group: z.string().nullable(),
  user_group_label: z.string().nullable(),
  campus_code: z.string().nullable(),
  campus_label: z.string().nullable(),
  users: count,
  categories: z
    .array(z.object({ category: z.string(), label: z.string(), users: count }))
    .describe('How many of them were in each statistic category; somebody may have been in several'),
});

export const showPurgeStatistics = operation({
  name: 'purge.statistics',
  summary: {
    en: 'Shows how many users purges have erased, by month, user group, campus and statistic category',
    de: 'Zeigt, wie viele Benutzer Bereinigungen gelöscht haben, nach Monat, Benutzergruppe, Campus und Statistikkategorie',
  },
  privilege: 'users:delete',
  input: z.strictObject({
    from: z.iso.date().optional().describe('Months from the one of this day on'),
    to: z.iso.date().optional().describe('Months up to the one of this day'),
  }),
  output: z.object({ rows: z.array(rowSchema), users: count.describe('All of them together') }),
  audit: () => ({ entity: 'erasure', id: null }),
  run: async (ctx, { from, to }) => {
    const rows = await statistics(ctx.db.pool, ctx.language, from ?? null, to ?? null);
    return { rows, users: rows.reduce((sum, row) => sum + row.users, 0) };
  },
});

async function statistics(
  db: Queryable,
  language: Language,
  from: string | null,
  to: string | null,
): Promise<z.output<typeof rowSchema>[]> {
  const { rows } = await db.query<Tally & { month: string; categories: { category: string; users: number }[] }>(sql`
    select p.month, p.user_group, p.campus_code, sum(p.users) filter (where p.category is null)::integer as users,
      coalesce(jsonb_agg(jsonb_build_object('category', p.category, 'users', p.users) order by p.category) filter (where p.category is not null), '[]') as categories
    from purge_statistics p
    where (${from}::date is null or p.month >= date_trunc('month', ${from}::date)) and (${to}::date is null or p.month <= ${to}::date)
    group by 1, 2, 3 order by 1 desc, 2 nulls last, 3 nulls last`);
  const words = await codeLabels(db, ['UserGroups', 'Campuses', 'UserStatCategories'], language);
  const label = (table: string, code: string | null): string | null => (code === null ? null : (words.label(table, code) ?? code));
  return rows.map(({ month, user_group, campus_code, users, categories }) => ({
    month,
    user_group,
    user_group_label: label('UserGroups', user_group),
    campus_code,
    campus_label: label('Campuses', campus_code),
    users,
    categories: categories.map((each) => ({ ...each, label: label('UserStatCategories', each.category) ?? each.category })),
  }));
}
