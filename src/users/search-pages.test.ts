import { describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { contextOf } from '../../test/support/sets.ts';
import { searchUsers } from './search.ts';

const test = useTestDatabase();

async function pages(text: string, limit: number): Promise<{ ids: string[]; pages: number; totals: Set<number> }> {
  const ids: string[] = [];
  const totals = new Set<number>();
  let after: string | undefined;
  for (let count = 1; ; count += 1) {
    const page = await searchUsers.run(contextOf(test.db), { text, limit, after });
    expect(page.users.length).toBeLessThanOrEqual(limit);
    ids.push(...page.users.map((user) => user.primary_id));
    totals.add(page.total);
    if (page.next === null) return { ids, pages: count, totals };
    after = page.next;
  }
}

/** Users whose names are equal, missing, and in other letters, in every combination. */
async function people(count: number): Promise<void> {
  await test.db.pool.query(
    `insert into users (primary_id, last_name, first_name)
     select 'pager' || n, (array['Zoe', 'ábel', 'Abel', null, 'Müller'])[1 + n % 5], (array['x', null, 'Y', 'x', 'É', null])[1 + n % 6]
     from generate_series(1, $1) n`,
    [count],
  );
  await test.db.pool.query(`select refresh_user_search(array(select u.id from users u where u.primary_id like 'pager%'))`);
}

const ORDER = `select primary_id from users where primary_id like 'pager%' order by fold(last_name), fold(first_name), fold(primary_id)`;

describe('pages of a search', () => {
  it('are the whole list in its order, nobody twice and nobody left out', async () => {
    await people(60);
    const { rows } = await test.db.pool.query<{ primary_id: string }>(ORDER);
    const expected = rows.map((row) => row.primary_id);
    for (const limit of [1, 7, 59, 60, 100]) {
      const read = await pages('pager', limit);
      expect(read.ids).toEqual(expected);
      expect(read.pages).toBe(Math.ceil(60 / limit));
      expect(read.totals).toEqual(new Set([60]));
    }
  });

  it('begin with the user whose id the text is, who does not come again', async () => {
    const { ids } = await pages('pager1', 3);
    expect(ids[0]).toBe('pager1');
    expect(ids).toHaveLength(new Set(ids).size);
    expect(ids).toHaveLength(11);
  });

  it('of more hits than are counted are the same, along the index', async () => {
    await test.db.pool.query(`delete from users`);
    await people(10_500);
    await test.db.pool.query('analyze');
    const { rows } = await test.db.pool.query<{ primary_id: string }>(ORDER);
    const read = await pages('pager', 1_000);
    expect(read.ids).toEqual(rows.map((row) => row.primary_id));
    expect(read.totals).toEqual(new Set([10_000]));
  });

  it('are refused after a place that no page has given', async () => {
    for (const after of ['x', '[]', '["a","b"]', '[null,null,"\\u0000",1]', '["a","b","c",-1]']) {
      await expect(searchUsers.run(contextOf(test.db), { text: 'pager', limit: 1, after })).rejects.toMatchObject({
        code: 'users.bad_cursor',
      });
    }
  });
});
