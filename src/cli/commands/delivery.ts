import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Command, Option } from 'commander';
import { AppError } from '../../core/index.ts';
import {
  exportSuppressions,
  importSuppressions,
  liftAddress,
  listReports,
  listSuppressions,
  type ReportView,
  showChannels,
  suppressAddress,
  type SuppressionView,
  takeReport,
  testChannel,
} from '../../letters/index.ts';
import type { Cli } from '../cli.ts';
import { wholeNumber } from '../number.ts';
import { verb } from '../program.ts';
import { printable, type Screen } from '../screen.ts';

const CHANNELS = ['email', 'sms'] as const;
const REASONS = ['bounce', 'complaint', 'manual'] as const;
const KINDS = ['hard', 'soft', 'complaint'] as const;
type Channel = (typeof CHANNELS)[number];

/** `muster suppressions …`, `muster bounces …`, `muster channels …` */
export function addDeliveryCommands(cli: Cli, program: Command): void {
  addSuppressions(cli, program);
  addBounces(cli, program);
  addChannels(cli, program);
}

function addSuppressions(cli: Cli, program: Command): void {
  const { screen } = cli;
  const suppressions = verb(cli, program, 'suppressions', 'cli.group.suppressions');
  const byChannel = (): Option => new Option('--channel <channel>', screen.text('cli.suppressions.channel', {})).choices(CHANNELS);

  verb(cli, suppressions, 'list [search]', listSuppressions.summary)
    .addOption(byChannel())
    .addOption(new Option('--reason <reason>', screen.text('cli.label.reason', {})).choices(REASONS))
    .option('--limit <n>', screen.text('cli.option.limit', {}), wholeNumber(cli, '--limit', 1), 50)
    .option('--after <place>', screen.text('cli.suppressions.after', {}))
    .action(
      (search: string | undefined, options: { channel?: Channel; reason?: (typeof REASONS)[number]; limit: number; after?: string }) =>
        cli.answer(
          (session) => session.perform(listSuppressions, { ...options, ...(search === undefined ? {} : { search }) }),
          (page) => {
            showSuppressions(screen, page.total, page.suppressions);
            if (page.next !== null) screen.say('cli.more', { command: `--after '${page.next}'` });
          },
        ),
    );

  verb(cli, suppressions, 'add <address>', suppressAddress.summary)
    .addOption(byChannel())
    .option('--reason <text>', screen.text('cli.suppressions.why', {}))
    .action((address: string, { channel, reason }: { channel?: Channel; reason?: string }) =>
      cli.answer(
        (session) =>
          session.perform(suppressAddress, {
            address,
            ...(channel === undefined ? {} : { channel }),
            ...(reason === undefined ? {} : { detail: reason }),
          }),
        (result) => screen.say(result.added ? 'cli.suppressions.added' : 'cli.suppressions.there', { address: printable(result.address) }),
      ),
    );

  verb(cli, suppressions, 'lift <address>', liftAddress.summary)
    .addOption(byChannel())
    .action((address: string, options: { channel?: Channel }) =>
      cli.answer(
        (session) => session.perform(liftAddress, { address, ...options }),
        (result) => screen.say('cli.suppressions.lifted', { address: printable(result.address) }),
      ),
    );

  verb(cli, suppressions, 'import <file>', importSuppressions.summary).action((file: string) =>
    cli.answer(
      (session) => session.perform(importSuppressions, { file: path.resolve(file) }),
      (result) => screen.say('cli.suppressions.imported', result),
    ),
  );

  verb(cli, suppressions, 'export <file>', exportSuppressions.summary).action((file: string) =>
    cli.answer(
      (session) => session.perform(exportSuppressions, { file: path.resolve(file) }),
      (result) => screen.say('cli.suppressions.exported', result),
    ),
  );
}

