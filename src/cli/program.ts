import { Command } from 'commander';
import type { Cli } from './cli.ts';
import { addAccessCommands } from './commands/access.ts';
import { addAuditCommands } from './commands/audit.ts';
import { addCatalogueCommands } from './commands/catalogue.ts';
import { addLibraryCommands } from './commands/library.ts';
import { addDeliveryCommands } from './commands/delivery.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addFeedCommands } from './commands/feeds.ts';
import { addJobCommands } from './commands/jobs.ts';
import { addLetterCommands } from './commands/letters.ts';
import { addNotificationTypeCommands } from './commands/notification-types.ts';
import { addOutboxCommands } from './commands/outbox.ts';
import { addPrivacyCommands } from './commands/privacy.ts';
import { addServerCommands } from './commands/server.ts';
import { addSetCommands } from './commands/sets.ts';
import { addSettingCommands } from './commands/settings.ts';
import { addUserCommands } from './commands/users.ts';
import { addCodeCommands, addSystemCommands } from './commands/codes.ts';
import { addWebhookCommands } from './commands/webhooks.ts';
import { type Text, type TextCode, texts } from '../core/index.ts';

/** Commander's own headings, which it knows in English only. */
const TITLES: Readonly<Record<string, TextCode>> = {
  'Usage:': 'cli.help.usage',
  'Arguments:': 'cli.help.arguments',
  'Options:': 'cli.help.options',
  'Global Options:': 'cli.help.global_options',
  'Commands:': 'cli.help.commands',
};

/** The whole command with its verbs. */
export function createProgram(cli: Cli): Command {
  const program = new Command('muster');
  const { screen } = cli;
  program
    .description(screen.text('cli.program', {}))
    .option('--json', screen.text('cli.option.json', {}))
    .option('--data <dir>', screen.text('cli.option.data', {}))
    .option('--as <id>', screen.text('cli.option.as', {}))
    .option('--server <url>', screen.text('cli.option.server', {}))
    .option('--key <key>', screen.text('cli.option.key', {}))
    .option('--lang <en|de>', screen.text('cli.option.lang', {}));
  settle(cli, program);
  addServerCommands(cli, program);
  addDemoCommand(cli, program);
  addUserCommands(cli, program);
  addFeedCommands(cli, program);
  addSetCommands(cli, program);
  addJobCommands(cli, program);
  addOutboxCommands(cli, program);
  addLetterCommands(cli, program);
  addNotificationTypeCommands(cli, program);
  addDeliveryCommands(cli, program);
  addAccessCommands(cli, program);
  addSettingCommands(cli, program);
  addWebhookCommands(cli, program);
  addCodeCommands(cli, program);
  addSystemCommands(cli, program);
  addAuditCommands(cli, program);
  addPrivacyCommands(cli, program);
  addCatalogueCommands(cli, program);
  addLibraryCommands(cli, program);
  return program;
}

/** A command below `parent`; `usage` is its name and arguments, as in `show <id>`. */
export function verb(cli: Cli, parent: Command, usage: string, summary: TextCode | Text): Command {
  const description = typeof summary === 'string' ? texts[summary][cli.language] : summary[cli.language];
  const command = parent.command(usage).description(description);
  settle(cli, command);
  return command;
}

function headingIn(cli: Cli, title: string): string {
  const code = TITLES[title];
  return code === undefined ? title : texts[code][cli.language];
}

function settle(cli: Cli, command: Command): void {
  const { screen } = cli;
  command
    .exitOverride()
    .helpOption('-h, --help', screen.text('cli.option.help', {}))
    .helpCommand('help [command]', screen.text('cli.command.help', {}))
    .configureHelp({
      showGlobalOptions: true,
      styleTitle: (title) => screen.style('bold', headingIn(cli, title)),
    })
    // Errors are told in one place (`main`), in the person's language.
    .configureOutput({ outputError: () => undefined, ...(cli.globals.json ? { writeErr: () => undefined } : {}) });
}
