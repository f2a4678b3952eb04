import path from 'node:path';
import { type Command, Option } from 'commander';
import {
  type CirculationResult,
  exportUsers,
  type GenerateResult,
  generateUsers,
  importCirculation,
  type ImportError,
  type ImportResult,
  importUsers,
  listUsers,
  showUser,
  type UserList,
} from '../../feeds/index.ts';
import { type Edited, editUser } from '../../runs/index.ts';
import type { Cli } from '../cli.ts';
import { readJsonText } from '../json-file.ts';
import { wholeNumber } from '../number.ts';
import { verb } from '../program.ts';
import { printable, type Screen } from '../screen.ts';
import { showUserRecord } from '../user-text.ts';
import { addMergeCommand } from './merge.ts';
import { addUserMessagesCommand } from './outbox.ts';
import { addPrivacyUserCommands } from './privacy.ts';
import { type SearchResult, searchUsers, type UserHistory, userHistory } from '../../users/index.ts';
import { countsLine, showDifference, styleOf } from '../run-text.ts';

const FORMATS = ['alma-json', 'alma-xml', 'csv'] as const;
type Format = (typeof FORMATS)[number];
const MODES = ['both', 'add', 'update'] as const;
const ENCODINGS = ['utf-8', 'windows-1252'] as const;

const ORDERS = ['name', 'primary_id', 'expiry_date', 'modified_at'] as const;
const LISTED = ['user_group', 'account_type', 'status', 'expiry_date', 'email'] as const;

interface ListOptions {
  readonly text?: string;
  readonly where?: string;
  readonly sort: (typeof ORDERS)[number];
  readonly descending?: true;
  readonly limit: number;
  readonly after?: string;
}

interface ImportOptions {
  readonly encoding?: (typeof ENCODINGS)[number];
  readonly dryRun?: true;
}

