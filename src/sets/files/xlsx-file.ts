import { AppError } from '../../core/index.ts';
import { builtinFormat, type CellFormat, formatOfCode, NUMBER_FORMAT, numberText } from './cell-formats.ts';
import { FileRecord, type OnRecord, type RecordFile } from './file-record.ts';
import { TooLarge, type XmlHandler, ZippedXml } from './zipped-xml.ts';

const MIB = 1024 * 1024;
/** A full sheet of 1,048,576 rows with a few columns is about 200 MiB of XML. */
const MAX_SHEET_BYTES = 1024 * MIB;
const MAX_STRINGS_BYTES = 256 * MIB;
/** Characters of shared strings; the one thing that has to be kept in memory. */
const MAX_STRINGS_LENGTH = 64 * MIB;
const MAX_STRINGS_COUNT = 4_000_000;
const MAX_SMALL_BYTES = 16 * MIB;
const MAX_COLUMNS = 16_384;
const MAX_ROWS = 1_048_576;
const MAX_ROW_LENGTH = MIB;

interface Workbook {
  readonly sheet: string;
  readonly date1904: boolean;
  readonly formats: readonly CellFormat[];
  readonly strings: readonly string[];
}

/** The first sheet of an XLSX workbook, row by row: the sheet is streamed, only its shared strings are kept. */
export class XlsxFile implements RecordFile {
  readonly path: string;
  readonly size: number;
  #workbook: Workbook | undefined;

  constructor(path: string, size: number) {
    this.path = path;
    this.size = size;
  }

  async *read(onRecord: OnRecord): AsyncGenerator<number, void, void> {
    let zip: ZippedXml | undefined;
    try {
      zip = await ZippedXml.open(this.path);
      this.#workbook ??= await readWorkbook(zip);
      yield* zip.stream(this.#workbook.sheet, MAX_SHEET_BYTES, sheetHandler(this.#workbook, onRecord));
    } catch (error) {
      throw this.#explain(error);
    } finally {
      zip?.close();
    }
  }

  #explain(error: unknown): unknown {
    if (error instanceof AppError) return error;
    if (error instanceof TooLarge) {
      return new AppError('sets.xlsx_too_large', { file: this.path, what: error.what, limit: error.limit }, { cause: error });
    }
    const reason = error instanceof Error ? error.message : String(error);
    return new AppError('sets.xlsx_broken', { file: this.path, reason }, { cause: error });
  }
}

async function readWorkbook(zip: ZippedXml): Promise<Workbook> {
  const targets = new Map<string, string>();
  await zip.read(
    'xl/_rels/workbook.xml.rels',
    MAX_SMALL_BYTES,
    onOpen('Relationship', (attributes) => {
      const target = attributes['Target'] ?? '';
      targets.set(attributes['Id'] ?? '', target.startsWith('/') ? target.slice(1) : `xl/${target}`);
    }),
  );
  let sheet: string | undefined;
  let date1904 = false;
  await zip.read('xl/workbook.xml', MAX_SMALL_BYTES, {
    ...IGNORE,
    open: (name, attributes) => {
      if (name === 'workbookPr') date1904 = attributes['date1904'] === '1' || attributes['date1904'] === 'true';
      if (name === 'sheet') sheet ??= targets.get(relationshipOf(attributes));
    },
  });
  if (sheet === undefined) throw new Error('it has no sheet');
  return { sheet, date1904, formats: await readFormats(zip), strings: await readStrings(zip) };
}

/** `r:id`, whatever prefix the writer gave the namespace of relationships. */
function relationshipOf(attributes: Readonly<Record<string, string>>): string {
  const name = Object.keys(attributes).find((key) => key.endsWith(':id'));
  return name === undefined ? '' : (attributes[name] ?? '');
}

async function readFormats(zip: ZippedXml): Promise<CellFormat[]> {
  const formats: CellFormat[] = [];
  if (!zip.has('xl/styles.xml')) return formats;
  const custom = new Map<number, CellFormat>();
  let inCells = false;
  await zip.read('xl/styles.xml', MAX_SMALL_BYTES, {
    ...IGNORE,
    open: (name, attributes) => {
      if (name === 'cellXfs') inCells = true;
      if (name === 'numFmt') custom.set(Number(attributes['numFmtId']), formatOfCode(attributes['formatCode'] ?? ''));
      if (name === 'xf' && inCells) {
        const id = Number(attributes['numFmtId'] ?? 0);
        formats.push(custom.get(id) ?? builtinFormat(id));
      }
    },
    close: (name) => {
      if (name === 'cellXfs') inCells = false;
    },
  });
  return formats;
}

