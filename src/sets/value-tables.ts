import path from 'node:path';
import { AppError, type Context, count, id, operation, type Queryable } from '../core/index.ts';
import type { PoolClient } from 'pg';
import sql from 'sql-template-tag';
import { z } from 'zod';
import { CopyText, copyField } from './copy-text.ts';
import { type FileRecord, firstRecord } from './files/file-record.ts';
import { openRecordFile } from './files/open-file.ts';
import { findIdColumn, type IdColumn, matchingOf, readIdentifierTypes } from './identifier-types.ts';
import { copyRecords, createListed } from './load-identifiers.ts';
import { matchListed } from './match-identifiers.ts';

/** Identifiers that are listed in the answer; all of them are counted. */
const LISTED = 1000;

const unmatchedLineSchema = z.object({ line: id, value: z.string() });
export type UnmatchedLine = z.output<typeof unmatchedLineSchema>;

const valuesUploadedSchema = z.object({
  id,
  name: z.string(),
  rows: count.describe('Users who have a row'),
  columns: z.array(z.string()),
  not_found: z.array(unmatchedLineSchema).describe('The first thousand, by line'),
  not_found_count: count,
  ambiguous: z.array(unmatchedLineSchema),
  ambiguous_count: count,
});
export type ValuesUploaded = z.output<typeof valuesUploadedSchema>;

export const uploadValues = operation({
  name: 'values.upload',
  summary: {
    en: 'Upload a table of values, one row per user, for a plan to take columns from',
    de: 'Eine Wertetabelle mit einer Zeile je Benutzer hochladen, aus der ein Plan Spalten nehmen kann',
  },
  privilege: 'jobs:run',
  input: z.strictObject({
    /** CSV, TSV or XLSX whose first line names the columns; one of them is an identifier. */
    file: z.string().min(1),
    name: z.string().trim().min(1).max(120).optional(),
    /** Code or label of an identifier type, or `primary_id`: look users up by this alone. */
    idType: z.string().min(1).optional(),
  }),
  output: valuesUploadedSchema,
  audit: (input, output) => ({
    entity: 'values',
    id: output?.id ?? null,
    detail: { file: path.basename(input.file), rows: output?.rows ?? null },
  }),
  run: (ctx: Context, input): Promise<ValuesUploaded> =>
    ctx.db.transaction(async (tx) => {
      const file = await openRecordFile(input.file);
      const header = await firstRecord(file);
      if (header === undefined) throw new AppError('sets.file_empty', { file: input.file });
      const types = await readIdentifierTypes(tx);
      const wanted = matchingOf(input.idType, types);
      const idColumn = findIdColumn(header, types, wanted);
      const columns = valueColumns(input.file, header, idColumn);
      const writer = new ValueWriter(input.file, header.length, idColumn?.index ?? 0, columns);
      await createListed(tx);
      await copyRecords(ctx, tx, { file, copy: writer.copy, headed: true, columns: 'line, value, data' }, (record) => writer.write(record));
      const counts = await matchListed(tx, wanted ?? idColumn?.matching ?? { by: 'any' });
      await refuseDuplicates(tx, input.file);
      const name = input.name ?? path.basename(input.file);
      const names = columns.map((column) => column.name);
      const id = await insertTable(tx, name, names, ctx.actor.name);
      return {
        id,
        name,
        rows: await insertRows(tx, id),
        columns: names,
        not_found: await unmatched(tx, 'not_found'),
        not_found_count: counts.not_found,
        ambiguous: await unmatched(tx, 'ambiguous'),
        ambiguous_count: counts.ambiguous,
      };
    }),
});

interface ValueColumn {
  readonly index: number;
  readonly name: string;
}

/** The named columns beside the identifier's; a column without a heading is left out. */
function valueColumns(file: string, header: readonly string[], idColumn: IdColumn | undefined): readonly ValueColumn[] {
  const found = header.filter((name) => name !== '').join(', ') || '–';
  if (idColumn === undefined) throw new AppError('sets.values_no_id_column', { file, columns: found });
  const columns = header.map((name, index) => ({ index, name })).filter((column) => column.name !== '' && column.index !== idColumn.index);
  if (columns.length === 0) throw new AppError('sets.values_no_columns', { file, columns: found });
  const seen = new Set<string>();
  for (const { name } of columns) {
    if (seen.has(name.toLowerCase())) throw new AppError('sets.values_column_twice', { file, column: name });
    seen.add(name.toLowerCase());
  }
  return columns;
}

