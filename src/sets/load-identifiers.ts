import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError, type Context } from '../core/index.ts';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import sql from 'sql-template-tag';
import { CopyText, copyField } from './copy-text.ts';
import { type FileRecord, firstRecord, type RecordFile } from './files/file-record.ts';
import { openRecordFile } from './files/open-file.ts';
import { findIdColumn, type IdColumn, type Matching, matchingOf, readIdentifierTypes } from './identifier-types.ts';

/** Where identifiers come from: a file, or a list given directly (its lines are the places in the list). */
export type IdentifierSource =
  | {
      readonly file: string;
      /** Number of the column with the identifiers, from 1; without one, what the headings say decides. */
      readonly column?: number | undefined;
    }
  | { readonly ids: readonly string[] };

/**
 * Streams identifiers into the temporary table `listed (line, value, data)`, which lives until the
 * transaction ends, and says by what they are to be looked up. One row per identifier, in file order.
 */
export async function loadIdentifiers(
  ctx: Context,
  tx: PoolClient,
  source: IdentifierSource,
  idType: string | undefined,
): Promise<Matching> {
  await createListed(tx);
  if ('ids' in source) return loadIds(tx, source.ids, idType);
  const file = await openRecordFile(source.file);
  const first = await firstRecord(file);
  if (first === undefined) throw new AppError('sets.file_empty', { file: source.file });
  const column = await readHeader(tx, first, idType, source.column);
  if (column.index >= first.length) throw new AppError('sets.no_such_column', { column: column.index + 1, columns: first.length });
  const copy = new CopyText();
  const rows = await copyRecords(ctx, tx, { file, copy, headed: column.headed, columns: 'line, value' }, (record) => {
    copy.number(record.line).separator();
    copyField(copy, record, column.index);
    copy.endRow();
  });
  if (rows === 0) throw new AppError('sets.file_empty', { file: source.file });
  return column.matching;
}

/** No statistics and no index: the one join over it reads it once, and its size is all the planner needs. */
export async function createListed(tx: PoolClient): Promise<void> {
  await tx.query(sql`create temporary table listed (line bigint not null, value text not null, data text) on commit drop`);
}

async function loadIds(tx: PoolClient, ids: readonly string[], idType: string | undefined): Promise<Matching> {
  const values = ids.map((id) => id.trim());
  const bad = values.findIndex((value) => !value.isWellFormed() || value.includes('\0'));
  if (bad !== -1) throw new AppError('sets.id_invalid', { line: bad + 1 });
  await tx.query(sql`
    insert into listed (line, value)
    select l.line, l.value from unnest(${values}::text[]) with ordinality as l (value, line) where l.value <> ''`);
  return matchingOf(idType, await readIdentifierTypes(tx)) ?? { by: 'any' };
}

export interface ListColumn extends IdColumn {
  /** The first record is a header and not an identifier. */
  readonly headed: boolean;
}

/** Which column of a list has the identifiers, by what they are looked up, and whether its first record is a header. */
export async function readHeader(
  tx: PoolClient,
  first: readonly string[],
  idType: string | undefined,
  chosen?: number,
): Promise<ListColumn> {
  const types = await readIdentifierTypes(tx);
  const wanted = matchingOf(idType, types);
  const column = findIdColumn(first, types, wanted);
  if (column === undefined || (await isIdentifier(tx, first[column.index] ?? ''))) {
    return { index: (chosen ?? 1) - 1, matching: wanted ?? { by: 'any' }, headed: false };
  }
  if (chosen === undefined) return { index: column.index, matching: wanted ?? column.matching, headed: true };
  const own = findIdColumn([first[chosen - 1] ?? ''], types, undefined);
  return { index: chosen - 1, matching: wanted ?? own?.matching ?? { by: 'any' }, headed: true };
}

/**
 * Some types have codes such as 01, which could just as well be the first identifier of a list
 * without a header; it is one when a user has it.
 */
async function isIdentifier(tx: PoolClient, value: string): Promise<boolean> {
  if (!/^\d+$/.test(value)) return false;
  const { rowCount } = await tx.query(sql`select from user_keys k where k.key = fold(${value}::text)`);
  return rowCount === 1;
}

interface CopyOrder {
  readonly file: RecordFile;
  /** What `write` writes to. */
  readonly copy: CopyText;
  readonly headed: boolean;
  /** The columns of `listed` that are written. */
  readonly columns: 'line, value' | 'line, value, data';
}

/** Streams a file's records through `write` into `listed`; says how many there were, without the header. */
export async function copyRecords(
  ctx: Context,
  tx: PoolClient,
  { file, copy, headed, columns }: CopyOrder,
  write: (record: FileRecord) => void,
): Promise<number> {
  let records = 0;
  async function* blocks(): AsyncGenerator<Buffer> {
    const reading = file.read((record) => {
      records += 1;
      if (headed && records === 1) return;
      write(record);
    });
    for await (const bytes of reading) {
      ctx.onProgress?.({ stage: 'read', done: Math.min(bytes, file.size), total: file.size });
      yield* copy.take(false);
    }
    yield* copy.take(true);
  }
  const sink = tx.query(copyFrom(`copy listed (${columns}) from stdin`));
  await pipeline(Readable.from(blocks(), { objectMode: false }), sink);
  return headed ? Math.max(0, records - 1) : records;
}