async function readStrings(zip: ZippedXml): Promise<string[]> {
  const strings: string[] = [];
  if (!zip.has('xl/sharedStrings.xml')) return strings;
  let length = 0;
  await zip.read(
    'xl/sharedStrings.xml',
    MAX_STRINGS_BYTES,
    textHandler('si', (text) => {
      length += text.length;
      if (length > MAX_STRINGS_LENGTH) throw new TooLarge('shared strings', `${MAX_STRINGS_LENGTH / MIB} MiB`);
      if (strings.length === MAX_STRINGS_COUNT) throw new TooLarge('shared strings', String(MAX_STRINGS_COUNT));
      strings.push(text);
    }),
  );
  return strings;
}

const IGNORE: XmlHandler = { open: () => undefined, text: () => undefined, close: () => undefined };

function onOpen(element: string, take: (attributes: Readonly<Record<string, string>>) => void): XmlHandler {
  return { ...IGNORE, open: (name, attributes) => (name === element ? take(attributes) : undefined) };
}

/** Gathers the text of each `element`: its `t` parts, without the phonetic ones (`rPh`). */
function textHandler(element: string, take: (text: string) => void): XmlHandler {
  let text = '';
  let reading = false;
  let phonetic = false;
  return {
    open: (name) => {
      if (name === element) text = '';
      if (name === 'rPh') phonetic = true;
      reading = name === 't' && !phonetic;
    },
    text: (part) => {
      if (!reading) return;
      text += part;
      if (text.length > MAX_ROW_LENGTH) throw new TooLarge('text', `${MAX_ROW_LENGTH / MIB} MiB`);
    },
    close: (name) => {
      reading = false;
      if (name === 'rPh') phonetic = false;
      if (name === element) take(text);
    },
  };
}

/** Puts cells together into rows. A cell tells its place (`B7`); where it does not, it follows the one before. */
function sheetHandler(book: Workbook, onRecord: OnRecord): XmlHandler {
  const record = new FileRecord();
  let cells: string[] = [];
  let length = 0;
  let column = -1;
  let type = 'n';
  let format = NUMBER_FORMAT;
  let value = '';
  let reading = false;
  let phonetic = false;

  const finishCell = (): void => {
    const text = cellText(book, type, value, format);
    length += text.length;
    if (length > MAX_ROW_LENGTH) throw new TooLarge('row', `${MAX_ROW_LENGTH / MIB} MiB`);
    while (cells.length < column) cells.push('');
    cells[column] = text;
  };

  return {
    open: (name, attributes) => {
      if (name === 'row') {
        record.line = rowNumber(attributes['r'], record.line);
        cells = [];
        length = 0;
        column = -1;
      } else if (name === 'c') {
        column = columnOf(attributes['r']) ?? column + 1;
        if (column >= MAX_COLUMNS) throw new TooLarge('columns', String(MAX_COLUMNS));
        type = attributes['t'] ?? 'n';
        format = book.formats[Number(attributes['s'] ?? 0)] ?? NUMBER_FORMAT;
        value = '';
      } else if (name === 'rPh') {
        phonetic = true;
      }
      reading = name === 'v' || (name === 't' && !phonetic);
    },
    text: (part) => {
      if (!reading) return;
      value += part;
      if (value.length > MAX_ROW_LENGTH) throw new TooLarge('cell', `${MAX_ROW_LENGTH / MIB} MiB`);
    },
    close: (name) => {
      reading = false;
      if (name === 'rPh') phonetic = false;
      if (name === 'c') finishCell();
      if (name === 'row') emit(record, cells, onRecord);
    },
  };
}

function emit(record: FileRecord, cells: readonly string[], onRecord: OnRecord): void {
  const texts = cells.map((cell) => cell.trim());
  record.bytes = Buffer.from(texts.join(''));
  record.count = 0;
  let at = 0;
  for (const text of texts) {
    const end = at + Buffer.byteLength(text);
    record.addTrimmed(at, end);
    at = end;
  }
  if (!record.blank) onRecord(record);
}

function cellText(book: Workbook, type: string, value: string, format: CellFormat): string {
  switch (type) {
    case 's': {
      const text = book.strings[Number(value)];
      if (text === undefined) throw new Error(`there is no shared string number ${value}`);
      return text;
    }
    case 'n':
      return numberText(value, format, book.date1904);
    case 'b':
      return value === '1' ? 'TRUE' : 'FALSE';
    default:
      // str (a formula's text), inlineStr, d (an ISO date), e (an error such as #N/A): as they stand.
      return value;
  }
}

/** Rows are numbered upwards; one without a number follows the one before. */
function rowNumber(reference: string | undefined, before: number): number {
  if (reference === undefined) return before + 1;
  const row = Number(reference);
  if (!Number.isInteger(row) || row <= before || row > MAX_ROWS) throw new Error(`row ${reference} does not follow row ${before}`);
  return row;
}

/** `AB12` → 27; undefined where the cell tells no place. */
function columnOf(reference: string | undefined): number | undefined {
  const letters = reference === undefined ? null : /^([A-Z]{1,3})\d+$/.exec(reference);
  if (letters === null) return undefined;
  let column = 0;
  for (const letter of letters[1] ?? '') column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}