export function addUserCommands(cli: Cli, program: Command): void {
  const { screen } = cli;
  const users = verb(cli, program, 'users', 'cli.group.users');
  addPrivacyUserCommands(cli, users);
  addMergeCommand(cli, users);

  verb(cli, users, 'generate', generateUsers.summary)
    .requiredOption('--count <n>', screen.text('cli.users.count', {}), wholeNumber(cli, '--count', 1))
    .option('--seed <n>', screen.text('cli.users.seed', {}), wholeNumber(cli, '--seed', 0))
    .action((options: { count: number; seed?: number }) =>
      cli.answer(
        (session) => session.perform(generateUsers, options),
        (result) => showGenerated(screen, result),
      ),
    );

  withEncoding(cli, verb(cli, users, 'import <file>', importUsers.summary))
    .addOption(new Option('--format <format>', screen.text('cli.users.format', {})).choices(FORMATS))
    .option('--mapping <name>', screen.text('cli.users.mapping', {}))
    .addOption(new Option('--mode <mode>', screen.text('cli.users.mode', {})).choices(MODES))
    .action((file: string, options: ImportOptions & { format?: Format; mapping?: string; mode?: (typeof MODES)[number] }) =>
      cli.answer(
        (session) => session.perform(importUsers, { file, ...options }),
        (result) => showImport(screen, result),
      ),
    );

  withEncoding(cli, verb(cli, users, 'import-circulation <file>', importCirculation.summary)).action(
    (file: string, options: ImportOptions) =>
      cli.answer(
        (session) => session.perform(importCirculation, { file, ...options }),
        (result) => showCirculation(screen, result),
      ),
  );

  verb(cli, users, 'export <file>', exportUsers.summary)
    .option('--set <set>', screen.text('cli.jobs.set', {}))
    .option('--where <filter>', screen.text('cli.sets.where', {}))
    .addOption(new Option('--format <format>', screen.text('cli.users.format', {})).choices(FORMATS))
    .action((file: string, options: { set?: string; where?: string; format?: Format }) => {
      const { format = formatOf(cli, file), ...which } = options;
      return cli.answer(
        (session) => session.perform(exportUsers, { file: path.resolve(file), format, ...which }),
        (result) => screen.say('cli.users.exported', { users: result.users, file: result.file }),
      );
    });

  verb(cli, users, 'show <id>', showUser.summary).action((user: string) =>
    cli.answer(
      (session) => session.perform(showUser, { user }),
      (record) => showUserRecord(screen, record),
    ),
  );

  verb(cli, users, 'search <text...>', searchUsers.summary)
    .option('--limit <n>', screen.text('cli.option.limit', {}), wholeNumber(cli, '--limit', 1), 25)
    .option('--after <cursor>', screen.text('cli.users.after', {}))
    .action((words: string[], options: { limit: number; after?: string }) =>
      cli.answer(
        (session) => session.perform(searchUsers, { text: words.join(' '), ...options }),
        (result) => showFound(screen, result),
      ),
    );

  verb(cli, users, 'list', listUsers.summary)
    .option('--text <words>', screen.text('cli.users.text', {}))
    .option('--where <filter>', screen.text('cli.sets.where', {}))
    .addOption(new Option('--sort <order>', screen.text('cli.users.sort', {})).choices(ORDERS).default('name'))
    .option('--descending', screen.text('cli.users.descending', {}))
    .option('--limit <n>', screen.text('cli.option.limit', {}), wholeNumber(cli, '--limit', 1), 25)
    .option('--after <cursor>', screen.text('cli.users.after', {}))
    .action((options: ListOptions) =>
      cli.answer(
        (session) => session.perform(listUsers, { columns: [...LISTED], count: true, ...options }),
        (result) => showList(screen, result),
      ),
    );

  verb(cli, users, 'history <id>', userHistory.summary)
    .option('--limit <n>', screen.text('cli.option.limit', {}), wholeNumber(cli, '--limit', 1), 50)
    .option('--before <cursor>', screen.text('cli.users.before', {}))
    .action((user: string, options: { limit: number; before?: string }) =>
      cli.answer(
        (session) => session.perform(userHistory, { user, ...options }),
        (history) => showHistory(screen, history),
      ),
    );

  addUserMessagesCommand(cli, users);

  verb(cli, users, 'edit <id>', editUser.summary)
    .requiredOption('--change <json...>', screen.text('cli.users.change', {}))
    .action((user: string, options: { change: string[] }) => {
      const changes = options.change.map((text) => readJsonText(text, '--change'));
      return cli.answer(
        async (session) => {
          const edited = await session.perform(editUser, { user, changes });
          if (edited.counts.failed > 0) cli.fail();
          return edited;
        },
        (edited) => showEdited(screen, edited),
      );
    });
}

function withEncoding(cli: Cli, command: Command): Command {
  return command
    .addOption(new Option('--encoding <encoding>', cli.screen.text('cli.users.encoding', {})).choices(ENCODINGS))
    .option('--dry-run', cli.screen.text('cli.users.dry_run', {}));
}

/** The format that the file's name ends in. */
function formatOf(cli: Cli, file: string): Format {
  const format = ({ '.json': 'alma-json', '.xml': 'alma-xml', '.csv': 'csv' } as const)[path.extname(file).toLowerCase()];
  if (format === undefined) throw cli.wrongUsage('cli.users.which_format', { file });
  return format;
}

/** Problems of a file that are told one by one; the document of `--json` has more. */
const TOLD = 20;

function showImport(screen: Screen, result: ImportResult): void {
  if (result.dry_run) screen.line(screen.style('yellow', screen.text('cli.users.dry', {})));
  const { created, updated, unchanged, rejected } = result;
  screen.say('cli.users.imported', { created, updated, unchanged, rejected });
  if (result.skipped > 0) screen.say('cli.users.left_out', { skipped: result.skipped });
  if (result.codes_added > 0) screen.say('cli.users.codes', { codes: result.codes_added });
  for (const warning of result.warnings) screen.line(screen.style('yellow', `! ${printable(warning.message)}`));
  showProblems(screen, result.errors, rejected);
}

function showCirculation(screen: Screen, result: CirculationResult): void {
  if (result.dry_run) screen.line(screen.style('yellow', screen.text('cli.users.dry', {})));
  const { rows, changed, unchanged, rejected } = result;
  screen.say('cli.users.circulation', { rows, changed, unchanged, rejected });
  if (result.held_back > 0) screen.say('cli.users.held_back', { rows: result.held_back, users: result.failed });
  showProblems(screen, result.errors, rejected);
}

