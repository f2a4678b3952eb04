/** How many users there are, of what kind, and when their accounts expire: one pass over the users, and one over those who expire. */
import sql from 'sql-template-tag';
import { isRecord } from '../../users/index.ts';
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

interface Counted {
  readonly users: number;
  readonly account_type: string;
}

interface Group extends Counted {
  readonly status: string;
  readonly user_group: string | null;
}

interface DayGroup extends Counted {
  /** 0 is the present month. */
  readonly month: number;
}

async function figures(ctx: Context) {
  const today = todayIn(ctx.timeZone);
  const db = ctx.db.pool;
  // Two statements, not one over both: each has few groups and is planned so, for several processors.
  const [{ rows }, { rows: ending }] = await Promise.all([
    db.query<Group>(sql`
      select u.account_type, u.status, u.user_group, count(*)::integer as users
      from users u where ${isRecord()} group by u.account_type, u.status, u.user_group`),
    db.query<DayGroup>(sql`
      select g.account_type, sum(g.users)::integer as users,
        ((extract(year from g.expiry_date) - extract(year from ${today}::date)) * 12
          + extract(month from g.expiry_date) - extract(month from ${today}::date))::integer as month
      from (
        select u.account_type, u.expiry_date, count(*) as users from users u
        where u.expiry_date between ${today}::date and ${daysOf(today, MONTHS - 1).to}::date and ${isRecord()}
        group by u.account_type, u.expiry_date) g
      group by g.account_type, month`),
  ]);
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
      const groups = ending.filter((row) => row.month === month);
      return {
        ...daysOf(today, month),
        users: sum(groups),
        by_account_type: Object.fromEntries([...Map.groupBy(groups, (row) => row.account_type)].map(([type, of]) => [type, sum(of)])),
      };
    }),
  };
}

function sum(groups: readonly Counted[]): number {
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
