import path from 'node:path';
import { type Command, Option } from 'commander';
import { countChanged, exportChanged } from '../../feeds/index.ts';
import type { Cli } from '../cli.ts';
import { verb } from '../program.ts';
import { printable } from '../screen.ts';

const FORMATS = ['alma-xml', 'alma-json', 'csv'] as const;

interface ExportOptions {
  readonly format?: (typeof FORMATS)[number];
  readonly file?: string;
  readonly all?: true;
  readonly since?: string;
  readonly dryRun?: true;
}

/** `muster feeds export CODE` */
export function addFeedExport(cli: Cli, feeds: Command): void {
  const { screen } = cli;
  verb(cli, feeds, 'export <code>', exportChanged.summary)
    .addOption(new Option('--format <format>', screen.text('cli.feeds.export_format', {})).choices(FORMATS))
    .option('--file <file>', screen.text('cli.feeds.export_file', {}))
    .option('--all', screen.text('cli.feeds.export_all', {}))
    .option('--since <moment>', screen.text('cli.feeds.export_since', {}))
    .option('--dry-run', screen.text('cli.feeds.export_dry', {}))
    .action((code: string, { dryRun, file, since, ...rest }: ExportOptions) => {
      const from = since === undefined ? {} : { since };
      if (dryRun === true) {
        return cli.answer(
          (session) => session.perform(countChanged, { code, ...from }),
          (counted) => screen.say('cli.feeds.export_would', { users: rest.all === true ? counted.all : counted.users, all: counted.all }),
        );
      }
      const copy = file === undefined ? {} : { file: path.resolve(file) };
      return cli.answer(
        (session) => session.perform(exportChanged, { code, ...rest, ...from, ...copy }),
        (done) => {
          screen.say('cli.feeds.exported', { users: done.users });
          if (done.sent_to !== null) screen.say('cli.feeds.export_sent', { place: printable(done.sent_to) });
          if (done.file !== null) screen.say('cli.feeds.export_copied', { file: done.file });
          if (done.kept !== null) screen.say('cli.feeds.export_kept', { file: done.kept });
          if (done.exported_to !== null) screen.say('cli.feeds.export_next', { at: screen.date(done.exported_to) });
        },
      );
    });
}
