import { beforeAll, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { contextOf } from '../../test/support/sets.ts';
import { parseInput } from '../core/index.ts';
import { showUserRecord } from '../users/index.ts';
import { listUsers, type UserList } from './index.ts';

const test = useTestDatabase();

const list = (input: object): Promise<UserList> => listUsers.run(contextOf(test.db), parseInput(listUsers.input, input));

async function all(input: object): Promise<string[]> {
  const ids: string[] = [];
  for (let after: string | undefined; ; ) {
    const page = await list({ ...input, ...(after === undefined ? {} : { after }) });
    ids.push(...page.users.map((user) => user.primary_id));
    if (page.next === null) return ids;
    after = page.next;
  }
}

/** Equal and missing names and dates, in every combination. */
async function people(prefix: string, count: number): Promise<void> {
  await test.db.pool.query(
    `insert into users (primary_id, last_name, first_name, expiry_date, user_group)
     select $2 || n, (array['Zoe', 'ábel', 'Abel', null, 'Müller'])[1 + n % 5], (array['x', null, 'Y', 'x', 'É', null])[1 + n % 6],
       (array['2027-01-31', '2026-12-24', null])[1 + n % 3]::date, case when n % 2 = 0 then 'UNDERGRAD' end
     from generate_series(1, $1) n`,
    [count, prefix],
  );
  await test.db.pool.query('select refresh_user_search(array(select u.id from users u))');
}

async function inOrder(sort: string, where = 'true'): Promise<string[]> {
  const { rows } = await test.db.pool.query<{ primary_id: string }>(`select primary_id from users u where ${where} order by ${sort}`);
  return rows.map((row) => row.primary_id);
}

describe('the list of users', () => {
  beforeAll(() => people('few', 60));

  it.each([
    ['name', false, `fold(last_name) nulls last, coalesce(fold(first_name), ''), id`],
    ['name', true, `fold(last_name) desc nulls last, coalesce(fold(first_name), '') desc, id desc`],
    ['expiry_date', false, 'expiry_date nulls last, id'],
    ['expiry_date', true, 'expiry_date desc nulls last, id desc'],
    ['primary_id', true, 'fold(primary_id) desc'],
  ])('is whole in the order of %s, descending %s, however it is paged', async (sort, descending, order) => {
    const expected = await inOrder(order);
    for (const limit of [1, 7, 60, 100]) {
      // Everybody is walked along the index; few that match are sorted.
      expect(await all({ sort, descending, limit })).toEqual(expected);
      expect(await all({ sort, descending, limit, text: 'few' })).toEqual(expected);
      expect(await all({ sort, descending, limit, where: 'primary_id starts with "few"', text: 'few' })).toEqual(expected);
    }
  });

  it('reads a filter as text or JSON and gives it back as both', async () => {
    const page = await list({ where: 'user_group = "UNDERGRAD" and expiry_date is empty', columns: ['user_group', 'blocks'] });
    expect(page).toMatchObject({
      total: 10,
      where: 'user_group = "UNDERGRAD" and expiry_date is empty',
      filter: {
        and: [
          { field: 'user_group', op: '=', value: 'UNDERGRAD' },
          { field: 'expiry_date', op: 'is_empty' },
        ],
      },
    });
    expect(page.users[0]).toMatchObject({ values: { user_group: 'UNDERGRAD', blocks: 0 } });
    expect((await list({ filter: page.filter as object, limit: 0, count: true })).total).toBe(10);
    await expect(list({ where: 'user_group ~ 1' })).rejects.toMatchObject({ params: { line: 1, column: 12 } });
  });

  it('counts everybody only when it is asked to', async () => {
    expect((await list({ limit: 1 })).total).toBeNull();
    expect((await list({ limit: 0, count: true })).total).toBe(60);
  });

  it('refuses a place that no page has given', async () => {
    for (const after of ['x', '[]', '["a"]', '["\\u0000","",1,null]'])
      await expect(list({ after })).rejects.toMatchObject({ code: 'users.bad_cursor' });
  });

  it('shows a record with its tag and what codes mean', async () => {
    const shown = await showUserRecord.run(contextOf(test.db), { user: 'few2' });
    expect(shown).toMatchObject({
      primary_id: 'few2',
      fields: { user_group: 'UNDERGRAD' },
      held: [],
      closed: [],
      rows: { email: [], block: [] },
    });
    expect(shown.tag).toMatch(/^\d+\.\d+$/);
  });
});

it('of more hits than are sorted is the same, along the index', async () => {
  await people('many', 30_500);
  await test.db.pool.query('analyze');
  const where = `primary_id like 'many%'`;
  const fewer = `primary_id like 'many1%'`;
  expect(await all({ text: 'many', limit: 500 })).toEqual(
    await inOrder(`fold(last_name) nulls last, coalesce(fold(first_name), ''), id`, where),
  );
  expect(await all({ text: 'many', where: 'primary_id starts with "many1"', limit: 500 })).toEqual(
    await inOrder(`fold(last_name), coalesce(fold(first_name), ''), id`, fewer),
  );
  expect(await all({ where: 'primary_id starts with "many1"', sort: 'expiry_date', descending: true, limit: 500 })).toEqual(
    await inOrder('expiry_date desc nulls last, id desc', fewer),
  );
  expect((await list({ text: 'many' })).total).toBeNull();
  expect((await list({ text: 'many', where: 'primary_id starts with "many1"' })).total).toBeNull();
  expect((await list({ text: 'many', limit: 0, count: true })).total).toBe(30_500);
});
