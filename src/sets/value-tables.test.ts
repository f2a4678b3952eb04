import sql from 'sql-template-tag';
import { beforeAll, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { addUser, contextOf, useFiles } from '../../test/support/sets.ts';
import { xlsxOf } from '../../test/support/xlsx.ts';
import { parseInput } from '../core/index.ts';
import { uploadValues, valueTable, type ValuesUploaded } from './index.ts';

const test = useTestDatabase();
const file = useFiles();

beforeAll(async () => {
  await addUser(test.db, 'anna', [['BARCODE', '0001']]);
  await addUser(test.db, 'berta', [
    ['BARCODE', '0002'],
    ['HOUSEHOLD', 'H1'],
  ]);
  await addUser(test.db, 'carl', [['HOUSEHOLD', 'H1']]);
});

function upload(name: string, content: string | Buffer, more: Readonly<Record<string, unknown>> = {}): Promise<ValuesUploaded> {
  return uploadValues.run(contextOf(test.db), parseInput(uploadValues.input, { file: file(name, content), ...more }));
}

async function rowsOf(table: ValuesUploaded): Promise<unknown> {
  const { rows } = await test.db.pool.query(sql`
    select u.primary_id, r.line, r.data from value_rows r join users u on u.id = r.user_id
    where r.table_id = ${table.id}::bigint order by u.primary_id`);
  return rows;
}

describe('a table of values', () => {
  it('is matched by identifier, wherever its column and its row stand', async () => {
    const table = await upload('values.csv', 'Group;Barcode;Note;\nA;0002;"two\nlines; \\n";\n;nobody;x;\nB;0001;;\n', {
      name: 'autumn',
    });
    expect(table).toMatchObject({ name: 'autumn', rows: 2, columns: ['Group', 'Note'], not_found_count: 1, ambiguous_count: 0 });
    expect(table.not_found).toEqual([{ line: 4, value: 'nobody' }]);
    expect(await rowsOf(table)).toEqual([
      { primary_id: 'anna', line: 5, data: { Group: 'B' } },
      { primary_id: 'berta', line: 2, data: { Group: 'A', Note: 'two\nlines; \\n' } },
    ]);
    expect(await valueTable(test.db.pool, table.id)).toMatchObject({
      name: 'autumn',
      columns: ['Group', 'Note'],
      rows: 2,
      created_by: 'administrator',
    });
  });

  it('comes from a spreadsheet as well, with days as days', async () => {
    const day = { attributes: 's="1"', inside: '<v>46295</v>' };
    const content = xlsxOf(
      [
        ['primary_id', 'expiry'],
        ['anna', day],
      ],
      { styles: '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>' },
    );
    const table = await upload('values.xlsx', content);
    expect(await rowsOf(table)).toEqual([{ primary_id: 'anna', line: 2, data: { expiry: '2026-09-30' } }]);
  });

  it('keeps any column name and any text', async () => {
    const name = '__proto__ "x" \u2028 \\';
    const table = await upload('values.csv', `primary_id,"${name.replaceAll('"', '""')}"\nanna,"=1+1 'x' \u{1F642} \\u0000"\n`);
    expect(table.columns).toEqual([name]);
    const { rows } = await test.db.pool.query(sql`
      select r.data ->> ${name}::text as value from value_rows r where r.table_id = ${table.id}::bigint`);
    expect(rows).toEqual([{ value: "=1+1 'x' \u{1F642} \\u0000" }]);
  });

  it('lists identifiers that lead to several users', async () => {
    const table = await upload('values.csv', 'USERNAME,x\nH1,1\nanna,2\n');
    expect(table).toMatchObject({ rows: 1, ambiguous: [{ line: 2, value: 'H1' }], ambiguous_count: 1 });
  });

  it.each([
    [
      'two rows for one user, by whatever identifiers',
      'USERNAME,x\nanna,1\nberta,1\n0001,2\n',
      { code: 'sets.values_duplicate', params: { first: 2, second: 4, value: '0001', count: 1 } },
    ],
    ['no identifier column', 'name,x\nanna,1\n', { code: 'sets.values_no_id_column', params: { columns: 'name, x' } }],
    ['no column of values', 'USERNAME\nanna\n', { code: 'sets.values_no_columns' }],
    ['a column twice', 'USERNAME,x,X\nanna,1,2\n', { code: 'sets.values_column_twice', params: { column: 'X' } }],
    [
      'more fields than columns',
      'USERNAME,x\nanna,1\nberta,1,2\n',
      { code: 'sets.values_too_many_fields', params: { line: 3, found: 3, expected: 2 } },
    ],
    ['nothing', '', { code: 'sets.file_empty' }],
  ])('is refused whole with %s', async (_, content, error) => {
    const count = async () => (await test.db.pool.query(sql`select count(*) as tables from value_tables`)).rows[0];
    const before = await count();
    await expect(upload('values.csv', content)).rejects.toMatchObject(error);
    expect(await count()).toEqual(before);
  });

  it('that is not there is told', async () => {
    await expect(valueTable(test.db.pool, 424_242)).rejects.toMatchObject({ code: 'sets.values_not_found' });
  });
});
