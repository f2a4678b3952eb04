import { beforeAll, describe, expect, it } from 'vitest';
import { forEachEngine, useTestDatabase } from '../../test/support/database.ts';
import { ADMINISTRATOR, addUser, contextOf, staff, useFiles } from '../../test/support/sets.ts';
import { type Actor, parseInput } from '../core/index.ts';
import { checkFile, combineSets, compareSets, createSet, listMembers, listSets, type SetCreated } from './index.ts';

const file = useFiles();

forEachEngine((engine) => {
  const test = useTestDatabase(engine);
  const ctx = (actor: Actor = ADMINISTRATOR) => contextOf(test.db, actor);
  const create = (input: object, actor?: Actor): Promise<SetCreated> => createSet.run(ctx(actor), parseInput(createSet.input, input));
  const combine = (input: object): Promise<SetCreated> => combineSets.run(ctx(), parseInput(combineSets.input, input));
  const idsOf = async (set: string | number, search?: string): Promise<string[]> => {
    const { members } = await listMembers.run(ctx(), { set, limit: 1000, after: 0, ...(search === undefined ? {} : { search }) });
    return members.map((member) => member.primary_id);
  };

  beforeAll(async () => {
    for (const id of ['a1', 'a2', 'ab1', 'b1', 'b2', 'b3', 'c1', 'abc1']) await addUser(test.db, id, [['BARCODE', `0${id}`]]);
    await test.db.pool.query('select refresh_user_search(array(select u.id from users u))');
    await create({ name: 'A', private: false, ids: ['a1', 'a2', 'ab1', 'abc1'] });
    await create({ name: 'B', private: false, ids: ['b1', 'b2', 'b3', 'ab1', 'abc1'] });
    await create({ name: 'logical A', where: 'primary_id starts with "a"' });
    await create({ name: 'logical 1', where: 'primary_id ends with "1"' });
  });

  describe('comparing sets', () => {
    it('counts every part of the diagram, and shows who is in those asked for', async () => {
      const two = await compareSets.run(ctx(), { sets: ['A', 'B'], parts: [1], limit: 5 });
      expect(two.parts).toEqual([
        { part: 1, users: 2 },
        { part: 2, users: 3 },
        { part: 3, users: 2 },
      ]);
      expect(two.sets.map(({ name, members }) => `${name} ${members}`)).toEqual(['A 4', 'B 5']);
      expect(two.members.map(({ primary_id }) => primary_id)).toEqual(['a1', 'a2']);
    });

    it('counts three, logical ones by their filters', async () => {
      const { parts, sets } = await compareSets.run(ctx(), { sets: ['A', 'B', 'logical 1'], limit: 5 });
      expect(Object.fromEntries(parts.map(({ part, users }) => [part, users]))).toEqual({ 1: 1, 2: 2, 4: 1, 5: 1, 6: 1, 7: 2 });
      expect(sets[2]).toMatchObject({ kind: 'logical', members: 5 });
    });

    it('does not see what is private to somebody else', async () => {
      await create({ name: 'own', ids: ['a1'] }, staff('someone'));
      await expect(compareSets.run(ctx(staff('another')), { sets: ['A', 'own'], limit: 5 })).rejects.toMatchObject({
        code: 'sets.not_found',
      });
      expect((await listSets.run(ctx(), { mine: false, private: true })).sets.map(({ name }) => name)).toContain('own');
      expect((await listSets.run(ctx(), { mine: false, private: false })).sets.map(({ name }) => name)).toEqual(['A', 'B']);
    });
  });

  describe('combining', () => {
    it('takes who is in exactly one', async () => {
      const set = await combine({ name: 'one', operator: 'xor', sets: ['A', 'B'] });
      expect(set).toMatchObject({ kind: 'itemized', members: 5 });
      expect(await idsOf(set.id)).toEqual(['a1', 'a2', 'b1', 'b2', 'b3']);
    });

    it.each(['and', 'or', 'not', 'xor'] as const)('makes by “%s” the same users of a logical set as of a list', async (operator) => {
      const sets = ['logical A', 'logical 1'];
      const listed = await combine({ name: `listed ${operator}`, operator, sets });
      const logical = await combine({ name: `logical ${operator}`, operator, sets, logical: true });
      expect(logical).toMatchObject({ kind: 'logical', members: listed.members });
      expect(await idsOf(logical.id)).toEqual(await idsOf(listed.id));
      expect(listed.members).toBe({ and: 3, or: 6, not: 1, xor: 3 }[operator]);
    });

    it('makes no logical set of a list', async () => {
      const refused = combine({ name: 'no', operator: 'and', sets: ['logical A', 'B'], logical: true });
      await expect(refused).rejects.toMatchObject({ code: 'sets.combine_itemized', params: { set: 'B' } });
    });
  });

  describe('looking at a file', () => {
    const people = file('people.csv', 'Name;Card;Benutzername\nOne;0a1;a1\nTwo;0b1;nobody\nThree;nothing;a1\n');

    it('tells its columns, whom it finds and which lines bring nobody, and makes nothing', async () => {
      const checked = await checkFile.run(ctx(), { file: people });
      expect(checked).toEqual({
        columns: [
          { column: 1, heading: 'Name', values: ['One', 'Two', 'Three'], identifier: false },
          { column: 2, heading: 'Card', values: ['0a1', '0b1', 'nothing'], identifier: false },
          { column: 3, heading: 'Benutzername', values: ['a1', 'nobody', 'a1'], identifier: true },
        ],
        column: 3,
        by: 'any',
        identifiers: 3,
        members: 1,
        not_found: 1,
        duplicates: 1,
        ambiguous: 0,
        lines: [
          { line: 3, value: 'nobody', reason: 'not_found' },
          { line: 4, value: 'a1', reason: 'duplicate' },
        ],
      });
    });

    it('takes another column, and a set made of it has the same', async () => {
      const checked = await checkFile.run(ctx(), { file: people, column: 2 });
      expect(checked).toMatchObject({ column: 2, identifiers: 3, members: 2, lines: [{ line: 4, value: 'nothing', reason: 'not_found' }] });
      const set = await create({ name: 'by card', file: people, column: 2 });
      expect(set).toMatchObject({ members: 2, not_found: 1 });
      expect(await idsOf(set.id)).toEqual(['a1', 'b1']);
      await expect(checkFile.run(ctx(), { file: people, column: 9 })).rejects.toMatchObject({ code: 'sets.no_such_column' });
    });

    it('reads plain lines', async () => {
      const checked = await checkFile.run(ctx(), { file: file('ids.txt', 'a1\nb1\nx\n') });
      expect(checked).toMatchObject({ columns: [{ heading: null, values: ['a1', 'b1', 'x'] }], column: 1, members: 2, not_found: 1 });
    });
  });

  it('finds members by words', async () => {
    expect(await idsOf('B', 'ab1')).toEqual(['ab1']);
    expect(await idsOf('logical 1', '0b1')).toEqual(['b1']);
    expect(await idsOf('B', 'a2')).toEqual([]);
  });
});
