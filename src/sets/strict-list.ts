import { AppError, type Queryable } from '../core/index.ts';
import sql, { type Sql } from 'sql-template-tag';

/** Identifiers that an error names; all of them are counted. */
const NAMED = 10;

/**
 * Refuses a matched list of which a line would bring nothing: an identifier that nobody has
 * (`sets.ids_not_found`), that several have (`sets.ids_ambiguous`), or that leads to somebody who is
 * in the list already (`sets.ids_twice`).
 */
export async function refuseIncomplete(tx: Queryable): Promise<void> {
  const lost = await lines(tx, sql`select m.line, m.value from matched m where m.first_user is null`);
  if (lost !== null) throw new AppError('sets.ids_not_found', lost);
  const shared = await lines(tx, sql`select m.line, m.value from matched m where m.first_user <> m.last_user`);
  if (shared !== null) throw new AppError('sets.ids_ambiguous', shared);
  const again = await lines(
    tx,
    sql`
    select d.line, d.value from (
      select m.line, m.value, row_number() over (partition by m.first_user order by m.line) as place
      from matched m where m.first_user = m.last_user
    ) d where d.place > 1`,
  );
  if (again !== null) throw new AppError('sets.ids_twice', again);
}

/** Refuses a matched list that names a member of the set (`sets.ids_already_members`). */
export async function refuseMembers(tx: Queryable, setId: number): Promise<void> {
  const found = await lines(
    tx,
    sql`
    select m.line, m.value from matched m
    where exists (select from set_members s where s.set_id = ${setId}::bigint and s.user_id = m.first_user)`,
  );
  if (found !== null) throw new AppError('sets.ids_already_members', found);
}

/** Refuses a matched list that names somebody who is not in the set (`sets.ids_no_members`). */
export async function refuseOthers(tx: Queryable, setId: number): Promise<void> {
  const found = await lines(
    tx,
    sql`
    select m.line, m.value from matched m
    where not exists (select from set_members s where s.set_id = ${setId}::bigint and s.user_id = m.first_user)`,
  );
  if (found !== null) throw new AppError('sets.ids_no_members', found);
}

async function lines(tx: Queryable, wanted: Sql): Promise<{ readonly ids: string; readonly count: number } | null> {
  const { rows } = await tx.query<{ value: string; count: number }>(sql`
    select left(w.value, 80) as value, (count(*) over ())::integer as count from (${wanted}) w order by w.line limit ${NAMED}::integer`);
  const [first] = rows;
  if (first === undefined) return null;
  return { ids: `${rows.map((row) => row.value).join(', ')}${first.count > rows.length ? ', …' : ''}`, count: first.count };
}