function addBounces(cli: Cli, program: Command): void {
  const { screen } = cli;
  const bounces = verb(cli, program, 'bounces', 'cli.group.bounces');

  verb(cli, bounces, 'list', listReports.summary)
    .addOption(new Option('--kind <kind>', screen.text('cli.bounces.kind', {})).choices(KINDS))
    .option('--limit <n>', screen.text('cli.option.limit', {}), wholeNumber(cli, '--limit', 1), 50)
    .option('--before <n>', screen.text('cli.webhooks.before', {}), wholeNumber(cli, '--before', 1))
    .action((options: { kind?: (typeof KINDS)[number]; limit: number; before?: number }) =>
      cli.answer(
        (session) => session.perform(listReports, options),
        (page) => {
          showReports(screen, page.total, page.reports);
          if (page.next !== null) screen.say('cli.more', { command: `--before ${page.next}` });
        },
      ),
    );

  verb(cli, bounces, 'read <files...>', takeReport.summary).action((files: string[]) =>
    cli.answer(
      async (session) => {
        const reports = [];
        for (const file of files) {
          const message = (await bytesOf(file)).toString('base64');
          reports.push({ file, ...(await session.perform(takeReport, { message, encoding: 'base64' })) });
        }
        return { reports };
      },
      ({ reports }) =>
        screen.table(
          [
            { title: screen.text('cli.label.file', {}), max: 50 },
            { title: screen.text('cli.bounces.kind', {}) },
            { title: screen.text('cli.bounces.message', {}), align: 'right' },
            { title: screen.text('cli.label.address', {}), max: 40 },
            { title: screen.text('cli.bounces.suppressed', {}) },
          ],
          reports.map((report) => [
            printable(report.file),
            screen.text(`cli.bounces.outcome.${report.outcome}`, {}),
            report.message === null ? '–' : String(report.message),
            printable(report.address ?? '–'),
            screen.text(report.suppressed ? 'cli.yes' : 'cli.no', {}),
          ]),
        ),
    ),
  );
}

function addChannels(cli: Cli, program: Command): void {
  const { screen } = cli;
  const channels = verb(cli, program, 'channels', 'cli.group.channels');

  verb(cli, channels, 'show', showChannels.summary).action(() =>
    cli.answer(
      (session) => session.perform(showChannels, {}),
      (result) => {
        for (const { channel, kind, enabled, details } of result.channels) {
          screen.heading(`${channel}  ${kind ?? screen.text('cli.channels.none', {})}`);
          screen.pairs([
            [screen.text('cli.channels.enabled', {}), screen.text(enabled ? 'cli.yes' : 'cli.no', {})],
            ...Object.entries(details).map(([name, value]) => [name, printable(String(value ?? '–'))] as const),
          ]);
        }
      },
    ),
  );

  verb(cli, channels, 'test <channel>', testChannel.summary).action((channel: string) => {
    if (channel !== 'email' && channel !== 'sms') throw cli.wrongUsage('usage.channel', { value: channel });
    return cli.answer(
      (session) => session.perform(testChannel, { channel }),
      ({ reachable, reason, milliseconds }) =>
        reachable
          ? screen.say('cli.channels.reachable', { channel, milliseconds })
          : screen.say('cli.channels.unreachable', { channel, reason: printable(reason ?? '') }),
    );
  });
}

/** The bytes as they are: a mail may be in any encoding. */
async function bytesOf(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new AppError('cli.file_unreadable', { file, reason: error instanceof Error ? error.message : String(error) }, { cause: error });
  }
}

function showSuppressions(screen: Screen, total: number, suppressions: readonly SuppressionView[]): void {
  screen.say('cli.suppressions.count', { count: total });
  if (suppressions.length === 0) return;
  screen.table(
    [
      { title: screen.text('cli.label.address', {}), max: 44 },
      { title: screen.text('cli.label.reason', {}) },
      { title: screen.text('cli.suppressions.since', {}) },
      { title: screen.text('cli.label.user', {}), max: 30 },
      { title: screen.text('cli.label.description', {}), max: 60 },
    ],
    suppressions.map((each) => [
      printable(each.address),
      screen.text(`cli.suppressions.reason.${each.reason}`, {}),
      screen.date(each.since),
      printable(each.users.join(', ')),
      printable(each.detail ?? ''),
    ]),
  );
}

function showReports(screen: Screen, total: number, reports: readonly ReportView[]): void {
  screen.say('cli.bounces.count', { count: total });
  if (reports.length === 0) return;
  screen.table(
    [
      { title: '#', align: 'right' },
      { title: screen.text('cli.bounces.message', {}), align: 'right' },
      { title: screen.text('cli.label.user', {}), max: 24 },
      { title: screen.text('cli.bounces.kind', {}) },
      { title: screen.text('cli.label.address', {}), max: 36 },
      { title: screen.text('cli.label.reason', {}), max: 60 },
      { title: screen.text('cli.bounces.reported', {}) },
    ],
    reports.map((report) => [
      String(report.id),
      String(report.message),
      printable(report.user),
      screen.text(`cli.bounces.outcome.${report.kind}`, {}),
      printable(report.address),
      printable([report.status, report.detail].filter((part) => part !== null).join(' ')),
      screen.date(report.reported_at),
    ]),
  );
}