/** Writes a record as its line, its identifier, and its values as a JSON object; empty cells are not in it. */
class ValueWriter {
  readonly copy = new CopyText();
  readonly #file: string;
  readonly #width: number;
  readonly #idIndex: number;
  readonly #columns: readonly { readonly index: number; readonly key: string }[];

  constructor(file: string, width: number, idIndex: number, columns: readonly ValueColumn[]) {
    this.#file = file;
    this.#width = width;
    this.#idIndex = idIndex;
    this.#columns = columns.map(({ index, name }) => ({ index, key: JSON.stringify(name) }));
  }

  write(record: FileRecord): void {
    for (let index = this.#width; index < record.count; index += 1) {
      if (record.text(index) === '') continue;
      throw new AppError('sets.values_too_many_fields', {
        file: this.#file,
        line: record.line,
        found: record.count,
        expected: this.#width,
      });
    }
    const cells: string[] = [];
    for (const { index, key } of this.#columns) {
      const value = record.text(index);
      if (value !== '') cells.push(`${key}:${JSON.stringify(value)}`);
    }
    this.copy.number(record.line).separator();
    copyField(this.copy, record, this.#idIndex);
    this.copy
      .separator()
      .text(`{${cells.join(',')}}`)
      .endRow();
  }
}

async function refuseDuplicates(tx: Queryable, file: string): Promise<void> {
  const { rows } = await tx.query<{ first: number; second: number; value: string; count: number }>(sql`
    select d.lines[1] as first, d.lines[2] as second, d.value, count(*) over () as count
    from (
      select array_agg(m.line order by m.line) as lines, (array_agg(m.value order by m.line))[2] as value
      from matched m where m.first_user = m.last_user
      group by m.first_user having count(*) > 1
    ) d
    order by d.lines[1] limit 1`);
  const [twice] = rows;
  if (twice !== undefined) throw new AppError('sets.values_duplicate', { file, ...twice });
}

async function insertTable(tx: PoolClient, name: string, columns: readonly string[], by: string): Promise<number> {
  const { rows } = await tx.query<{ id: number }>(sql`
    insert into value_tables (name, columns, created_by) values (${name}::text, ${columns}::text[], ${by}::text) returning id`);
  const [row] = rows;
  if (row === undefined) throw new Error('An insert returns its row.');
  return row.id;
}

async function insertRows(tx: Queryable, tableId: number): Promise<number> {
  const { rowCount } = await tx.query(sql`
    insert into value_rows (table_id, user_id, line, data)
    select ${tableId}::bigint, m.first_user, l.line, l.data::jsonb
    from matched m join listed l on l.line = m.line
    where m.first_user = m.last_user
    order by m.first_user`);
  return rowCount ?? 0;
}

async function unmatched(tx: Queryable, reason: 'not_found' | 'ambiguous'): Promise<UnmatchedLine[]> {
  const { rows } = await tx.query<UnmatchedLine>(sql`
    select m.line, left(m.value, 255) as value from matched m
    where ${reason === 'not_found' ? sql`m.first_user is null` : sql`m.first_user <> m.last_user`}
    order by m.line limit ${LISTED}::integer`);
  return rows;
}

/** An uploaded table of values; its rows stand in `value_rows` (`data`: column → text, empty cells left out). */
export interface ValueTable {
  readonly id: number;
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: number;
  readonly created_at: string;
  readonly created_by: string;
}

export async function valueTable(db: Queryable, id: number): Promise<ValueTable> {
  const { rows } = await db.query<ValueTable>(sql`
    select t.id, t.name, t.columns, t.created_at, t.created_by,
      (select count(*) from value_rows r where r.table_id = t.id) as rows
    from value_tables t where t.id = ${id}::bigint`);
  const [table] = rows;
  if (table === undefined) throw new AppError('sets.values_not_found', { id });
  return table;
}
