/** Rows of a CSV file, read by a mapping into what the merge takes. */
import { CsvError, parse } from 'csv-parse/sync';
import { AppError } from '../core/index.ts';
import type { Segment, Slot, StagedRow, StagedValue } from '../changes/index.ts';
import { type ChildTable, childTable, type Field, type ScalarName, scalar } from '../users/index.ts';
import { REFUSED, type RecordCheck, shown } from './check-record.ts';
import { type RawRecord, rawRecords } from './csv-lines.ts';
import { dateReader } from './dates.ts';
import { checkContradictions, defaultOf, type ReadRecord, segmentOf } from './from-alma.ts';
import { RECORD_LIMIT } from './limits.ts';
import { columnsRead, type Mapping, type MappingRows, PACKED, type Source } from './mapping.ts';

export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
  readonly mark?: string;
}

/** What is said of a record before it is taken apart: null: it is passed over; else what its row is marked with. */
export type Look = (record: string, line: number, header: string) => string | null;

/** Header first, then the data rows that are not passed over; empty lines never come. Throws `feeds.csv_broken`, `feeds.record_too_long`. */
export async function* csvRows(text: AsyncIterable<string>, delimiter: string, look?: Look): AsyncGenerator<CsvRow, void, undefined> {
  let header: string | undefined;
  for await (const records of rawRecords(text)) {
    const wanted: (RawRecord & { readonly mark?: string })[] = [];
    for (const record of records) {
      const mark = header === undefined ? undefined : look?.(record.text, record.line, header);
      header ??= record.text;
      if (mark !== null) wanted.push(mark === undefined ? record : { ...record, mark });
    }
    if (wanted.length === 0) continue;
    for (const [i, cells] of cellsOf(wanted, delimiter).entries()) {
      const { line = 0, mark } = wanted[i] ?? {};
      yield mark === undefined ? { line, cells } : { line, cells, mark };
    }
  }
}

function cellsOf(records: readonly RawRecord[], delimiter: string): readonly (readonly string[])[] {
  const options = { delimiter, record_delimiter: '\n', relax_column_count: true, max_record_size: RECORD_LIMIT };
  try {
    return parse(records.map((record) => record.text).join('\n'), options);
  } catch (error) {
    throw csvProblem(error, records);
  }
}

function csvProblem(error: unknown, records: readonly RawRecord[]): unknown {
  if (!(error instanceof CsvError)) return error;
  const taken = 'records' in error && typeof error.records === 'number' ? error.records : 0;
  const line = records[taken]?.line ?? 1;
  if (error.code === 'CSV_MAX_RECORD_SIZE') return new AppError('feeds.record_too_long', { line, limit: RECORD_LIMIT }, { cause: error });
  const reasons: Readonly<Record<string, string>> = {
    CSV_QUOTE_NOT_CLOSED: 'a quotation mark is opened and never closed',
    CSV_INVALID_CLOSING_QUOTE: 'something follows a closing quotation mark',
    INVALID_OPENING_QUOTE: 'a quotation mark stands inside a field',
  };
  // The library's own words quote the row; the code says the same without anybody's data.
  return new AppError('feeds.csv_broken', { line, reason: reasons[error.code] ?? error.code }, { cause: error });
}

/** The delimiter that divides the first line into the most columns. */
export function guessDelimiter(head: string): string {
  const first = head.slice(0, head.search(/[\r\n]|$/)).replace(/"[^"]*"/g, '');
  const counted = [',', ';', '\t'].map((d) => ({ d, n: first.split(d).length }));
  return counted.reduce((best, each) => (each.n > best.n ? each : best)).d;
}

interface Cell {
  readonly index: number;
  readonly column: string;
  readonly read: (text: string) => string;
  readonly clear: boolean;
}

interface RowPlan {
  readonly rows: MappingRows;
  readonly table: ChildTable;
  readonly from: readonly (readonly [Field | 'segment', Cell])[];
  readonly packed: Cell | undefined;
  readonly clear: boolean;
}

