/** The import of circulation in SQL: who is meant, what cannot go in, what is replaced, what the counts become. */
import type { PoolClient } from 'pg';
import sql from 'sql-template-tag';
import { z } from 'zod';
import { count, type TextCode } from '../core/index.ts';

/** Users by what happened to them; they add up to the users in the file. */
export const circulationCounts = {
  rows: count.describe('Loans, requests and fees that go in'),
  changed: count.describe('Users whose counts or date change'),
  unchanged: count.describe('Users whose counts and date are these already'),
  failed: count.describe('Users all of whose rows are kept out, because at least one of each kind is bad'),
  held_back: count.describe('Good rows that are kept out, because another row of the same user and kind is bad'),
};
const circulationCountsSchema = z.object(circulationCounts);
export type CirculationCounts = z.output<typeof circulationCountsSchema>;

export interface PlanProblem {
  readonly line: number;
  readonly field: string;
  readonly code: TextCode;
  readonly params: Readonly<Record<string, string | number>>;
}

/**
 * Leaves in the session: `circulation_rows` (rows with their user), `circulation_problems`,
 * `circulation_targets` (users and kinds to replace) and `circulation_next` (the users' new counts).
 * Users are locked in id order in a statement of its own, before anything of them is read.
 */
export async function planCirculation(tx: PoolClient): Promise<CirculationCounts> {
  await tx.query('analyze circulation_staged');
  await matchUsers(tx);
  await tx.query(`select u.id from users u where u.id in (select r.user_id from circulation_rows r) order by u.id for no key update`);
  await findProblems(tx);
  await tx.query(`
    create temp table circulation_targets on commit drop as
    select r.user_id, r.kind, max(r.true_on) as true_on
    from circulation_rows r
    join users u on u.id = r.user_id
    group by r.user_id, r.kind
    having not bool_or(r.bad) and not bool_or(exists (select from circulation_problems p where p.line = r.line))`);
  await tx.query('analyze circulation_targets');
  await planCounts(tx);
  const counted = await tx.query<CirculationCounts>(`
    select
      (select count(*) from circulation_rows r join circulation_targets t on t.user_id = r.user_id and t.kind = r.kind
        where r.reference is not null) as rows,
      (select count(*) from circulation_next n where n.differs) as changed,
      (select count(*) from circulation_next n where not n.differs) as unchanged,
      (select count(distinct r.user_id) from circulation_rows r
        where not exists (select from circulation_targets t where t.user_id = r.user_id)) as failed,
      (select count(*) from circulation_rows r
        where not r.bad and not exists (select from circulation_problems p where p.line = r.line)
          and not exists (select from circulation_targets t where t.user_id = r.user_id and t.kind = r.kind)) as held_back`);
  const [counts] = counted.rows;
  if (counts === undefined) throw new Error('The import could not be counted.');
  return counts;
}

/** By primary id or identifier; values of exempt types lead to somebody only if one user has them. */
async function matchUsers(tx: PoolClient): Promise<void> {
  await tx.query(`
    create temp table circulation_ids on commit drop as
    select i.id_text, k.user_id, case when k.user_id is null then x.holders else 1 end as holders, x.user_id as exempt_user
    from (select distinct s.id_text from circulation_staged s) i
    left join user_keys k on k.key = fold(i.id_text)
    left join lateral (
      select count(distinct ui.user_id) as holders, min(ui.user_id) as user_id
      from user_identifiers ui where k.user_id is null and fold(ui.value) = fold(i.id_text)) x on true`);
  await tx.query('analyze circulation_ids');
  await tx.query(`
    create temp table circulation_rows on commit drop as
    select s.*, coalesce(i.user_id, i.exempt_user) as user_id
    from circulation_staged s
    join circulation_ids i on i.id_text = s.id_text
    where i.holders = 1`);
  await tx.query('analyze circulation_rows');
}

