/** The list as a CSV file: out for another system, in from one. */
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { stringify } from 'csv-stringify';
import sql from 'sql-template-tag';
import { z } from 'zod';
import { AppError, type Context, count, operation, type Queryable } from '../core/index.ts';
import { checkAddresses, suppress, type Suppression, SUPPRESSION_REASONS } from './suppression.ts';

const COLUMNS = ['channel', 'address', 'reason', 'detail', 'since', 'by'] as const;
const PAGE = 2_000;

export const exportSuppressions = operation({
  name: 'suppression.export',
  summary: {
    en: 'Writes the addresses that nothing is sent to into a CSV file',
    de: 'Schreibt die Adressen, an die nichts verschickt wird, in eine CSV-Datei',
  },
  privilege: 'users:export',
  input: z.strictObject({ file: z.string().min(1).describe('Path of the file; it appears when it is complete') }),
  output: z.object({ addresses: count, file: z.string() }),
  audit: (_, output) => ({ entity: 'suppression', id: null, detail: { addresses: output?.addresses ?? null } }),
  run: async (ctx, { file }) => {
    const part = `${file}.part`;
    let addresses = 0;
    // A cell that a spreadsheet would calculate gets an apostrophe in front.
    const csv = stringify({ header: true, columns: [...COLUMNS], bom: true, escape_formulas: true, record_delimiter: '\r\n' });
    try {
      await pipeline(Readable.from(rowsOf(ctx, () => (addresses += 1))), csv, createWriteStream(part, { mode: 0o600 }));
      await rename(part, file);
    } catch (error) {
      await rm(part, { force: true });
      if (!(error instanceof Error && 'syscall' in error && 'code' in error)) throw error;
      throw new AppError('feeds.file_unwritable', { file, reason: String(error.code) }, { cause: error });
    }
    return { addresses, file };
  },
});

type Row = Readonly<Record<(typeof COLUMNS)[number], string | null>>;

async function* rowsOf(ctx: Context, counted: () => void): AsyncGenerator<(string | null)[], void, undefined> {
  let after: Pick<Row, 'channel' | 'address'> = { channel: '', address: '' };
  for (;;) {
    const { rows } = await ctx.db.pool.query<Row>(sql`
      select s.channel, s.address, s.reason, s.detail, s.suppressed_at as since, s.created_by as by from suppressed_addresses s
      where (s.channel, s.address) > (${after.channel}::text, ${after.address}::text)
      order by s.channel, s.address limit ${PAGE}::integer`);
    for (const row of rows) {
      counted();
      yield COLUMNS.map((column) => row[column]);
    }
    const last = rows.at(-1);
    if (rows.length < PAGE || last === undefined) return;
    after = last;
  }
}

export const importSuppressions = operation({
  name: 'suppression.import',
  summary: {
    en: 'Reads addresses that nothing is sent to from a CSV file: all of it, or nothing when a line is wrong',
    de: 'Liest Adressen, an die nichts verschickt wird, aus einer CSV-Datei: alle, oder keine, wenn eine Zeile falsch ist',
  },
  privilege: 'users:import',
  input: z.strictObject({
    file: z.string().min(1).describe('CSV with a heading: `address`, and if there are such `channel`, `reason`, `detail`, `since`'),
  }),
  output: z.object({ read: count, added: count.describe('Those that were not on the list before') }),
  audit: (_, output) => ({ entity: 'suppression', id: null, detail: { added: output?.added ?? null } }),
  run: async (ctx, { file }) =>
    ctx.db.transaction(async (tx) => {
      let [read, added] = [0, 0];
      for await (const lines of pagesOf(file)) {
        read += lines.length;
        added += await take(tx, file, lines, ctx.actor.name);
      }
      return { read, added };
    }),
});

interface Line {
  readonly line: number;
  readonly record: z.output<typeof lineSchema>;
}

const optional = z
  .string()
  .trim()
  .transform((text) => (text === '' ? undefined : text))
  .optional();
const lineSchema = z.object({
  address: z.string().trim().min(1),
  channel: optional.pipe(z.enum(['email', 'sms']).default('email')),
  reason: optional.pipe(z.enum(SUPPRESSION_REASONS).default('manual')),
  detail: optional.pipe(z.string().max(500).optional()),
  since: optional.pipe(z.union([z.iso.datetime({ offset: true }), z.iso.date()]).optional()),
});

/** Undoes what `escape_formulas` has put in front, so that what was written out can be read in. */
function plain(cell: string): string {
  return cell.replace(/^'(?=[=+\-@\t\r])/, '');
}

async function* pagesOf(file: string): AsyncGenerator<Line[], void, undefined> {
  const source = createReadStream(file);
  const parser = parse({
    bom: true,
    columns: (names: string[]) => names.map((name) => name.trim().toLowerCase()),
    info: true,
    skip_empty_lines: true,
    trim: true,
    max_record_size: 10_000,
  });
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  let page: Line[] = [];
  try {
    for await (const item of parser) {
      const { record, info } = item as { record: Readonly<Record<string, string>>; info: { lines: number } }; // what `info` makes of it
      const parsed = lineSchema.safeParse(Object.fromEntries(Object.entries(record).map(([name, cell]) => [name, plain(cell)])));
      if (!parsed.success) throw wrong(file, info.lines, parsed.error.issues.map((issue) => issue.path.join('.')).join(', '));
      page.push({ line: info.lines, record: parsed.data });
      if (page.length === PAGE) {
        yield page;
        page = [];
      }
    }
  } catch (error) {
    if (error instanceof CsvError) throw wrong(file, Number(error['lines'] ?? 0), error.code);
    if (error instanceof Error && 'syscall' in error && 'code' in error) {
      throw new AppError('feeds.file_unreadable', { file, reason: String(error.code) }, { cause: error });
    }
    throw error;
  } finally {
    source.destroy();
  }
  if (page.length > 0) yield page;
}

async function take(tx: Queryable, file: string, lines: readonly Line[], by: string): Promise<number> {
  const addresses = await checkAddresses(
    tx,
    lines.map(({ record }) => record),
  );
  const suppressions = lines.map(({ line, record }, index): Suppression => {
    const address = addresses[index];
    if (address == null) throw wrong(file, line, record.address.slice(0, 100));
    return { ...record, address, detail: record.detail ?? null, outboxId: null, by, at: record.since ?? null };
  });
  return suppress(tx, suppressions);
}

function wrong(file: string, line: number, problem: string): AppError {
  return new AppError('letters.suppression_line', { file, line, problem });
}
