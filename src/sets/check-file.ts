import { AppError, type Context, count, operation, type Queryable } from '../core/index.ts';
import sql from 'sql-template-tag';
import { z } from 'zod';
import { openRecordFile } from './files/open-file.ts';
import type { RecordFile } from './files/file-record.ts';
import { findIdColumn, readIdentifierTypes } from './identifier-types.ts';
import { loadIdentifiers, readHeader } from './load-identifiers.ts';
import { countMatchedUsers, matchListed, UNUSED_LINES } from './match-identifiers.ts';
import { fileLineSchema } from './show-sets.ts';
import { fileColumn } from './write-set.ts';

/** Values of a column that are shown, so that one knows it again. */
const SHOWN_VALUES = 3;
/** Columns that are told; a list of people has fewer. */
const SHOWN_COLUMNS = 100;
/** Lines that are told; all of them are counted. */
const SHOWN_LINES = 200;
const LONGEST_VALUE = 60;

const fileCheckedSchema = z
  .object({
    columns: z.array(
      z.object({
        column: fileColumn,
        heading: z.string().nullable().describe('null: the file has no header'),
        values: z.array(z.string()).describe('The first few'),
        identifier: z.boolean().describe('Its heading is known as an identifier'),
      }),
    ),
    column: fileColumn.describe('The one with the identifiers'),
    by: z.string().describe('`any` identifier, `primary_id`, or the code of the type that they are looked up by'),
    identifiers: count,
    members: count.describe('Users that a set of it would have'),
    not_found: count,
    duplicates: count,
    ambiguous: count,
    lines: z.array(fileLineSchema).describe('The first lines that would bring nobody'),
  })
  .describe('`members + not_found + duplicates + ambiguous` is `identifiers`');
export type FileChecked = z.output<typeof fileCheckedSchema>;

export const checkFile = operation({
  name: 'set.check_file',
  summary: {
    en: 'Look up a file of identifiers without making a set of it: whom it finds, and which lines bring nobody',
    de: 'Eine Datei mit Kennungen prüfen, ohne ein Set anzulegen: wen sie findet und welche Zeilen niemanden bringen',
  },
  privilege: 'sets:write',
  input: z.strictObject({
    /** A list of identifiers: plain lines, CSV, TSV or XLSX. */
    file: z.string().min(1),
    /** Number of the column that has the identifiers, from 1; without one, the headings decide. */
    column: fileColumn.optional(),
    /** Code or label of an identifier type, or `primary_id`: look the identifiers up by this alone. */
    idType: z.string().min(1).optional(),
  }),
  output: fileCheckedSchema,
  audit: (_, output) => ({
    entity: 'set',
    id: null,
    detail: { identifiers: output?.identifiers ?? null, members: output?.members ?? null },
  }),
  run: (ctx: Context, input): Promise<FileChecked> =>
    ctx.db.transaction(async (tx) => {
      const file = await openRecordFile(input.file);
      const first = await firstRecords(file, SHOWN_VALUES + 1);
      const [header] = first;
      if (header === undefined) throw new AppError('sets.file_empty', { file: input.file });
      const list = await readHeader(tx, header, input.idType, input.column);
      const matching = await loadIdentifiers(ctx, tx, { file: input.file, column: input.column }, input.idType);
      const counts = await matchListed(tx, matching);
      const members = await countMatchedUsers(tx);
      const types = await readIdentifierTypes(tx);
      const values = list.headed ? first.slice(1) : first.slice(0, SHOWN_VALUES);
      return {
        columns: header.slice(0, SHOWN_COLUMNS).map((heading, index) => ({
          column: index + 1,
          heading: list.headed ? heading : null,
          values: values.map((record) => (record[index] ?? '').slice(0, LONGEST_VALUE)).filter((value) => value !== ''),
          identifier: list.headed && findIdColumn([heading], types, undefined) !== undefined,
        })),
        column: list.index + 1,
        by: matching.by === 'type' ? matching.type : matching.by,
        identifiers: counts.rows,
        members,
        not_found: counts.not_found,
        duplicates: counts.found - members,
        ambiguous: counts.ambiguous,
        lines: await unusedLines(tx),
      };
    }),
});

async function firstRecords(file: RecordFile, wanted: number): Promise<string[][]> {
  const records: string[][] = [];
  for await (const _ of file.read((record) => {
    if (records.length < wanted) records.push(record.texts());
  })) {
    if (records.length >= wanted) break;
  }
  return records;
}

async function unusedLines(tx: Queryable): Promise<z.output<typeof fileLineSchema>[]> {
  const { rows } = await tx.query<z.output<typeof fileLineSchema>>(sql`${UNUSED_LINES} order by l.line limit ${SHOWN_LINES}::integer`);
  return rows;
}
