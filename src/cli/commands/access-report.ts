import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Command } from 'commander';
import { stringify } from 'csv-stringify/sync';
import type { z } from 'zod';
import { type HeldRole, type HoldersReport, reportHolders } from '../../access/index.ts';
import { AppError } from '../../core/index.ts';
import type { Cli, Session } from '../cli.ts';
import { wholeNumber } from '../number.ts';
import { verb } from '../program.ts';
import { printable, type Screen } from '../screen.ts';

interface Options {
  readonly role?: string;
  readonly scope?: string;
  readonly status?: string;
  readonly expiringBefore?: string;
  readonly limit?: number;
  readonly after?: string;
  readonly csv?: string;
}

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
] as const;

/** `muster access report` */
export function addReportCommand(cli: Cli, access: Command): void {
  const { screen } = cli;
  verb(cli, access, 'report', reportHolders.summary)
    .option('--role <code>', screen.text('cli.access.only_role', {}))
    .option('--scope <code>', screen.text('cli.access.only_scope', {}))
    .option('--status <status>', screen.text('cli.access.status', {}))
    .option('--expiring-before <date>', screen.text('cli.access.expiring', {}))
    .option('--limit <n>', screen.text('cli.option.limit', {}), wholeNumber(cli, '--limit', 1))
    .option('--after <cursor>', screen.text('cli.option.after', {}))
    .option('--csv <file>', screen.text('cli.access.csv', {}))
    .action((options: Options) => {
      const { csv, expiringBefore, ...rest } = options;
      // The operation says which status there is none of.
      const input = { ...rest, ...(expiringBefore === undefined ? {} : { expiring_before: expiringBefore }) } as z.input<
        typeof reportHolders.input
      >;
      if (csv !== undefined) {
        return cli.answer(
          (session) => writeCsv(session, input, csv),
          ({ lines, file }) => screen.say('cli.access.csv_written', { count: lines, file: printable(file) }),
        );
      }
      return cli.answer(
        (session) => session.perform(reportHolders, input),
        (report) => showReport(screen, report),
      );
    });
}

function showReport(screen: Screen, report: HoldersReport): void {
  for (const total of report.totals) screen.line(`${total.role}  ${total.label}: ${screen.number(total.users)}`);
  screen.table(
    [
      { title: screen.text('cli.access.role', {}), max: 40 },
      { title: screen.text('cli.access.scope', {}), max: 20 },
      { title: screen.text('cli.access.role_status', {}) },
      { title: screen.text('cli.access.ends', {}) },
      { title: screen.text('cli.label.user', {}), max: 30 },
      { title: screen.text('cli.label.name', {}), max: 40 },
    ],
    report.roles.map((row) => [
      `${row.role} ${row.label}`,
      printable(row.scope),
      row.status,
      screen.date(row.expiry_date),
      printable(row.primary_id),
      printable(row.name),
    ]),
  );
  if (report.next !== null) screen.line(`--after "${report.next}"`);
}

/** Page by page, so that a report of a million rows takes no more memory than one of a thousand. */
async function writeCsv(
  session: Session,
  input: z.input<typeof reportHolders.input>,
  file: string,
): Promise<{ lines: number; file: string }> {
  const stream = createWriteStream(file, { mode: 0o600 });
  const written = finished(stream);
  written.catch(() => undefined); // awaited below
  let lines = 0;
  try {
    stream.write(`\uFEFF${stringify([[...COLUMNS]], { record_delimiter: '\r\n' })}`);
    for (let after = input.after; ; ) {
      const page = await session.perform(reportHolders, { ...input, limit: PAGE, ...(after === undefined ? {} : { after }) });
      lines += page.roles.length;
      if (!stream.write(stringify(page.roles.map(cells), { record_delimiter: '\r\n' })))
        await Promise.race([once(stream, 'drain'), written]);
      if (page.next === null) break;
      after = page.next;
    }
    stream.end();
    await written;
  } catch (error) {
    stream.destroy();
    if (error instanceof Error && 'syscall' in error && 'code' in error)
      throw new AppError('feeds.file_unwritable', { file, reason: String(error.code) }, { cause: error });
    throw error;
  }
  return { lines, file };
}

/** A spreadsheet takes a cell that begins like a formula for one. */
function cells(row: HeldRole): string[] {
  return COLUMNS.map((column) => String(row[column] ?? '')).map((text) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text));
}
