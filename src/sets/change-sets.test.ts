import sql from 'sql-template-tag';
import { beforeAll, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { addUser, contextOf, staff, useFiles } from '../../test/support/sets.ts';
import { type Context, parseInput } from '../core/index.ts';
import {
  addMembers,
  combineSets,
  createSet,
  createSetFromRun,
  deleteSet,
  findSet,
  listFileLines,
  listMembers,
  memberIdsSql,
  removeMembers,
  showSet,
  updateSet,
} from './index.ts';

const test = useTestDatabase();
const file = useFiles();
const letters = ['a', 'b', 'c', 'd', 'e', 'f'];
const ids = new Map<string, number>();

beforeAll(async () => {
  for (const letter of letters) ids.set(letter, await addUser(test.db, letter, [['BARCODE', `${letter}${letter}`]]));
});

const idOf = (letter: string): number => ids.get(letter) ?? 0;
const context = (owner?: string): Context => (owner === undefined ? contextOf(test.db) : contextOf(test.db, staff(owner)));

function make(name: string, members: string, owner?: string) {
  return createSet.run(context(owner), parseInput(createSet.input, { name, ids: members.split('') }));
}

async function membersOf(set: string | number): Promise<string> {
  const page = await listMembers.run(context(), { set, limit: 1000, after: 0 });
  return page.members
    .map((member) => member.primary_id)
    .sort()
    .join('');
}

describe('combining sets', () => {
  const combine = (name: string, operator: string, sets: readonly (string | number)[]) =>
    combineSets.run(context(), parseInput(combineSets.input, { name, operator, sets }));

  it('takes who is in all, in any, or in the first alone', async () => {
    await make('abc', 'abc');
    await make('bcd', 'bcd');
    await make('ce', 'ce');
    expect(await combine('and', 'and', ['abc', 'bcd', 'ce'])).toMatchObject({ kind: 'itemized', members: 1 });
    expect(await combine('or', 'or', ['abc', 'bcd', 'ce'])).toMatchObject({ members: 5 });
    expect(await combine('not', 'not', ['abc', 'bcd', 'ce'])).toMatchObject({ members: 1 });
    expect([await membersOf('and'), await membersOf('or'), await membersOf('not')]).toEqual(['c', 'abcde', 'a']);
    expect((await findSet(test.db.pool, 'not')).source).toEqual({ from: 'combine', what: 'abc NOT bcd NOT ce' });
  });

  it('evaluates logical sets as they are now, and takes a set with itself', async () => {
    const logical = await createSet.run(context(), parseInput(createSet.input, { name: 'logical', where: 'primary_id in ("a", "f")' }));
    await combine('mixed', 'or', [logical.id, 'ce']);
    await combine('self', 'and', ['logical', 'LOGICAL']);
    expect([await membersOf('mixed'), await membersOf('self')]).toEqual(['acef', 'af']);
  });

  it('needs two sets that the person may see', async () => {
    await expect(async () => combine('x', 'and', ['abc'])).rejects.toMatchObject({ code: 'input.invalid' });
    await make('hidden', 'a', 'olga');
    await expect(
      combineSets.run(context('paul'), parseInput(combineSets.input, { name: 'x', operator: 'or', sets: ['abc', 'hidden'] })),
    ).rejects.toMatchObject({ code: 'sets.not_found' });
    await expect(combine('abc', 'and', ['abc', 'ce'])).rejects.toMatchObject({ code: 'sets.name_taken' });
  });
});

describe('the members of a set', () => {
  it('can be added and removed, and every identifier is accounted for', async () => {
    await make('team', 'ab');
    expect(await addMembers.run(context(), { set: 'team', ids: ['b', 'c', 'CC', 'nobody'] })).toMatchObject({
      added: 1,
      already: 1,
      duplicates: 1,
      not_found: 1,
      ambiguous: 0,
      members: 3,
    });
    expect(await removeMembers.run(context(), { set: 'TEAM', file: file('out.csv', 'Barcode\naa\ndd\nxx\n') })).toMatchObject({
      removed: 1,
      no_members: 1,
      not_found: 1,
      members: 2,
    });
    expect(await membersOf('team')).toBe('bc');
    const { lines } = await listFileLines.run(context(), { set: 'team', limit: 10, after: 0 });
    expect(lines).toEqual([{ line: 4, value: 'xx', reason: 'not_found' }]);
    expect((await findSet(test.db.pool, 'team')).source).toMatchObject({ from: 'file', not_found: 1 });
  });

  it('come in pages that join without gap or repetition', async () => {
    await make('paged', 'abcdef');
    await createSet.run(
      context(),
      parseInput(createSet.input, { name: 'paged too', where: 'primary_id in ("a", "b", "c", "d", "e", "f")' }),
    );
    for (const set of ['paged', 'paged too']) {
      const seen: string[] = [];
      for (let after: number | null = 0; after !== null; ) {
        const page: Awaited<ReturnType<typeof listMembers.run>> = await listMembers.run(context(), { set, limit: 4, after });
        seen.push(...page.members.map((member) => member.primary_id));
        after = page.next;
      }
      expect(seen).toEqual(letters);
    }
  });

  it('of a logical set come from its filter alone', async () => {
    await createSet.run(context(), parseInput(createSet.input, { name: 'rule', where: 'primary_id = "a"' }));
    await expect(addMembers.run(context(), { set: 'rule', ids: ['b'] })).rejects.toMatchObject({ code: 'sets.not_itemized' });
    await expect(removeMembers.run(context(), { set: 'rule', ids: ['a'] })).rejects.toMatchObject({ code: 'sets.not_itemized' });
    await expect(addMembers.run(context(), { set: 'team' })).rejects.toMatchObject({ code: 'sets.list_count' });
  });

  it('are given as SQL for the day that a filter calls today', async () => {
    await test.db.pool.query(sql`update users set expiry_date = '2027-01-01' where primary_id = 'a'`);
    const { id } = await createSet.run(context(), parseInput(createSet.input, { name: 'expired', where: 'expiry_date < today' }));
    const set = await findSet(test.db.pool, id);
    const on = async (today: string) => (await test.db.pool.query(memberIdsSql(set, today))).rows;
    expect(await on('2027-01-01')).toEqual([]);
    expect(await on('2027-01-02')).toEqual([{ user_id: idOf('a') }]);
  });

  it('go when a user is erased', async () => {
    await addUser(test.db, 'leaver');
    await createSet.run(context(), parseInput(createSet.input, { name: 'leavers', ids: ['leaver', 'a'] }));
    await test.db.pool.query(sql`delete from users where primary_id = 'leaver'`);
    expect(await showSet.run(context(), { set: 'leavers' })).toMatchObject({ members: 1 });
  });
});

describe('changing and deleting a set', () => {
  it('renames, describes, opens, and takes a new filter', async () => {
    const { id } = await createSet.run(context(), parseInput(createSet.input, { name: 'old', where: 'everyone', description: 'first' }));
    expect(await updateSet.run(context(), { set: 'old', name: 'New', where: 'primary_id = "b"' })).toEqual({ id, name: 'New' });
    expect(await showSet.run(context(), { set: id })).toMatchObject({
      name: 'New',
      description: 'first',
      private: true,
      members: 1,
      where: 'primary_id = "b"',
    });
    await updateSet.run(context(), { set: id, description: '', private: false });
    expect(await showSet.run(context(), { set: id })).toMatchObject({ description: null, private: false });
    // Its own name in other capitals is no collision.
    expect(await updateSet.run(context(), { set: id, name: 'NEW' })).toMatchObject({ name: 'NEW' });
    await expect(updateSet.run(context(), { set: id, name: 'ABC' })).rejects.toMatchObject({ code: 'sets.name_taken' });
    await expect(updateSet.run(context(), { set: 'abc', where: 'everyone' })).rejects.toMatchObject({ code: 'sets.not_logical' });
  });

  it('is for the owner and the administrator', async () => {
    await createSet.run(context('olga'), parseInput(createSet.input, { name: 'shared', where: 'everyone', private: false }));
    await expect(updateSet.run(context('paul'), { set: 'shared', private: true })).rejects.toMatchObject({
      code: 'sets.not_yours',
      params: { owner: 'olga' },
    });
    await expect(deleteSet.run(context('paul'), { set: 'shared' })).rejects.toMatchObject({ code: 'sets.not_yours' });
    await deleteSet.run(context('olga'), { set: 'shared' });
    await expect(findSet(test.db.pool, 'shared')).rejects.toMatchObject({ code: 'sets.not_found' });
  });

  it('is refused while a schedule or a run that has not frozen its members needs the set', async () => {
    const { id } = await make('needed', 'ab');
    await test.db.pool.query(
      sql`insert into schedules (name, set_id, plan, cron, owner) values ('Every night', ${id}::bigint, '{}', '0 3 * * *', 'x')`,
    );
    await expect(deleteSet.run(context(), { set: id })).rejects.toMatchObject({
      code: 'sets.in_use',
      params: { schedule: 'Every night' },
    });
    await test.db.pool.query(sql`delete from schedules`);
    const run = await insertRun('QUEUED', id);
    await expect(deleteSet.run(context(), { set: id })).rejects.toMatchObject({ code: 'sets.needed_by_run', params: { run } });
    await test.db.pool.query(sql`update runs set state = 'RUNNING' where id = ${run}::bigint`);
    expect(await deleteSet.run(context(), { set: id })).toEqual({ id, name: 'needed' });
    const { rows } = await test.db.pool.query(sql`select r.set_id from runs r where r.id = ${run}::bigint`);
    expect(rows).toEqual([{ set_id: null }]);
  });
});

async function insertRun(state: string, setId: number | null = null): Promise<number> {
  const { rows } = await test.db.pool.query<{ id: number }>(sql`
    insert into runs (kind, name, state, plan, set_id, today, created_by)
    values ('job', 'x', ${state}::text, '{}', ${setId}::bigint, '2026-11-24', 'x') returning id`);
  return rows[0]?.id ?? 0;
}

describe('a set from a run', () => {
  it('has the users of one outcome; unchanged are only those whom the run came to', async () => {
    const run = await insertRun('USER_ABORTED');
    const sorted = letters.map(idOf);
    await test.db.pool.query(sql`
      insert into run_chunks (run_id, no, first_user, last_user, members, user_ids, state) values
        (${run}::bigint, 1, ${idOf('a')}::bigint, ${idOf('d')}::bigint, 4, ${sorted.slice(0, 4)}::bigint[], 'done'),
        (${run}::bigint, 2, ${idOf('e')}::bigint, ${idOf('f')}::bigint, 2, ${sorted.slice(4)}::bigint[], 'open')`);
    // The second row of one user is the password that the sender set; 0 was erased since.
    await test.db.pool.query(sql`
      insert into journal (run_id, user_id, diff)
      select ${run}::bigint, j.id, '{}'::jsonb from unnest(${[idOf('a'), idOf('a'), 999_999]}::bigint[]) as j (id)`);
    await test.db.pool.query(sql`
      insert into run_outcomes (run_id, user_id, outcome, reason) values
        (${run}::bigint, ${idOf('b')}::bigint, 'failed', 'x'), (${run}::bigint, ${idOf('c')}::bigint, 'skipped', 'x')`);
    const outcomes = ['changed', 'unchanged', 'skipped', 'failed', 'conflict'] as const;
    const found: Record<string, string> = {};
    for (const outcome of outcomes) {
      const set = await createSetFromRun.run(context(), parseInput(createSetFromRun.input, { run, outcome, name: `run ${outcome}` }));
      found[outcome] = await membersOf(set.id);
      expect(set.members).toBe(found[outcome]?.length);
    }
    expect(found).toEqual({ changed: 'a', unchanged: 'd', skipped: 'c', failed: 'b', conflict: '' });
    const same = await createSet.run(context(), parseInput(createSet.input, { name: 'the failed', run: { id: run, outcome: 'failed' } }));
    expect(await membersOf(same.id)).toBe('b');
  });

  it('needs a run', async () => {
    const input = parseInput(createSetFromRun.input, { run: 424_242, outcome: 'failed', name: 'none' });
    await expect(createSetFromRun.run(context(), input)).rejects.toMatchObject({ code: 'sets.run_not_found' });
  });
});

describe('finding a set', () => {
  it('goes by name first, then by number', async () => {
    const { id } = await make('numbered', 'a');
    const other = await make(String(id), 'b');
    expect((await findSet(test.db.pool, String(id))).id).toBe(other.id);
    expect((await findSet(test.db.pool, ' NUMBERED ')).id).toBe(id);
    for (const name of ['nothing', 'a\0b', '\ud800', '99999999999999999999']) {
      await expect(findSet(test.db.pool, name)).rejects.toMatchObject({ code: 'sets.not_found' });
    }
  });
});
