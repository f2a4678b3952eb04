/** How many users there are, of what kind, and when their accounts expire: one pass over the users, whatever their number. */
import sql from 'sql-template-tag';
import { z } from 'zod';
import { type Context, count, day, type Language, operation, type Queryable, todayIn } from '../../core/index.ts';

const figure = z.strictObject({
  code: z.string().nullable().describe('null: those who have none'),
  label: z.string().nullable(),
  users: count,
});
type Figure = z.output<typeof figure>;

const MONTHS = 12;

export const showFigures = operation({
  name: 'library.figures',
  summary: {
    en: 'Counts users by account type, status and group, and those who expire in the next months',
    de: 'Zählt Benutzer nach Kontotyp, Status und Gruppe und wer in den nächsten Monaten abläuft',
  },
  privilege: 'users:read',
  input: z.strictObject({}),
  output: z.strictObject({
    users: count,
    by_account_type: z.array(figure),
    by_status: z.array(figure),
    by_user_group: z.array(figure).describe('The largest first'),
    expiring: z.array(
      z.strictObject({
        from: day.describe('The month’s first day; of the present month, today'),
        to: day.describe('The month’s last day'),
        users: count,
        by_account_type: z.record(z.string(), count),
      }),
    ),
  }),
  audit: () => ({ entity: 'library', id: null }),
  run: async (ctx) => figures(ctx),
});

interface Group {
  readonly account_type: string;
  readonly status: string;
  readonly user_group: string | null;
  /** 0 is the present month; null: expires later, has expired, or never does. */
  readonly month: number | null;
  readonly users: number;
}

async function figures(ctx: Context) {
  const today = todayIn(ctx.timeZone);
  const db = ctx.db.pool;
  // Days are compared as days, and only the few thousand groups are asked for their month.
  const { rows } = await db.query<Group>(sql`
    select g.account_type, g.status, g.user_group,
      ((extract(year from g.day) - extract(year from ${today}::date)) * 12
        + extract(month from g.day) - extract(month from ${today}::date))::integer as month,
      sum(g.users)::integer as users
    from (
      select u.account_type, u.status, u.user_group, count(*) as users,
        case when u.expiry_date between ${today}::date and ${daysOf(today, MONTHS - 1).to}::date then u.expiry_date end as day
      from users u group by u.account_type, u.status, u.user_group, day) g
    group by 1, 2, 3, 4`);
  const label = await labels(db, ctx.language);
  const by = (of: 'account_type' | 'status' | 'user_group', table: string): Figure[] =>
    [...Map.groupBy(rows, (row) => row[of])]
      .map(([code, groups]) => ({ code, label: code === null ? null : (label.get(`${table} ${code}`) ?? code), users: sum(groups) }))
      .toSorted((a, b) => b.users - a.users);
  return {
    users: sum(rows),
    by_account_type: by('account_type', 'AccountTypes'),
    by_status: by('status', 'UserStatus'),
    by_user_group: by('user_group', 'UserGroups'),
    expiring: Array.from({ length: MONTHS }, (_, month) => {
      const groups = rows.filter((row) => row.month === month);
      return {
        ...daysOf(today, month),
        users: sum(groups),
        by_account_type: Object.fromEntries([...Map.groupBy(groups, (row) => row.account_type)].map(([type, of]) => [type, sum(of)])),
      };
    }),
  };
}

function sum(groups: readonly Group[]): number {
  return groups.reduce((total, group) => total + group.users, 0);
}

function daysOf(today: string, month: number): { readonly from: string; readonly to: string } {
  const [year = 0, first = 1] = today.split('-').map(Number);
  const begins = new Date(Date.UTC(year, first - 1 + month, 1)).toISOString().slice(0, 10);
  return { from: month === 0 ? today : begins, to: new Date(Date.UTC(year, first + month, 0)).toISOString().slice(0, 10) };
}

async function labels(db: Queryable, language: Language): Promise<ReadonlyMap<string, string>> {
  const words = language === 'de' ? sql`c.label_de` : sql`c.label_en`;
  const { rows } = await db.query<{ code: string; label: string }>(sql`
    select c.table_name || ' ' || c.code as code, ${words} as label from codes c
    where c.table_name = any (array['AccountTypes', 'UserStatus', 'UserGroups'])`);
  return new Map(rows.map((row) => [row.code, row.label]));
}