/** A mapping bound to a file's header. */
export class CsvReader {
  readonly mapping: Mapping;
  readonly #fields: readonly (readonly [string, Cell])[];
  readonly #rows: readonly RowPlan[];
  readonly #width: number;
  readonly #translate: (table: string, label: string) => string | undefined;
  /** Columns that neither the mapping reads nor its `ignore` names. */
  readonly unread: readonly string[];

  /** Throws `feeds.columns_missing` and `feeds.columns_twice`. */
  constructor(mapping: Mapping, header: readonly string[], codeOfLabel: (table: string, label: string) => string | undefined) {
    this.mapping = mapping;
    this.#translate = codeOfLabel;
    const names = header.map((name) => name.trim());
    const read = columnsRead(mapping);
    const missing = read.filter((column) => !names.includes(column));
    if (missing.length > 0) {
      const found = shown(names.join(', ')).slice(0, 200);
      throw new AppError('feeds.columns_missing', { mapping: mapping.name, missing: missing.join(', '), found });
    }
    const twice = read.filter((column) => names.indexOf(column) !== names.lastIndexOf(column));
    if (twice.length > 0) throw new AppError('feeds.columns_twice', { columns: twice.join(', ') });
    this.#width = names.length;
    this.unread = names.filter((name) => name !== '' && !read.includes(name) && !mapping.ignore.includes(name));
    const cell = (given: Source, field: Field | undefined) => this.#cell(given, field, names);
    this.#fields = Object.entries(mapping.fields).map(([name, given]) => [name, cell(given, scalar(name))]);
    this.#rows = mapping.rows.map((rows) => {
      const table = childTable(rows.row);
      if (table === undefined) throw new Error(`The mapping was not checked: ${rows.row}`);
      const from = Object.entries(rows.from ?? {}).map(([name, given]) => {
        const field = table.fields.find((f) => f.name === name);
        return [field ?? ('segment' as const), cell(given, field)] as const;
      });
      return {
        rows,
        table,
        from,
        packed: rows.packed === undefined ? undefined : cell(rows.packed.column, undefined),
        clear: rows.empty === 'clear',
      };
    });
  }

  #cell(given: Source, field: Field | undefined, names: readonly string[]): Cell {
    const full = typeof given === 'string' ? { column: given } : given;
    const dates = full.date === undefined ? undefined : dateReader(full.date);
    const table = field?.codeTable;
    const read = (text: string): string => {
      const translated = full.codes !== undefined && Object.hasOwn(full.codes, text) ? (full.codes[text] ?? text) : text;
      const coded = full.by_label === true && table !== undefined ? (this.#translate(table, translated) ?? translated) : translated;
      return dates?.(coded) ?? coded;
    };
    return { index: names.indexOf(full.column), column: full.column, read, clear: full.empty === 'clear' };
  }

  /** Parts of the child tables that the mapping's rows stand for. */
  slots(): readonly Slot[] {
    return this.#rows.map(({ rows, table }) => ({
      table: table.table,
      where: Object.fromEntries(
        Object.entries(rows.with ?? {}).flatMap(([name, value]): [string, string | string[]][] => {
          const field = table.fields.find((f) => f.name === name);
          if (field?.type === 'code') return [[name, String(value)]];
          return field?.type === 'codes' && Array.isArray(value) ? [[name, value]] : [];
        }),
      ),
    }));
  }

  /** Where in the file a field of the record, or an identifier of a type, comes from. */
  columnOf(field: string, identifierType?: string): string {
    if (identifierType === undefined) return this.#fields.find(([name]) => name === field)?.[1].column ?? field;
    const plans = this.#rows.filter((r) => r.table.table === 'user_identifiers');
    const plan =
      plans.find((r) => r.rows.with?.['type'] === identifierType) ??
      plans.find((r) => r.packed !== undefined || r.rows.with?.['type'] === undefined);
    return plan?.packed?.column ?? plan?.from.find(([f]) => f !== 'segment' && f.name === 'value')?.[1].column ?? field;
  }

  read(row: CsvRow, check: RecordCheck): ReadRecord {
    const record: ReadRecord = { fields: {}, forNew: {}, lists: {}, slots: 0 };
    if (row.cells.length !== this.#width) {
      check.problem('', 'feeds.column_count', { found: row.cells.length, expected: this.#width });
      return record;
    }
    this.#constants(this.mapping.constants, record.fields, check);
    this.#constants(this.mapping.new_users, record.forNew, check);
    for (const [name, cell] of this.#fields) this.#field(record, name, cell, row, check);
    for (const [i, plan] of this.#rows.entries()) this.#list(record, plan, i, row, check);
    for (const { table } of this.#rows) checkContradictions({ table }, record.lists[table.table] ?? [], table.table, check);
    return record;
  }

  #constants(constants: Mapping['constants'], target: ReadRecord['fields'], check: RecordCheck): void {
    for (const [name, constant] of Object.entries(constants)) {
      const field = scalar(name);
      if (field === undefined) continue;
      const value = check.value(field, constant, name);
      if (value !== REFUSED) target[name as ScalarName] = value; // `scalar` knows it
    }
  }

  #text(cell: Cell, row: CsvRow): string {
    let text = row.cells[cell.index] ?? '';
    if (this.mapping.formulas_escaped) text = withoutApostrophe(text);
    return this.mapping.trim ? text.trim() : text;
  }

  #field(record: ReadRecord, name: string, cell: Cell, row: CsvRow, check: RecordCheck): void {
    const text = this.#text(cell, row);
    const field = scalar(name);
    if (field === undefined) {
      if (text.includes('\0')) check.problem(cell.column, 'feeds.bad_characters', { what: { text: 'feeds.word_nul' } });
      else if (text.length > 255) check.problem(cell.column, 'feeds.too_long', { value: '…', length: text.length, max: 255 });
      else if (text !== '' && name === 'password') record.password = text;
      else if (text !== '') record.pin = text;
      return;
    }
    const value = check.value(field, cell.read(text), cell.column);
    if (value === REFUSED) return;
    const key = field.name as ScalarName; // `scalar` knows it
    if (value !== null) record.fields[key] = value;
    else if (name === 'primary_id' && this.mapping.match === 'primary_id') check.problem(cell.column, 'feeds.required');
    else if (cell.clear && field.required !== true) record.fields[key] = null;
  }

  #list(record: ReadRecord, plan: RowPlan, slot: number, row: CsvRow, check: RecordCheck): void {
    const rows = plan.packed === undefined ? this.#fromColumns(plan, row, check) : this.#unpack(plan, plan.packed, row, check);
    if (rows.length === 0 && !plan.clear) return;
    record.slots = (record.slots ?? 0) + 2 ** slot;
    const list = record.lists[plan.table.table];
    if (list === undefined) record.lists[plan.table.table] = rows;
    else list.push(...rows);
  }

  #fromColumns(plan: RowPlan, row: CsvRow, check: RecordCheck): StagedRow[] {
    const texts = plan.from.map(([field, cell]) => [field, cell, this.#text(cell, row)] as const);
    if (texts.every(([, , text]) => text === '')) return [];
    const cells = texts.map(([field, cell, text]) => ({ field, value: cell.read(text), place: cell.column }));
    const made = this.#row(plan, cells, check);
    return made === undefined ? [] : [made];
  }

  #unpack(plan: RowPlan, cell: Cell, row: CsvRow, check: RecordCheck): StagedRow[] {
    const packed = plan.rows.packed;
    const text = this.#text(cell, row);
    if (packed === undefined || text.trim() === '') return [];
    const rows: StagedRow[] = [];
    for (const part of split(text, packed.rows, packed.escape)) {
      if (part.trim() === '') continue;
      const parts = split(part, packed.parts, packed.escape);
      if (parts.length !== packed.fields.length) {
        check.problem(cell.column, 'feeds.packed_parts', { value: shown(part), found: parts.length, expected: packed.fields.length });
        continue;
      }
      const cells = packed.fields.flatMap((name, i) => {
        if (name === null) return [];
        const field = plan.table.fields.find((f) => f.name === name) ?? ('segment' as const);
        return [{ field, value: this.#part(packed, name, field, parts[i] ?? ''), place: cell.column }];
      });
      const made = this.#row(plan, cells, check);
      if (made !== undefined) rows.push(made);
    }
    return rows;
  }

  #part(packed: NonNullable<MappingRows['packed']>, name: string, field: Field | 'segment', raw: string): unknown {
    const codes = packed.codes?.[name];
    const whole = this.mapping.trim ? unescape(raw, packed.escape).trim() : unescape(raw, packed.escape);
    const translate = (text: string): string => {
      const translated = codes !== undefined && Object.hasOwn(codes, text) ? (codes[text] ?? text) : text;
      const table = field === 'segment' ? undefined : field.codeTable;
      return packed.by_label?.includes(name) === true && table !== undefined
        ? (this.#translate(table, translated) ?? translated)
        : translated;
    };
    if (field === 'segment' || field.type !== 'codes') return translate(whole);
    if (whole === '') return [];
    // A translation is of the whole part: names of types may have commas.
    if (codes !== undefined && Object.hasOwn(codes, whole)) return [translate(whole)];
    return split(raw, PACKED.items, packed.escape).map((item) => translate(unescape(item, packed.escape)));
  }

  #row(
    plan: RowPlan,
    cells: readonly { field: Field | 'segment'; value: unknown; place: string }[],
    check: RecordCheck,
  ): StagedRow | undefined {
    const before = check.problems.length;
    const values: Record<string, StagedValue> = {};
    let segment: Segment | undefined;
    const place = cells[0]?.place ?? plan.table.name;
    const all = [
      ...Object.entries(plan.rows.with ?? {}).map(([name, value]) => ({
        field: plan.table.fields.find((f) => f.name === name) ?? ('segment' as const),
        value: value as unknown,
        place,
      })),
      ...cells,
    ];
    for (const { field, value, place: at } of all) {
      if (field === 'segment') {
        segment = segmentOf(value, at, check);
        continue;
      }
      const checked = check.value(
        field,
        field.type === 'codes' && typeof value === 'string' ? split(value, PACKED.items).filter((v) => v !== '') : value,
        at,
      );
      if (checked !== REFUSED) values[field.name] = checked;
    }
    for (const field of plan.table.fields) {
      values[field.name] ??= defaultOf({ table: plan.table }, field.name) ?? (field.type === 'codes' || field.type === 'json' ? [] : null);
      if (values[field.name] === null && field.required && field.name !== 'created_at' && check.problems.length === before) {
        check.problem(place, 'feeds.required');
      }
    }
    return check.problems.length > before ? undefined : { values, ...(segment === undefined ? {} : { segment }) };
  }
}

/** Parts between separators; what is escaped stays escaped. */
function split(text: string, separator: string, escape?: string): string[] {
  if (escape === undefined || !text.includes(escape)) return text.split(separator);
  const parts: string[] = [];
  let start = 0;
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] === escape) i += 1;
    else if (text[i] === separator) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

function unescape(text: string, escape?: string): string {
  if (escape === undefined || !text.includes(escape)) return text;
  let plain = '';
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] === escape && i + 1 < text.length) i += 1;
    plain += text[i] ?? '';
  }
  return plain;
}

/** What a spreadsheet takes for a formula, apostrophes before it included (CWE-1236, OWASP "CSV Injection"). */
const FORMULA = /^'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/** A cell that no spreadsheet runs: an apostrophe goes in front of what looks like a formula. */
export function withApostrophe(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

/** Takes off what `withApostrophe` put in front. */
export function withoutApostrophe(text: string): string {
  return text.startsWith("'") && FORMULA.test(text) ? text.slice(1) : text;
}
