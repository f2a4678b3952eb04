import { type ZipPart, zipOf } from './zip.ts';

/** A cell: a shared string, or the raw attributes and inside of a `<c>` element. */
export type Cell = string | { readonly attributes: string; readonly inside: string };

export interface XlsxOptions {
  /** Inside of `<styleSheet>`. */
  readonly styles?: string;
  readonly date1904?: boolean;
  /** Parts that stand in place of those of the same name. */
  readonly parts?: readonly ZipPart[];
}

/** A workbook with one sheet, laid out as spreadsheet programs do it. */
export function xlsxOf(rows: readonly (readonly Cell[])[], options: XlsxOptions = {}): Buffer {
  const strings: string[] = [];
  const sheet = rows
    .map((cells, row) => {
      const inside = cells.map((cell, column) => {
        const place = `${String.fromCharCode(65 + column)}${row + 1}`;
        if (typeof cell !== 'string') return `<c r="${place}" ${cell.attributes}>${cell.inside}</c>`;
        strings.push(`<si><t xml:space="preserve">${escapeXml(cell)}</t></si>`);
        return `<c r="${place}" t="s"><v>${strings.length - 1}</v></c>`;
      });
      return `<row r="${row + 1}">${inside.join('')}</row>`;
    })
    .join('');
  const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
  const relationships = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const parts: ZipPart[] = [
    {
      name: 'xl/workbook.xml',
      content: `<workbook ${main} xmlns:r="${relationships}"><workbookPr date1904="${options.date1904 ?? false}"/><sheets><sheet name="Users" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      content: `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${relationships}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    },
    { name: 'xl/styles.xml', content: `<styleSheet ${main}>${options.styles ?? ''}</styleSheet>` },
    { name: 'xl/sharedStrings.xml', content: `<sst ${main}>${strings.join('')}</sst>` },
    { name: 'xl/worksheets/sheet1.xml', content: `<worksheet ${main}><sheetData>${sheet}</sheetData></worksheet>` },
  ];
  const given = options.parts ?? [];
  return zipOf([...parts.filter((part) => given.every((other) => other.name !== part.name)), ...given]);
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