/** One problem per row: the first in the order of these branches. */
async function findProblems(tx: PoolClient): Promise<void> {
  await tx.query(`
    create temp table circulation_problems on commit drop as
    select distinct on (p.line) p.line, p.field, p.code, p.params from (
      select s.line, 1 as rank, 'user_id' as field, case when i.holders = 0 then 'circulation.user_unknown' else 'feeds.match_ambiguous' end as code,
        jsonb_build_object('value', s.id_text) as params
      from circulation_staged s join circulation_ids i on i.id_text = s.id_text where not s.bad and i.holders <> 1
      union all
      select r.line, 2, 'reference', 'circulation.reference_twice', jsonb_build_object('value', r.reference, 'first_line', r.first_line)
      from (select r.*, first_value(r.line) over (partition by r.user_id, r.kind, r.reference order by r.line) as first_line
            from circulation_rows r where not r.bad and r.reference is not null) r
      where r.line <> r.first_line
      union all
      select r.line, 3, 'reference', 'circulation.none_and_some', '{}'
      from circulation_rows r
      where not r.bad and r.reference is null and exists (
        select from circulation_rows o where o.user_id = r.user_id and o.kind = r.kind and o.reference is not null)
      union all
      select r.line, 4, 'as_of_date', 'circulation.two_dates', jsonb_build_object('value', r.true_on, 'other', r.latest)
      from (select r.*, max(r.true_on) over (partition by r.user_id, r.kind) as latest from circulation_rows r where not r.bad) r
      where r.true_on <> r.latest
      union all
      select r.line, 5, 'as_of_date', 'circulation.known_later', jsonb_build_object('value', r.true_on, 'known', c.true_on)
      from circulation_rows r
      join (select c.user_id, c.kind, max(c.true_on) as true_on from circulation c group by c.user_id, c.kind) c
        on c.user_id = r.user_id and c.kind = r.kind
      where not r.bad and c.true_on > r.true_on
      union all
      select r.line, 6, 'currency', 'circulation.two_currencies', jsonb_build_object('value', r.currency, 'other', r.first_currency)
      from (select r.*, first_value(r.currency) over (partition by r.user_id order by r.line) as first_currency
            from circulation_rows r where not r.bad and r.kind = 'fee' and r.currency is not null) r
      where r.currency <> r.first_currency) p
    order by p.line, p.rank`);
  await tx.query('analyze circulation_problems');
}

async function planCounts(tx: PoolClient): Promise<void> {
  await tx.query(`
    create temp table circulation_next on commit drop as
    select x.*, (x.loans, x.requests, x.fees, x.circulation_on) is distinct from (x.old_loans, x.old_requests, x.old_fees, x.old_on) as differs
    from (
      select u.id as user_id, u.loans as old_loans, u.requests as old_requests, u.fees as old_fees, u.circulation_on as old_on,
        case when t.has_loans then t.loans else u.loans end as loans,
        case when t.has_requests then t.requests else u.requests end as requests,
        case when t.has_fees then t.fees else u.fees end as fees,
        greatest(u.circulation_on, t.true_on) as circulation_on
      from (
        select t.user_id, max(t.true_on) as true_on,
          bool_or(t.kind = 'loan') as has_loans, bool_or(t.kind = 'request') as has_requests, bool_or(t.kind = 'fee') as has_fees,
          (count(r.reference) filter (where t.kind = 'loan'))::integer as loans,
          (count(r.reference) filter (where t.kind = 'request'))::integer as requests,
          coalesce(sum(r.amount) filter (where t.kind = 'fee'), 0)::numeric(12, 2) as fees
        from circulation_targets t
        join circulation_rows r on r.user_id = t.user_id and r.kind = t.kind
        group by t.user_id) t
      join users u on u.id = t.user_id) x`);
  await tx.query('analyze circulation_next');
}

export async function readPlanProblems(tx: PoolClient, limit: number): Promise<{ count: number; problems: PlanProblem[] }> {
  const counted = await tx.query<{ count: number }>('select count(*) as count from circulation_problems');
  const first = await tx.query<PlanProblem>(sql`
    select p.line, p.field, p.code, p.params from circulation_problems p order by p.line limit ${limit}::int`);
  return { count: counted.rows[0]?.count ?? 0, problems: first.rows };
}

