/** Who holds what: every row of a role with its holder, page by page. */
import sql, { join, type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { AppError, operation, type Queryable, todayIn } from '../core/index.ts';
import { roleLabels } from './rights-operations.ts';

const MOST = 1_000;

const day = z.iso.date();

/** What the report and its file can be narrowed by. */
export const reportFilter = {
  role: z.string().trim().min(1).max(100).optional(),
  scope: z.string().trim().min(1).max(255).optional(),
  status: z.enum(['ACTIVE', 'INACTIVE', 'NEW']).optional(),
  /** Only roles that end before this day; those that have ended already are among them. */
  expiring_before: day.optional(),
  /** Only roles that count today: active, not ended, and so is their holder. */
  in_force: z.boolean().default(false),
  /** Leaves out the role Patron, which nearly everybody has. */
  staff_only: z.boolean().default(false),
};

const input = z.strictObject({
  ...reportFilter,
  limit: z.number().int().min(1).max(MOST).default(100),
  /** The `next` of the page before. */
  after: z.string().max(300).optional(),
});

const held = z.strictObject({
  role: z.string(),
  label: z.string(),
  scope: z.string(),
  /** The scope is a single library. */
  library: z.boolean(),
  status: z.string(),
  expiry_date: z.string().nullable(),
  primary_id: z.string(),
  name: z.string(),
  user_status: z.string(),
  user_expiry_date: z.string().nullable(),
  /** The role counts today. */
  in_force: z.boolean(),
});
export type HeldRole = z.output<typeof held>;

const output = z.strictObject({
  /** Holders by role, over all pages. */
  totals: z.array(z.strictObject({ role: z.string(), label: z.string(), users: z.number().int(), in_force: z.number().int() })),
  roles: z.array(held),
  next: z.string().nullable(),
});
export type HoldersReport = z.output<typeof output>;

type Wanted = z.output<typeof input>;

export const reportHolders = operation({
  name: 'access.report',
  summary: { en: 'Shows who holds which roles', de: 'Zeigt, wer welche Rollen hat' },
  privilege: 'access:read',
  input,
  output,
  audit: (i, result) => ({ entity: 'role', id: i.role ?? null, detail: { shown: result?.roles.length ?? null } }),
  run: async (ctx, i): Promise<HoldersReport> => {
    const today = todayIn(ctx.timeZone);
    const labels = await roleLabels(ctx.db.pool, ctx.language);
    const label = (role: string) => labels.get(role) ?? role;
    const rows = await readPage(ctx.db.pool, i, today);
    const page = rows.slice(0, i.limit);
    const last = page.at(-1);
    const totals = await readTotals(ctx.db.pool, i, today);
    return {
      totals: totals.map((total) => ({ ...total, label: label(total.role) })),
      roles: page.map(({ id: _, ...row }) => ({ ...row, label: label(row.role) })),
      next: rows.length > i.limit && last !== undefined ? `${last.role} ${last.id}` : null,
    };
  },
});

interface Row extends Omit<HeldRole, 'label'> {
  readonly id: number;
}

const lasts = (column: Sql, today: string) => sql`(${column} is null or ${column} >= ${today}::date)`;

function inForce(today: string): Sql {
  return sql`(r.status = 'ACTIVE' and ${lasts(sql`r.expiry_date`, today)} and u.status = 'ACTIVE' and ${lasts(sql`u.expiry_date`, today)})`;
}

function conditions(i: Wanted, today: string): Sql {
  const wanted: Sql[] = [sql`true`];
  if (i.role !== undefined) wanted.push(sql`r.type = ${i.role}::text`);
  if (i.scope !== undefined) wanted.push(sql`r.scope = ${i.scope}::text`);
  if (i.status !== undefined) wanted.push(sql`r.status = ${i.status}::text`);
  if (i.expiring_before !== undefined) wanted.push(sql`r.expiry_date < ${i.expiring_before}::date`);
  if (i.in_force) wanted.push(inForce(today));
  // Literal, so that the index on staff roles serves.
  if (i.staff_only) wanted.push(sql`r.type <> '200'`);
  return join(wanted, ' and ');
}

async function readPage(db: Queryable, i: Wanted, today: string): Promise<Row[]> {
  const after = i.after === undefined ? sql`true` : cursorSql(i.after);
  const { rows } = await db.query<Row>(sql`
    select r.id, r.type as role, r.scope, exists (select from codes c where c.table_name = 'Libraries' and c.code = r.scope) as library,
      r.status, r.expiry_date, u.primary_id, concat_ws(' ', u.first_name, u.last_name) as name, u.status as user_status,
      u.expiry_date as user_expiry_date, ${inForce(today)} as in_force
    from user_roles r join users u on u.id = r.user_id
    where ${conditions(i, today)} and ${after}
    order by r.type collate "C", r.id limit ${i.limit + 1}::integer`);
  return rows;
}

/** @throws `access.bad_cursor` */
function cursorSql(text: string): Sql {
  const parts = /^(.{1,255}) (\d{1,15})$/.exec(text);
  if (parts?.[1] === undefined || parts[2] === undefined) throw new AppError('access.bad_cursor', { cursor: text.slice(0, 60) });
  return sql`(r.type collate "C", r.id) > (${parts[1]}::text collate "C", ${parts[2]}::bigint)`;
}

async function readTotals(db: Queryable, i: Wanted, today: string): Promise<{ role: string; users: number; in_force: number }[]> {
  const { rows } = await db.query<{ role: string; users: number; in_force: number }>(sql`
    select r.type as role, count(distinct r.user_id)::integer as users,
      (count(distinct r.user_id) filter (where ${inForce(today)}))::integer as in_force
    from user_roles r join users u on u.id = r.user_id
    where ${conditions(i, today)} group by r.type order by r.type collate "C"`);
  return rows;
}
