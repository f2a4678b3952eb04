/** Users as the text of a file, in batches by id: Alma JSON, Alma XML, or our own CSV (which `users import` reads back). */
import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify/sync';
import sql, { type Sql } from 'sql-template-tag';
import { AppError, type Context } from '../core/index.ts';
import {
  CHILD_TABLES,
  type ChildTable,
  readRecords,
  recordFor,
  type RecordRow,
  SCALARS,
  type ScalarField,
  type UserRecord,
} from '../users/index.ts';
import { XML_END, XML_START, xmlOfAlma } from './alma-xml.ts';
import { withApostrophe } from './csv-records.ts';
import { columnsOf, importable, PACKED } from './mapping.ts';
import { almaLabels, toAlma } from './to-alma.ts';

export const EXPORT_FORMATS = ['alma-json', 'alma-xml', 'csv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

const BATCH = 500;

/** Writes the users (rows of `user_id`) to a file, and says how many they were. Throws `feeds.file_unwritable`. */
export async function writeUsers(ctx: Context, members: Sql, format: ExportFormat, file: string): Promise<number> {
  let users = 0;
  const text = exportText(ctx, members, format, () => {
    users += 1;
  });
  await writeWhole(Readable.from(text), file);
  return users;
}

/** A device or a pipe is written to as it is; a file appears when it is complete. Throws `feeds.file_unwritable`. */
export async function writeWhole(content: Readable, file: string): Promise<void> {
  const direct = await isDevice(file);
  const target = direct ? file : `${file}.part`;
  try {
    await pipeline(content, createWriteStream(target, { mode: 0o600 }));
    if (!direct) await rename(target, file);
  } catch (error) {
    if (!direct) await rm(target, { force: true });
    throw writeProblem(error, file);
  }
}

function writeProblem(error: unknown, file: string): unknown {
  if (!(error instanceof Error && 'syscall' in error && 'code' in error)) return error;
  return new AppError('feeds.file_unwritable', { file, reason: String(error.code) }, { cause: error });
}

async function isDevice(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  return found !== undefined && !found.isFile();
}

async function* exportText(ctx: Context, members: Sql, format: ExportFormat, counted: () => void): AsyncGenerator<string, void, undefined> {
  const labels = await almaLabels(ctx.db.pool);
  let count = 0;
  // Excel takes a CSV without the mark for Windows-1252.
  yield format === 'alma-json' ? '{"user":[\n' : format === 'alma-xml' ? XML_START : `\uFEFF${line(CSV_HEADER)}`;
  for await (const whole of recordsOf(ctx, members)) {
    const record = recordFor(ctx.actor, whole);
    if (format === 'csv') yield line(csvCells(record));
    else if (format === 'alma-xml') yield xmlOfAlma(toAlma(record, labels));
    else yield `${count === 0 ? '' : ',\n'}${JSON.stringify(toAlma(record, labels))}`;
    count += 1;
    counted();
  }
  yield format === 'alma-json' ? `\n],"total_record_count":${count}}\n` : format === 'alma-xml' ? XML_END : '';
}

/**
 * Who belongs to the export is settled once, by one statement; the records are then read batch by
 * batch. Users who are erased meanwhile are left out.
 */
async function* recordsOf(ctx: Context, members: Sql): AsyncGenerator<UserRecord, void, undefined> {
  const client = await ctx.db.pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('drop table if exists export_members');
    await client.query(sql`create temp table export_members as select distinct m.user_id from (${members}) m`);
    await client.query('alter table export_members add primary key (user_id)');
    const total = (await client.query<{ total: number }>('select count(*) as total from export_members')).rows[0]?.total ?? 0;
    let after = 0;
    for (let done = 0; ; ) {
      const { rows } = await client.query<{ user_id: number }>(sql`
        select m.user_id from export_members m where m.user_id > ${after}::bigint order by m.user_id limit ${BATCH}::integer`);
      const last = rows.at(-1);
      if (last === undefined) break;
      yield* await readRecords(
        client,
        rows.map((r) => r.user_id),
      );
      after = last.user_id;
      done += rows.length;
      ctx.onProgress?.({ stage: 'export', done, total });
    }
    await client.query('drop table export_members');
  } catch (error) {
    broken = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    client.release(broken);
  }
}

const CSV_FIELDS = (SCALARS as readonly ScalarField[]).filter(importable);
const CSV_HEADER = [...CSV_FIELDS.map((f) => f.name), ...CHILD_TABLES.map((t) => t.table)];

function csvCells(record: UserRecord): string[] {
  return [
    ...CSV_FIELDS.map((f) => plain(record.fields[f.name as keyof UserRecord['fields']])),
    ...(CHILD_TABLES as readonly ChildTable[]).map((t) => record.rows[t.table].map((row) => packed(t, row)).join(PACKED.rows)),
  ].map(withApostrophe);
}

function packed(table: ChildTable, row: RecordRow): string {
  return columnsOf(table)
    .map((name) => {
      const value = row[name];
      return Array.isArray(value) && name !== 'parameters'
        ? value.map((v) => escaped(String(v))).join(PACKED.items)
        : escaped(plain(value));
    })
    .join(PACKED.parts);
}

function escaped(text: string): string {
  return text.replace(/[\\|;,]/g, (c) => `${PACKED.escape}${c}`);
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function line(cells: readonly string[]): string {
  return stringify([[...cells]], { record_delimiter: '\r\n' });
}