function showProblems(screen: Screen, errors: readonly ImportError[], total: number): void {
  if (errors.length === 0) return;
  screen.line();
  screen.table(
    [
      { title: screen.text('cli.label.line', {}), align: 'right' },
      { title: screen.text('cli.label.field', {}), max: 30 },
      { title: screen.text('cli.label.reason', {}) },
    ],
    errors
      .slice(0, TOLD)
      .map((error) => [
        screen.number(error.line),
        printable(error.field),
        `${printable(error.message)} ${screen.style('dim', error.code)}`,
      ]),
  );
  if (total > TOLD) screen.say('cli.users.more_problems', { more: total - TOLD });
}

export function showGenerated(screen: Screen, result: GenerateResult): void {
  screen.say('cli.users.generated', { created: result.created, first: result.first_id, last: result.last_id, seconds: result.seconds });
}

function showFound(screen: Screen, result: SearchResult): void {
  screen.say(result.total_is_at_least ? 'cli.users.found_at_least' : 'cli.users.found', { total: result.total });
  if (result.users.length === 0) return;
  screen.table(
    [
      { title: screen.text('cli.label.primary_id', {}) },
      { title: screen.text('cli.label.name', {}), max: 36 },
      { title: screen.text('cli.label.group', {}) },
      { title: screen.text('cli.label.account', {}) },
      { title: screen.text('cli.label.state', {}) },
      { title: screen.text('cli.label.expires', {}) },
      { title: screen.text('cli.label.email', {}), max: 40 },
    ],
    result.users.map((user) => [
      printable(user.primary_id),
      printable([user.last_name, user.first_name].filter(Boolean).join(', ')),
      printable(user.user_group ?? '–'),
      user.account_type,
      user.status,
      screen.date(user.expiry_date),
      printable(user.email ?? '–'),
    ]),
  );
}

function showList(screen: Screen, { total, users, next }: UserList): void {
  const hits = users.map(({ primary_id, first_name, last_name, values, labels }) => {
    const said = (name: (typeof LISTED)[number]): string | null => labels[name] ?? (typeof values[name] === 'string' ? values[name] : null);
    return {
      primary_id,
      first_name,
      last_name,
      status: said('status') ?? '',
      account_type: said('account_type') ?? '',
      user_group: said('user_group'),
      expiry_date: typeof values['expiry_date'] === 'string' ? values['expiry_date'] : null,
      email: said('email'),
    };
  });
  showFound(screen, { total: total ?? users.length, total_is_at_least: total === null, users: hits, next });
  if (next !== null) screen.say('cli.more', { command: `--after '${next}'` });
}

function showHistory(screen: Screen, history: UserHistory): void {
  screen.heading(printable(history.primary_id));
  if (history.entries.length === 0) screen.say('cli.users.no_history', {});
  for (const entry of history.entries) {
    screen.line();
    const { run } = entry;
    const who = { by: printable(entry.by), kind: screen.textOf(`cli.kind.${run.kind}`), run: String(run.id), name: printable(run.name) };
    screen.line(`${screen.style('bold', screen.date(entry.at))}  ${screen.text('cli.history.by', who)}`);
    const fields = Object.fromEntries(entry.fields.map((field) => [field.field, [field.before, field.after]] as const));
    const rows = entry.rows.map(({ table, before, after }) => ({ table, before: before?.values, after: after?.values }));
    showDifference(screen, fields, rows);
  }
  if (history.next !== null) {
    screen.line();
    screen.say('cli.more', { command: `--before ${history.next}` });
  }
}

function showEdited(screen: Screen, edited: Edited): void {
  screen.line(
    `${screen.style(styleOf(edited.state), screen.textOf(`state.${edited.state}`))}  ${countsLine(screen, edited.counts, 'did')}`,
  );
  for (const reason of edited.reasons) screen.line(`    ${reason}`);
  if (edited.counts.changed > 0) screen.say('cli.hint', { command: `muster jobs undo ${edited.id}` });
}
