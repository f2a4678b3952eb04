import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import sql from 'sql-template-tag';
import { z } from 'zod';
import { AppError, type Context, count, operation } from '../../core/index.ts';
import { AUDIT_COLUMNS, auditFilter, type AuditFilter, auditWhere } from './search-audit.ts';

const PAGE = 2_000;
const COLUMNS = [
  'at',
  'actor',
  'source',
  'operation',
  'entity',
  'entity_id',
  'outcome',
  'detail',
  'key_id',
  'address',
  'request_id',
] as const;

export const exportAudit = operation({
  name: 'audit.export',
  summary: {
    en: 'Writes entries of the audit into a CSV file, oldest first',
    de: 'Schreibt Einträge des Protokolls in eine CSV-Datei, die ältesten zuerst',
  },
  privilege: 'audit:read',
  input: z.strictObject({ ...auditFilter, file: z.string().min(1).describe('Path of the file; it appears when it is complete') }),
  output: z.object({ entries: count, file: z.string() }),
  audit: (input, output) => ({
    entity: 'audit',
    id: null,
    detail: { entries: output?.entries ?? null, from: input.from ?? null, to: input.to ?? null },
  }),
  run: async (ctx, input) => {
    const part = `${input.file}.part`;
    let entries = 0;
    const rows = Readable.from(rowsOf(ctx, input, () => (entries += 1)));
    // A cell that a spreadsheet would calculate gets an apostrophe in front.
    const csv = stringify({ header: true, columns: [...COLUMNS], bom: true, escape_formulas: true, record_delimiter: '\r\n' });
    try {
      await pipeline(rows, csv, createWriteStream(part, { mode: 0o600 }));
      await rename(part, input.file);
    } catch (error) {
      await rm(part, { force: true });
      if (!(error instanceof Error && 'syscall' in error && 'code' in error)) throw error;
      throw new AppError('audit.file_unwritable', { file: input.file, reason: String(error.code) }, { cause: error });
    }
    return { entries, file: input.file };
  },
});

type Row = Readonly<Record<(typeof COLUMNS)[number], unknown>> & { readonly id: number; readonly at: string };

/** Page by page along the key, up to the newest entry of when it began: its own comes after. */
async function* rowsOf(ctx: Context, filter: AuditFilter, counted: () => void): AsyncGenerator<unknown[], void, undefined> {
  const where = auditWhere(filter, ctx.timeZone);
  const newest = await ctx.db.pool.query<{ id: number | null }>('select max(a.id) as id from audit a');
  let after = { at: '-infinity', id: 0 };
  for (;;) {
    const { rows } = await ctx.db.pool.query<Row>(sql`
      select ${AUDIT_COLUMNS} from audit a
      where ${where} and a.id <= ${newest.rows[0]?.id ?? 0}::bigint and (a.at, a.id) > (${after.at}::timestamptz, ${after.id}::bigint)
      order by a.at, a.id limit ${PAGE}::integer`);
    for (const row of rows) {
      counted();
      yield COLUMNS.map((column) => cell(row[column]));
    }
    const last = rows.at(-1);
    if (rows.length < PAGE || last === undefined) return;
    after = { at: last.at, id: last.id };
  }
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
