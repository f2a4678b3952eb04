/** Freezes the members of a run into chunks: what was previewed is what is changed. */
import type { PoolClient } from 'pg';
import sql, { type Sql } from 'sql-template-tag';

/** 10,000 users a chunk: a lock of about 0.3 s; 5,000 and 2,000 cost 5 % and 10 % more (docs/performance.md). */
const LARGEST_CHUNK = 10_000;
const SMALLEST_CHUNK = 250;
/** Small runs are cut as well, so that they show progress and use every worker. */
const WANTED_CHUNKS = 16;

/** Copies the members into chunks, in the order of their ids; answers their number. */
export async function freezeMembers(tx: PoolClient, runId: number, members: Sql): Promise<number> {
  // The size of a chunk depends on the number of members, so they are cut finely first and joined where there are many.
  const { rows } = await tx.query<{ members: number }>(sql`
    with numbered as materialized (
      select m.user_id, row_number() over (order by m.user_id) - 1 as row from (${members}) m),
    size as (select least(${LARGEST_CHUNK}::integer, greatest(${SMALLEST_CHUNK}::integer, ceil(count(*) / ${WANTED_CHUNKS}::numeric)::integer)) as size from numbered),
    cut as (
      insert into run_chunks (run_id, no, first_user, last_user, members, user_ids)
      select ${runId}::bigint, n.row / s.size, min(n.user_id), max(n.user_id), count(*), array_agg(n.user_id order by n.user_id)
      from numbered n cross join size s group by 2
      returning members)
    select coalesce(sum(c.members), 0)::integer as members from cut c`);
  return rows[0]?.members ?? 0;
}

/** The frozen members of a run. */
export function frozenMembersSql(runId: number): Sql {
  return sql`select m.user_id from run_members m where m.run_id = ${runId}::bigint`;
}

/** As the preview's: number of members and two order-free sums over their ids. */
export async function fingerprintOf(tx: PoolClient, members: Sql): Promise<string> {
  const { rows } = await tx.query<{ members: number; sum: string; mix: string }>(sql`
    select count(*)::integer as members, coalesce(sum(hashint8extended(m.user_id, 0)), 0)::text as sum,
      coalesce(bit_xor(hashint8extended(m.user_id, 1)), 0)::text as mix from (${members}) m`);
  const row = rows[0] ?? { members: 0, sum: '0', mix: '0' };
  return `${row.members}-${BigInt.asUintN(64, BigInt(row.sum)).toString(16)}-${BigInt.asUintN(64, BigInt(row.mix)).toString(16)}`;
}
