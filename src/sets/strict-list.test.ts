import { beforeAll, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { addUser, contextOf } from '../../test/support/sets.ts';
import { parseInput } from '../core/index.ts';
import { addMembers, createSet, listMembers, listSets, removeMembers, replaceMembers } from './index.ts';

const test = useTestDatabase();
const ctx = () => contextOf(test.db);

beforeAll(async () => {
  for (const letter of ['a', 'b', 'c', 'd'])
    await addUser(test.db, letter, [
      ['BARCODE', `B-${letter}`],
      ['HOUSEHOLD', 'shared'],
    ]);
});

let made = 0;
async function make(members: string, strict?: boolean): Promise<number> {
  made += 1;
  const input = parseInput(createSet.input, { name: `list ${made}`, ids: members.split(''), ...(strict === undefined ? {} : { strict }) });
  return (await createSet.run(ctx(), input)).id;
}

async function membersOf(set: number): Promise<string> {
  return (await listMembers.run(ctx(), { set, limit: 100, after: 0 })).members.map((member) => member.primary_id).join('');
}

describe('a strict list', () => {
  it('is taken whole', async () => {
    const set = await make('ab', true);
    expect(await addMembers.run(ctx(), { set, ids: ['C'], strict: true })).toMatchObject({ added: 1, members: 3 });
    expect(await removeMembers.run(ctx(), { set, ids: ['b-a'], strict: true })).toMatchObject({ removed: 1, members: 2 });
    expect(await replaceMembers.run(ctx(), { set, ids: ['a', 'b', 'd'], strict: true })).toMatchObject({
      added: 2,
      removed: 1,
      members: 3,
    });
    expect(await membersOf(set)).toBe('abd');
  });

  it.each([
    ['somebody who is not there', addMembers, ['c', 'x', 'y'], 'sets.ids_not_found', 'x, y'],
    ['an identifier that several have', addMembers, ['c', 'shared'], 'sets.ids_ambiguous', 'shared'],
    ['the same person twice', addMembers, ['c', 'B-c'], 'sets.ids_twice', 'B-c'],
    ['who is a member already', addMembers, ['c', 'a'], 'sets.ids_already_members', 'a'],
    ['who is no member', removeMembers, ['a', 'c'], 'sets.ids_no_members', 'c'],
    ['of a replacement who is not there', replaceMembers, ['c', 'x'], 'sets.ids_not_found', 'x'],
  ])('is refused whole for %s', async (_, operation, ids, code, named) => {
    const set = await make('ab');
    await expect(operation.run(ctx(), { set, ids, strict: true })).rejects.toMatchObject({ code, params: { ids: named } });
    expect(await membersOf(set)).toBe('ab');
  });

  it('makes no set when it is refused, and names ten of many', async () => {
    const before = (await listSets.run(ctx(), { mine: false })).total;
    const ids = Array.from({ length: 12 }, (_, i) => `x${i}`);
    await expect(createSet.run(ctx(), parseInput(createSet.input, { name: 'none', ids, strict: true }))).rejects.toMatchObject({
      params: { count: 12, ids: 'x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, …' },
    });
    expect((await listSets.run(ctx(), { mine: false })).total).toBe(before);
  });

  it('need not be one: what leads to nobody is passed over', async () => {
    const set = await make('ab');
    expect(await replaceMembers.run(ctx(), { set, ids: ['b', 'c', 'c', 'x'] })).toMatchObject({
      added: 1,
      removed: 1,
      members: 2,
      not_found: 1,
      duplicates: 1,
    });
    expect(await membersOf(set)).toBe('bc');
  });
});

describe('lists by place', () => {
  it('say how many there are in all', async () => {
    const set = await make('abcd');
    const page = await listMembers.run(ctx(), { set, limit: 2, after: 0, offset: 1, counted: true });
    expect([page.members.map((member) => member.primary_id), page.total]).toEqual([['b', 'c'], 4]);
    await createSet.run(ctx(), parseInput(createSet.input, { name: 'Paged logical', where: 'everyone' }));
    const sets = await listSets.run(ctx(), { mine: false, name: 'list', kind: 'itemized', limit: 1, offset: 1 });
    expect(sets.sets.map((each) => each.name)).toEqual(['list 2']);
    expect(sets.total).toBe(made);
    expect(await listSets.run(ctx(), { mine: false, kind: 'logical' })).toMatchObject({ total: 1, sets: [{ members: null }] });
    expect(await listSets.run(ctx(), { mine: false, owner: 'nobody' })).toEqual({ total: 0, sets: [] });
  });
});