export interface CirculationRun {
  readonly actor: string;
  readonly name: string;
  readonly file: string;
  readonly today: string;
  readonly counts: CirculationCounts;
  /** Bad rows of the file. */
  readonly rejected: number;
}

/** Writes what was planned and returns the number of its run. */
export async function applyCirculation(tx: PoolClient, run: CirculationRun): Promise<number> {
  const id = await recordRun(tx, run);
  await tx.query(`
    delete from circulation c using circulation_targets t
    where c.user_id = t.user_id and c.kind = t.kind and not exists (
      select from circulation_rows r where r.user_id = c.user_id and r.kind = c.kind and r.reference = c.reference)`);
  await tx.query(`
    insert into circulation (user_id, kind, reference, title, barcode, amount, currency, due_on, true_on)
    select r.user_id, r.kind, r.reference, r.title, r.barcode, r.amount, r.currency, r.due_on, r.true_on
    from circulation_rows r
    join circulation_targets t on t.user_id = r.user_id and t.kind = r.kind
    where r.reference is not null
    on conflict (user_id, kind, reference) do update
    set title = excluded.title, barcode = excluded.barcode, amount = excluded.amount, currency = excluded.currency,
        due_on = excluded.due_on, true_on = excluded.true_on
    where (circulation.title, circulation.barcode, circulation.amount, circulation.currency, circulation.due_on, circulation.true_on)
      is distinct from (excluded.title, excluded.barcode, excluded.amount, excluded.currency, excluded.due_on, excluded.true_on)`);
  await tx.query(sql`select ensure_journal_partitions(current_date)`);
  await tx.query(sql`
    update users u
    set loans = n.loans, requests = n.requests, fees = n.fees, circulation_on = n.circulation_on,
        version = u.version + 1, modified_at = now(), modified_by = ${run.actor}::text
    from circulation_next n
    where u.id = n.user_id and n.differs`);
  await tx.query(sql`
    insert into journal (run_id, user_id, diff)
    select ${id}::bigint, n.user_id, jsonb_build_object('rows', '[]'::jsonb, 'fields',
      case when n.loans is distinct from n.old_loans then jsonb_build_object('loans', jsonb_build_array(n.old_loans, n.loans)) else '{}' end
      || case when n.requests is distinct from n.old_requests then jsonb_build_object('requests', jsonb_build_array(n.old_requests, n.requests)) else '{}' end
      || case when n.fees is distinct from n.old_fees then jsonb_build_object('fees', jsonb_build_array(n.old_fees, n.fees)) else '{}' end
      || case when n.circulation_on is distinct from n.old_on
           then jsonb_build_object('circulation_on', jsonb_build_array(n.old_on, n.circulation_on)) else '{}' end)
    from circulation_next n
    where n.differs
    order by n.user_id`);
  return id;
}

async function recordRun(tx: PoolClient, run: CirculationRun): Promise<number> {
  const { changed, unchanged, failed } = run.counts;
  const counts = { members: changed + unchanged + failed, changed, unchanged, skipped: 0, failed };
  const touches = { scalars: { loans: [0], requests: [0], fees: [0], circulation_on: [0] }, tables: [] };
  const inserted = await tx.query<{ id: number }>(sql`
    insert into runs (kind, name, state, plan, today, touches, members, counts, created_by, started_at, finished_at)
    values ('import', ${run.name}::text, ${run.rejected > 0 ? 'COMPLETED_WARNING' : 'COMPLETED_SUCCESS'}::text,
      ${JSON.stringify({ circulation: { file: run.file } })}::jsonb, ${run.today}::date, ${JSON.stringify(touches)}::jsonb,
      ${counts.members}::bigint, ${JSON.stringify(counts)}::jsonb, ${run.actor}::text, now(), clock_timestamp())
    returning id`);
  const [row] = inserted.rows;
  if (row === undefined) throw new Error('The run was not recorded.');
  return row.id;
}
