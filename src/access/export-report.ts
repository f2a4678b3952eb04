/** Who holds what, as one file: for the yearly look at rights that data protection asks for. */
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import { z } from 'zod';
import { AppError, type Context, count, operation } from '../core/index.ts';
import { type HeldRole, reportFilter, reportHolders } from './report.ts';

const PAGE = 1_000;
const COLUMNS = [
  'role',
  'label',
  'scope',
  'status',
  'expiry_date',
  'primary_id',
  'name',
  'user_status',
  'user_expiry_date',
  'in_force',
] as const satisfies readonly (keyof HeldRole)[];

const input = z.strictObject({ ...reportFilter, file: z.string().min(1).describe('Path of the file; it appears when it is complete') });

export const exportHolders = operation({
  name: 'access.report_export',
  summary: { en: 'Writes who holds which roles into a CSV file', de: 'Schreibt in eine CSV-Datei, wer welche Rollen hat' },
  privilege: 'access:read',
  input,
  output: z.object({ roles: count, file: z.string() }),
  audit: (i, output) => ({ entity: 'role', id: i.role ?? null, detail: { exported: output?.roles ?? null } }),
  run: async (ctx, { file, ...filter }) => {
    const part = `${file}.part`;
    let roles = 0;
    const rows = Readable.from(rowsOf(ctx, filter, () => (roles += 1)));
    // A cell that a spreadsheet would calculate gets an apostrophe in front.
    const csv = stringify({
      header: true,
      columns: [...COLUMNS],
      bom: true,
      escape_formulas: true,
      record_delimiter: '\r\n',
      cast: { boolean: String },
    });
    try {
      await pipeline(rows, csv, createWriteStream(part, { mode: 0o600 }));
      await rename(part, file);
    } catch (error) {
      await rm(part, { force: true });
      if (!(error instanceof Error && 'syscall' in error && 'code' in error)) throw error;
      throw new AppError('audit.file_unwritable', { file, reason: String(error.code) }, { cause: error });
    }
    return { roles, file };
  },
});

async function* rowsOf(ctx: Context, filter: Omit<z.output<typeof input>, 'file'>, onRow: () => void): AsyncGenerator<HeldRole> {
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof reportHolders.run>> = await reportHolders.run(ctx, {
      ...filter,
      limit: PAGE,
      ...(after === null ? {} : { after }),
    });
    for (const row of page.roles) {
      onRow();
      yield row;
    }
    after = page.next;
  } while (after !== null);
}
