import sql, { type Sql } from 'sql-template-tag';
import type { Queryable } from '../core/index.ts';

/** Members from which on reading the whole journal once is faster than looking each one up. */
export const MANY_MEMBERS = 50_000;

/** What of a run says where its users are found in the journal. */
export interface JournalledRun {
  readonly id: number;
  /** The journal has nothing of the run that is older. */
  readonly created_at: string;
  /** Users in its chunks; 0 for imports and single edits, which have none. */
  readonly members: number;
}

/** Undefined when there is no such run. */
export async function journalledRun(
  db: Queryable,
  id: number,
): Promise<(JournalledRun & { readonly journal_dropped: boolean }) | undefined> {
  const { rows } = await db.query<JournalledRun & { readonly journal_dropped: boolean }>(sql`
    select r.id, r.created_at, r.journal_dropped,
      case when exists (select from run_chunks c where c.run_id = r.id) then r.members else 0 end as members
    from runs r where r.id = ${id}::bigint`);
  return rows[0];
}

/**
 * Users that stand in the journal of the run (`user_id`, each once). The journal is found by user, so the
 * members of a small run are looked up in it: the month's journal may hold many other runs. `after`: only
 * users with a higher number.
 */
export function journalledUsers({ id, created_at, members }: JournalledRun, after = 0): Sql {
  const own = sql`j.run_id = ${id}::bigint and j.at >= ${created_at}::timestamptz`;
  return Number(members) === 0 || Number(members) > MANY_MEMBERS
    ? // Two rows in the journal where the sender has set a password as well.
      sql`select distinct j.user_id from journal j where ${own} and j.user_id > ${after}::bigint`
    : // `offset 0`: a look-up for each member, whatever the planner thinks of their number.
      sql`select r.user_id from run_members r
        where r.run_id = ${id}::bigint and r.user_id > ${after}::bigint
          and exists (select from journal j where j.user_id = r.user_id and ${own} offset 0)`;
}
