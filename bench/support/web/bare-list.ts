/** The SQL that the first page of a search of the users page needs, and nothing else: the hits up to 10,000, their page in the order of names. */
import sql, { join } from 'sql-template-tag';
import type { Queryable } from '../../../src/core/index.ts';

const SORTED = 10_000;
const LIMIT = 60;

/** Milliseconds. */
export async function bareList(db: Queryable, text: string): Promise<number> {
  const words = text.split(' ').filter((word) => word !== '');
  const like = (around: string) => sql`s.text like fold(${around}::text) collate "default"`;
  const matches = join(
    words.map((word) => (word.length < 3 ? sql`(${like(`${word}%`)} or ${like(`% ${word}%`)})` : like(`%${word}%`))),
    ' and ',
  );
  const columns = sql`u.primary_id, u.first_name, u.last_name, u.user_group, u.account_type, u.expiry_date, u.status,
    (select e.address from user_emails e where e.user_id = u.id order by e.preferred is true desc, e.id limit 1) as email`;
  const order = sql`fold(u.last_name), coalesce(fold(u.first_name), ''), u.id`;
  const started = performance.now();
  const { rows } = await db.query<{ total: number }>(sql`
    with hits as materialized (select s.user_id from user_search s where ${matches} limit ${SORTED + 1}::integer)
    select c.total, page.* from (select count(*) as total from hits) c left join lateral (
      select ${columns} from hits h join users u on u.id = h.user_id where c.total <= ${SORTED}::integer order by ${order} limit ${LIMIT}::integer) page on true`);
  if ((rows[0]?.total ?? 0) > SORTED)
    await db.query(sql`select ${columns} from users u
      where fold(u.last_name) is not null and exists (select from user_search s where s.user_id = u.id and ${matches})
      order by ${order} limit ${LIMIT}::integer`);
  return performance.now() - started;
}
