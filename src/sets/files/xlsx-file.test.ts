import { describe, expect, it } from 'vitest';
import { useFiles } from '../../../test/support/sets.ts';
import { type Cell, xlsxOf, type XlsxOptions } from '../../../test/support/xlsx.ts';
import { zipOf } from '../../../test/support/zip.ts';
import { openRecordFile } from './open-file.ts';

const file = useFiles();

interface Read {
  readonly line: number;
  readonly fields: readonly string[];
}

async function read(content: Buffer): Promise<Read[]> {
  const found: Read[] = [];
  const source = await openRecordFile(file('list.xlsx', content));
  for await (const _ of source.read((record) => {
    found.push({ line: record.line, fields: record.texts() });
  })) {
    // Records are what counts here.
  }
  return found;
}

const readRows = (rows: readonly (readonly Cell[])[], options?: XlsxOptions) => read(xlsxOf(rows, options));
const number = (value: string, style = 0): Cell => ({ attributes: `s="${style}"`, inside: `<v>${value}</v>` });

const sheetOf = (inside: string): Buffer =>
  xlsxOf([], {
    parts: [{ name: 'xl/worksheets/sheet1.xml', content: `<worksheet><sheetData>${inside}</sheetData></worksheet>` }],
  });

describe('an XLSX file', () => {
  it('gives the rows of its first sheet, with texts as they are and blank rows left out', async () => {
    expect(await readRows([['Primary ID', 'Name'], [' 007 ', 'Müller & Söhne'], [], ['00008']])).toEqual([
      { line: 1, fields: ['Primary ID', 'Name'] },
      { line: 2, fields: ['007', 'Müller & Söhne'] },
      { line: 4, fields: ['00008'] },
    ]);
  });

  it('reads numbers as their format shows them: padded, whole, as days', async () => {
    const styles =
      '<numFmts><numFmt numFmtId="164" formatCode="0000000000"/><numFmt numFmtId="165" formatCode="[$-407]dd/mm/yyyy"/></numFmts>' +
      '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/><xf numFmtId="165"/></cellXfs>';
    const rows = [
      [number('22457'), number('22457', 1), number('46295', 2), number('46295.5', 3), number('1.2345678901E+10'), number('12.5')],
    ];
    expect(await readRows(rows, { styles })).toEqual([
      { line: 1, fields: ['22457', '0000022457', '2026-09-30', '2026-09-30T12:00:00', '12345678901', '12.5'] },
    ]);
    expect(await readRows([[number('44833', 2)]], { styles, date1904: true })).toEqual([{ line: 1, fields: ['2026-09-30'] }]);
  });

  it('reads inline texts, formulas, rich text without phonetic hints, and cells that skip columns', async () => {
    const inside =
      '<row r="3"><c r="B3" t="inlineStr"><is><r><t>ab</t></r><r><t>c</t></r><rPh><t>no</t></rPh></is></c>' +
      '<c r="D3" t="str"><f>A1&amp;"x"</f><v>0042</v></c><c r="E3" t="b"><v>1</v></c></row>';
    expect(await read(sheetOf(inside))).toEqual([{ line: 3, fields: ['', 'abc', '', '0042', 'TRUE'] }]);
  });

  it('reads a sheet whose rows and cells tell no place, in a namespace with a prefix', async () => {
    const content =
      '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>' +
      '<x:row><x:c t="inlineStr"><x:is><x:t>a</x:t></x:is></x:c><x:c><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>';
    expect(await read(xlsxOf([], { parts: [{ name: 'xl/worksheets/sheet1.xml', content }] }))).toEqual([{ line: 1, fields: ['a', '1'] }]);
  });

  it.each([
    ['a zip that is no workbook', zipOf([{ name: 'content.xml', content: '<a/>' }])],
    ['a workbook that is cut off', xlsxOf([['a']]).subarray(0, 300)],
    ['XML that is cut off', sheetOf('<row r="1"><c r="A1"><v>1</v>')],
    [
      'a document type definition',
      xlsxOf([], {
        parts: [{ name: 'xl/worksheets/sheet1.xml', content: '<!DOCTYPE a [<!ENTITY b "c">]><worksheet>&b;</worksheet>' }],
      }),
    ],
    ['a shared string that is not there', sheetOf('<row r="1"><c r="A1" t="s"><v>9</v></c></row>')],
    ['rows that go backwards', sheetOf('<row r="2"><c><v>1</v></c></row><row r="2"><c><v>2</v></c></row>')],
    [
      'bytes that are not UTF-8',
      xlsxOf([], {
        parts: [{ name: 'xl/worksheets/sheet1.xml', content: Buffer.from('<worksheet>\xff</worksheet>', 'latin1') }],
      }),
    ],
  ])('refuses %s', async (_, content) => {
    await expect(read(content)).rejects.toMatchObject({ code: 'sets.xlsx_broken' });
  });

  it('refuses an old or locked Excel file', async () => {
    await expect(read(Buffer.from('d0cf11e0a1b11ae1', 'hex'))).rejects.toMatchObject({ code: 'sets.file_old_excel' });
  });
});

describe('an XLSX file that is larger inside than outside', () => {
  const MIB = 1024 * 1024;
  const bomb = (content: Buffer, claimedSize?: number): Buffer =>
    xlsxOf([], { parts: [{ name: 'xl/worksheets/sheet1.xml', content, ...(claimedSize !== undefined && { claimedSize }) }] });

  it.each([
    ['one text', Buffer.concat([Buffer.from('<worksheet><v>'), Buffer.alloc(64 * MIB, 'a')])],
    ['one comment', Buffer.concat([Buffer.from('<worksheet><!--'), Buffer.alloc(64 * MIB, 'a')])],
    ['one attribute', Buffer.concat([Buffer.from('<worksheet a="'), Buffer.alloc(64 * MIB, 'a')])],
    ['elements within elements', Buffer.from('<a>'.repeat(4 * MIB))],
    ['one row', Buffer.from(`<worksheet><row>${'<c/>'.repeat(4 * MIB)}`)],
    ['one cell of many texts', Buffer.from(`<worksheet><row><c t="inlineStr"><is>${'<t>aaaaaaaa</t>'.repeat(MIB)}`)],
  ])('ends at a limit: %s', async (_, content) => {
    const packed = bomb(content);
    const before = process.memoryUsage().rss;
    await expect(read(packed)).rejects.toMatchObject({ code: 'sets.xlsx_too_large' });
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * MIB);
  });

  it('does not believe the size that the archive claims', async () => {
    await expect(read(bomb(Buffer.alloc(8 * MIB, ' '), 10))).rejects.toMatchObject({ code: 'sets.xlsx_broken' });
  });

  it('limits the shared strings, which have to be kept', async () => {
    const text = 'a'.repeat(30_000);
    const content = Buffer.from(`<sst>${`<si><t>${text}</t></si>`.repeat(2500)}</sst>`);
    const packed = xlsxOf([], { parts: [{ name: 'xl/sharedStrings.xml', content }] });
    await expect(read(packed)).rejects.toMatchObject({ code: 'sets.xlsx_too_large' });
  });
});
