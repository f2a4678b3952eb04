import path from 'node:path';
import { type Command, Option } from 'commander';
import type { z } from 'zod';
import { exportAudit, searchAudit } from '../../access/index.ts';
import type { Cli } from '../cli.ts';
import { wholeNumber } from '../number.ts';
import { verb } from '../program.ts';
import { printable, type Screen } from '../screen.ts';

type Filter = Omit<z.input<typeof searchAudit.input>, 'limit' | 'before'>;

/** `muster audit …` */
export function addAuditCommands(cli: Cli, program: Command): void {
  const { screen } = cli;
  const audit = verb(cli, program, 'audit', 'cli.group.audit');

  withFilter(cli, verb(cli, audit, 'search', searchAudit.summary))
    .option('--limit <n>', screen.text('cli.option.limit', {}), wholeNumber(cli, '--limit', 1), 50)
    .option('--before <place>', screen.text('cli.audit.before', {}))
    .action((options: Filter & { limit: number; before?: string }) =>
      cli.answer(
        (session) => session.perform(searchAudit, options),
        (result) => showEntries(screen, result),
      ),
    );

  withFilter(cli, verb(cli, audit, 'export <file>', exportAudit.summary)).action((file: string, options: Filter) =>
    cli.answer(
      (session) => session.perform(exportAudit, { ...options, file: path.resolve(file) }),
      (result) => screen.say('cli.audit.exported', result),
    ),
  );
}

function withFilter(cli: Cli, command: Command): Command {
  const { screen } = cli;
  return command
    .option('--actor <id>', screen.text('cli.audit.actor', {}))
    .option('--operation <name>', screen.text('cli.audit.operation', {}))
    .option('--entity <kind>', screen.text('cli.audit.entity', {}))
    .option('--id <id>', screen.text('cli.audit.id', {}))
    .addOption(new Option('--outcome <outcome>', screen.text('cli.audit.outcome', {})).choices(['done', 'refused', 'failed']))
    .option('--from <day>', screen.text('cli.audit.from', {}))
    .option('--to <day>', screen.text('cli.audit.to', {}))
    .option('--text <text>', screen.text('cli.audit.text', {}));
}

function showEntries(screen: Screen, { entries, next }: z.output<typeof searchAudit.output>): void {
  screen.table(
    [
      { title: screen.text('cli.label.when', {}) },
      { title: screen.text('cli.audit.who', {}), max: 24 },
      { title: screen.text('cli.audit.operation_title', {}), max: 28 },
      { title: screen.text('cli.audit.about', {}), max: 32 },
      { title: screen.text('cli.audit.outcome_title', {}) },
      { title: screen.text('cli.audit.where', {}), max: 28 },
      { title: '' },
    ],
    entries.map((entry) => [
      screen.date(entry.at),
      printable(entry.actor),
      printable(entry.operation),
      printable([entry.entity, entry.entity_id].filter((part) => part !== null).join(' ')),
      entry.outcome,
      printable([entry.source, entry.address].filter((part) => part !== null).join(' ')),
      entry.detail === null ? '' : printable(JSON.stringify(entry.detail)),
    ]),
  );
  if (next !== null) screen.say('cli.more', { command: `--before ${next}` });
}
