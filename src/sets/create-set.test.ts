import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import sql from 'sql-template-tag';
import { beforeAll, describe, expect, it } from 'vitest';
import { forEachEngine, useTestDatabase } from '../../test/support/database.ts';
import { addUser, contextOf, staff, useFiles } from '../../test/support/sets.ts';
import { xlsxOf } from '../../test/support/xlsx.ts';
import { parseInput } from '../core/index.ts';
import { createSet, listFileLines, listMembers, listSets, type SetCreated, showSet } from './index.ts';

const file = useFiles();

const FOLIO_BARCODES = path.resolve(import.meta.dirname, '../../../shared/data/folio-barcodes-1000.csv');

forEachEngine((engine) => {
  const test = useTestDatabase(engine);
  let sets = 0;

  /** Makes a set with a name of its own. */
  function create(input: Readonly<Record<string, unknown>>, actor = contextOf(test.db).actor): Promise<SetCreated> {
    sets += 1;
    return createSet.run(contextOf(test.db, actor), parseInput(createSet.input, { name: `set ${sets}`, ...input }));
  }

  async function idsOf(set: SetCreated): Promise<string[]> {
    const page = await listMembers.run(contextOf(test.db), { set: set.id, limit: 1000, after: 0 });
    return page.members.map((member) => member.primary_id).sort();
  }

  async function linesOf(set: SetCreated): Promise<string[]> {
    const page = await listFileLines.run(contextOf(test.db), { set: set.id, limit: 1000, after: 0 });
    return page.lines.map(({ line, value, reason }) => `${line} ${value} ${reason}`);
  }

  beforeAll(async () => {
    await addUser(test.db, 'Anna', [
      ['BARCODE', '0001'],
      ['UNIV_ID', 'ä-1'],
    ]);
    await addUser(test.db, 'berta@example.org', [
      ['BARCODE', '0002'],
      ['HOUSEHOLD', 'H1'],
    ]);
    await addUser(test.db, 'carl', [
      ['BARCODE', '0003'],
      ['HOUSEHOLD', 'H1'],
      ['HOUSEHOLD', 'H2'],
    ]);
    await addUser(test.db, 'dora, d.', [
      ['INST_ID', 'tab\tid'],
      ['OTHER_ID_1', 'back\\slash\\n'],
    ]);
    await addUser(test.db, '中文', [['BARCODE', '0005']]);
  });

  describe('a set from a file', () => {
    it('takes any identifier, whatever its capitals, and keeps the lines that brought nobody', async () => {
      const set = await create({
        file: file('ids.txt', '\ufeffANNA\r\n  0002 \r\n\r\nnobody\r\nBERTA@example.org\r\nh2\r\nH1\r\n中文\r\n0001'),
      });
      expect(set).toMatchObject({ kind: 'itemized', members: 4, not_found: 1, duplicates: 2, ambiguous: 1 });
      expect(await idsOf(set)).toEqual(['Anna', 'berta@example.org', 'carl', '中文'].sort());
      expect(await linesOf(set)).toEqual(['4 nobody not_found', '5 BERTA@example.org duplicate', '7 H1 ambiguous', '9 0001 duplicate']);
    });

    it.each([
      ['lines', 'Anna\ncarl\n'],
      ['lines with a header', 'USERNAME\nAnna\ncarl\n'],
      ['quoted lines', '"Anna"\n"carl"\n'],
      ['a quoted header', '"User name"\r\n"Anna"\r\n"carl"\r\n'],
      ['commas, the id first and no header', 'Anna,Meyer\ncarl,Schmidt\n'],
      ['semicolons, the id column named', 'Name;Primary ID\n"Meyer; A.";Anna\nSchmidt;carl\n'],
      ['tabs, the id column named in German', 'Name\tBenutzername\nMeyer\tAnna\nSchmidt\tcarl\n'],
      ['several identifier columns, the leftmost counts', 'primary_id,Barcode\nAnna,0002\ncarl,0002\n'],
      ['a barcode column', 'Barcode\n0001\n0003\n'],
      ['a type by its label in German', 'Ausweisnummer\n0001\n0003\n'],
      ['old line ends', 'Anna\rcarl\r'],
    ])('reads %s', async (_, content) => {
      const set = await create({ file: file('ids.csv', content) });
      expect(set).toMatchObject({ members: 2, not_found: 0, duplicates: 0, ambiguous: 0 });
      expect(await idsOf(set)).toEqual(['Anna', 'carl']);
    });

    it('reads the first sheet of a workbook', async () => {
      const set = await create({
        file: file(
          'ids.xlsx',
          xlsxOf([
            ['Name', 'Barcode'],
            ['Meyer', '0001'],
            ['Schmidt', '0003'],
            ['X', '0009'],
          ]),
        ),
      });
      expect(set).toMatchObject({ members: 2, not_found: 1 });
      expect(await linesOf(set)).toEqual(['4 0009 not_found']);
    });

    it('finds identifiers with commas, tabs and backslashes in them', async () => {
      const set = await create({ file: file('ids.csv', '"dora, d.",1\n"tab\tid",2\nback\\slash\\n,3\n') });
      expect(set).toMatchObject({ members: 1, duplicates: 2, not_found: 0 });
    });

    it('composes characters before it compares', async () => {
      expect(await create({ file: file('ids.txt', 'A\u0308-1\n') })).toMatchObject({ members: 1 });
    });

    it('looks up by one type alone when the header or the caller names it', async () => {
      expect(await create({ file: file('ids.csv', 'Barcode\nAnna\n0002\n') })).toMatchObject({ members: 1, not_found: 1 });
      expect(await create({ file: file('ids.csv', 'Anna\n0002\n'), idType: 'BARCODE' })).toMatchObject({
        members: 1,
        not_found: 1,
      });
      expect(await create({ file: file('ids.csv', 'Anna\n0002\n'), idType: 'primary id' })).toMatchObject({
        members: 1,
        not_found: 1,
      });
      expect(await create({ file: file('ids.csv', 'User name,Barcode\nAnna,0002\n'), idType: 'barcode' })).toMatchObject({
        members: 1,
      });
      await expect(create({ file: file('ids.csv', 'Anna\n'), idType: 'PASSPORT' })).rejects.toMatchObject({
        code: 'sets.id_type_unknown',
      });
    });

    it('takes a first line such as 01 for a heading only when no user has that identifier', async () => {
      await addUser(test.db, 'emil', [['01', '777']]);
      expect(await create({ file: file('ids.txt', '01\n777\nAnna\n') })).toMatchObject({ members: 1, not_found: 1 });
      await addUser(test.db, 'fritz', [['BARCODE', '02']]);
      expect(await create({ file: file('ids.txt', '02\n777\nAnna\n') })).toMatchObject({ members: 3, not_found: 0 });
    });

    it('is the same set whatever the order of the file', async () => {
      const values = ['Anna', '0001', 'ä-1', '0002', 'carl', 'H1', 'h2', 'nobody', 'Nobody', '中文', 'dora, d.', 'x\\y'];
      await fc.assert(
        fc.asyncProperty(
          fc.shuffledSubarray(values, { minLength: 1 }),
          fc.constantFrom('\n', '\r\n'),
          fc.boolean(),
          async (list, end, quoted) => {
            const write = (order: readonly string[]): string =>
              order.map((value) => (quoted || value.includes(',') ? `"${value}"` : value)).join(end);
            const one = await create({ file: file('ids.txt', write(list)) });
            const other = await create({ file: file('ids.txt', write([...list].sort())) });
            const { id: _, name: __, ...counts } = one;
            expect(other).toMatchObject(counts);
            expect(await idsOf(other)).toEqual(await idsOf(one));
            expect(one.members + one.not_found + one.duplicates + one.ambiguous).toBe(list.length);
          },
        ),
        { numRuns: 25 },
      );
    });

    it.skipIf(!existsSync(FOLIO_BARCODES))('reads a thousand quoted barcodes (skipped where the sample data is not there)', async () => {
      const barcodes = (await readFile(FOLIO_BARCODES, 'utf8')).split('\n').flatMap((line) => line.replaceAll('"', '') || []);
      await test.db.transaction(async (tx) => {
        await tx.query(sql`insert into users (primary_id) select 'folio ' || b.value from unnest(${barcodes}::text[]) as b (value)`);
        await tx.query(sql`
          insert into user_identifiers (user_id, type, value)
          select u.id, 'BARCODE', substr(u.primary_id, 7) from users u where starts_with(u.primary_id, 'folio ')`);
      });
      expect(await create({ file: FOLIO_BARCODES })).toMatchObject({
        members: 1000,
        not_found: 0,
        duplicates: 0,
        ambiguous: 0,
      });
    });

    it.each([
      ['Windows-1252', Buffer.from('Anna\nM\xfcller\n', 'latin1'), { code: 'sets.file_encoding', params: { line: 2 } }],
      ['UTF-16', Buffer.from('\ufeffAnna\n', 'utf16le'), { code: 'sets.file_utf16' }],
      ['NUL bytes', Buffer.from('Anna\n\0\n'), { code: 'sets.file_nul', params: { line: 2 } }],
      [
        'a line of many megabytes',
        Buffer.concat([Buffer.from('Anna\n'), Buffer.alloc(8 * 1024 * 1024, 'a')]),
        { code: 'sets.line_too_long', params: { line: 2 } },
      ],
      ['a quotation mark that stays open', Buffer.from('Anna\n"carl\n'), { code: 'sets.quote_not_closed', params: { line: 2 } }],
      ['nothing', Buffer.from('\ufeff \r\n\r\n'), { code: 'sets.file_empty' }],
      ['a header and nothing else', Buffer.from('USERNAME\n'), { code: 'sets.file_empty' }],
    ])('refuses %s and leaves no set behind', async (_, content, error) => {
      const name = `refused ${sets}`;
      await expect(create({ name, file: file('ids.txt', content) })).rejects.toMatchObject(error);
      await expect(showSet.run(contextOf(test.db), { set: name })).rejects.toMatchObject({ code: 'sets.not_found' });
      // The connection is whole: the next list goes through.
      expect(await create({ file: file('ids.txt', 'Anna\n') })).toMatchObject({ members: 1 });
    });

    it('refuses a file that breaks off late, after much has been sent', async () => {
      const content = Buffer.concat([Buffer.from('nobody\n'.repeat(300_000)), Buffer.from([0xff, 0x0a])]);
      await expect(create({ file: file('ids.txt', content) })).rejects.toMatchObject({
        code: 'sets.file_encoding',
        params: { line: 300_001 },
      });
      expect(await create({ file: file('ids.txt', 'Anna\n') })).toMatchObject({ members: 1 });
    });

    it('refuses a file that is not there, or is a directory', async () => {
      await expect(create({ file: '/nowhere/ids.txt' })).rejects.toMatchObject({ code: 'sets.file_unreadable' });
      await expect(create({ file: import.meta.dirname })).rejects.toMatchObject({ code: 'sets.file_unreadable' });
    });

    it('treats what looks like SQL as a name that nobody has', async () => {
      const set = await create({ file: file('ids.txt', `'; drop table users; --\n\\.\n\\N\n$1\n`) });
      expect(set).toMatchObject({ members: 0, not_found: 4 });
      expect(await linesOf(set)).toContain('2 \\. not_found');
    });
  });

  describe('a set', () => {
    it('from a list of ids counts like a file', async () => {
      const set = await create({ ids: ['Anna', ' 0001', 'nobody', ''] });
      expect(set).toMatchObject({ members: 1, duplicates: 1, not_found: 1 });
      await expect(create({ ids: ['a', '\ud800'] })).rejects.toMatchObject({ code: 'sets.id_invalid', params: { line: 2 } });
    });

    it('from a filter is logical, and itemized when asked', async () => {
      const logical = await create({ where: 'primary_id in ("anna", "carl", "later")' });
      const frozen = await create({ where: 'primary_id in ("anna", "carl", "later")', itemize: true });
      const copied = await create({ fromSet: logical.name });
      expect(logical).toMatchObject({ kind: 'logical', members: 2 });
      expect([frozen, copied]).toMatchObject([
        { kind: 'itemized', members: 2 },
        { kind: 'itemized', members: 2 },
      ]);
      await addUser(test.db, 'later');
      expect(await idsOf(logical)).toEqual(['Anna', 'carl', 'later']);
      expect(await idsOf(frozen)).toEqual(['Anna', 'carl']);
      expect(await showSet.run(contextOf(test.db), { set: logical.id })).toMatchObject({ members: 3, kind: 'logical' });
    });

    it('needs exactly one source', async () => {
      await expect(create({})).rejects.toMatchObject({ code: 'sets.source_count' });
      await expect(create({ ids: ['Anna'], where: 'everyone' })).rejects.toMatchObject({
        code: 'sets.source_count',
        params: { given: 'ids, where' },
      });
    });

    it('has a name that is unique, capitals and outer blanks aside, and of a sensible length', async () => {
      await create({ name: 'Straße Ä', where: 'everyone' });
      await expect(create({ name: '  strAße ä ', where: 'everyone' })).rejects.toMatchObject({ code: 'sets.name_taken' });
      for (const name of ['', '   ', 'x'.repeat(121), 'a\0b', '\ud800']) {
        await expect(async () => create({ name, where: 'everyone' })).rejects.toMatchObject({ code: 'input.invalid' });
      }
      expect(await create({ name: 'x'.repeat(120), where: 'everyone' })).toMatchObject({ kind: 'logical' });
    });

    it('that is private is there for its owner and the administrator alone', async () => {
      const own = await create({ where: 'everyone' }, staff('olga'));
      const open = await create({ where: 'everyone', private: false }, staff('olga'));
      const namesFor = async (name: string): Promise<string[]> => {
        const { sets } = await listSets.run(contextOf(test.db, staff(name)), { mine: false });
        return sets.map((set) => set.name);
      };
      expect(await namesFor('olga')).toEqual(expect.arrayContaining([own.name, open.name]));
      expect(await namesFor('paul')).toContain(open.name);
      expect(await namesFor('paul')).not.toContain(own.name);
      await expect(showSet.run(contextOf(test.db, staff('paul')), { set: own.id })).rejects.toMatchObject({
        code: 'sets.not_found',
      });
      expect(await showSet.run(contextOf(test.db), { set: own.name })).toMatchObject({
        id: own.id,
        owner: 'olga',
        private: true,
      });
      const mine = await listSets.run(contextOf(test.db, staff('olga')), { mine: true, search: own.name.toUpperCase() });
      expect(mine.sets.map((set) => set.name)).toEqual([own.name]);
    });
  });
});
