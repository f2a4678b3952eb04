import { Argument, type Command, Option } from 'commander';
import { readFilter } from '../../filters/index.ts';
import {
  addMembers,
  checkFile,
  combineSets,
  compareSets,
  createSet,
  deleteSet,
  type FileChecked,
  type FileLinePage,
  listFileLines,
  listMembers,
  listSets,
  type MemberPage,
  type MembersAdded,
  type MembersRemoved,
  type MembersReplaced,
  removeMembers,
  replaceMembers,
  type SetCreated,
  type SetNamed,
  type SetsCompared,
  type SetView,
  showSet,
  updateSet,
} from '../../sets/index.ts';
import type { Cli } from '../cli.ts';
import { readJsonFile } from '../json-file.ts';
import { wholeNumber } from '../number.ts';
import { verb } from '../program.ts';
import { printable, type Screen } from '../screen.ts';

const OUTCOMES = ['changed', 'created', 'unchanged', 'skipped', 'failed', 'conflict'] as const;
type Outcome = (typeof OUTCOMES)[number];

interface CreateOptions {
  readonly file?: string;
  readonly ids?: string;
  readonly where?: string;
  readonly filter?: string;
  readonly fromSet?: string;
  readonly run?: number;
  readonly outcome?: Outcome;
  readonly reason?: string;
  readonly idType?: string;
  readonly column?: number;
  readonly description?: string;
  readonly public?: true;
  readonly itemize?: true;
}

interface ListOptions {
  readonly file?: string;
  readonly column?: number;
  readonly ids?: string;
  readonly idType?: string;
}

interface CombineOptions {
  readonly description?: string;
  readonly public?: true;
  readonly logical?: true;
}

interface PageOptions {
  readonly limit: number;
  readonly after?: number;
}

export function addSetCommands(cli: Cli, program: Command): void {
  const { screen } = cli;
  const sets = verb(cli, program, 'sets', 'cli.group.sets');

  verb(cli, sets, 'create <name>', createSet.summary)
    .option('--file <file>', screen.text('cli.sets.file', {}))
    .option('--where <filter>', screen.text('cli.sets.where', {}))
    .option('--filter <file>', screen.text('cli.sets.filter', {}))
    .option('--ids <list>', screen.text('cli.sets.ids', {}))
    .option('--from-set <set>', screen.text('cli.sets.from_set', {}))
    .option('--run <id>', screen.text('cli.sets.run', {}), wholeNumber(cli, '--run', 1))
    .addOption(new Option('--outcome <outcome>', screen.text('cli.sets.outcome', {})).choices(OUTCOMES))
    .option('--reason <code>', screen.text('cli.sets.outcome_reason', {}))
    .option('--id-type <type>', screen.text('cli.sets.id_type', {}))
    .option('--column <n>', screen.text('cli.sets.column', {}), wholeNumber(cli, '--column', 1))
    .option('--description <text>', screen.text('cli.sets.description', {}))
    .option('--public', screen.text('cli.sets.public', {}))
    .option('--itemize', screen.text('cli.sets.itemize', {}))
    .action(async (name: string, options: CreateOptions) => {
      const input = await createInput(cli, name, options);
      await cli.answer(
        (session) => session.perform(createSet, input),
        (created) => showCreated(screen, created),
      );
    });

  verb(cli, sets, 'list', listSets.summary)
    .option('--mine', screen.text('cli.sets.mine', {}))
    .option('--search <text>', screen.text('cli.sets.search', {}))
    .action((options: { mine?: true; search?: string }) =>
      cli.answer(
        (session) => session.perform(listSets, options),
        (result) => showList(screen, result.sets),
      ),
    );

  verb(cli, sets, 'show <set>', showSet.summary).action((set: string) =>
    cli.answer(
      (session) => session.perform(showSet, { set }),
      (view) => showView(screen, view),
    ),
  );

  withPage(cli, verb(cli, sets, 'members <set>', listMembers.summary)).action((set: string, page: PageOptions) =>
    cli.answer(
      (session) => session.perform(listMembers, { set, ...page }),
      (result) => showMembers(screen, result),
    ),
  );

  withPage(cli, verb(cli, sets, 'lines <set>', listFileLines.summary))
    .addOption(new Option('--reason <reason>', screen.text('cli.sets.reason', {})).choices(['not_found', 'duplicate', 'ambiguous']))
    .action((set: string, options: PageOptions & { reason?: 'not_found' | 'duplicate' | 'ambiguous' }) =>
      cli.answer(
        (session) => session.perform(listFileLines, { set, ...options }),
        (result) => showLines(screen, result),
      ),
    );

  verb(cli, sets, 'combine <name>', combineSets.summary)
    .addArgument(new Argument('<operator>', screen.text('cli.sets.operator', {})).choices(['and', 'or', 'not', 'xor']))
    .argument('<sets...>')
    .option('--description <text>', screen.text('cli.sets.description', {}))
    .option('--public', screen.text('cli.sets.public', {}))
    .option('--logical', screen.text('cli.sets.combine_logical', {}))
    .action((name: string, operator: 'and' | 'or' | 'not' | 'xor', members: string[], options: CombineOptions) => {
      const { description, public: open, logical } = options;
      const input = { name, operator, sets: members, description, private: open !== true, logical: logical === true };
      return cli.answer(
        (session) => session.perform(combineSets, input),
        (created) => showCreated(screen, created),
      );
    });

  verb(cli, sets, 'check <file>', checkFile.summary)
    .option('--column <n>', screen.text('cli.sets.column', {}), wholeNumber(cli, '--column', 1))
    .option('--id-type <type>', screen.text('cli.sets.id_type', {}))
    .action((file: string, options: { column?: number; idType?: string }) =>
      cli.answer(
        (session) => session.perform(checkFile, { file, ...options }),
        (result) => showChecked(screen, result),
      ),
    );

  verb(cli, sets, 'compare <sets...>', compareSets.summary).action((names: string[]) =>
    cli.answer(
      (session) => session.perform(compareSets, { sets: names, limit: 1 }),
      (result) => showCompared(screen, result),
    ),
  );

  withList(cli, verb(cli, sets, 'add <set>', addMembers.summary)).action((set: string, options: ListOptions) =>
    cli.answer(
      (session) => session.perform(addMembers, { set, ...listInput(options) }),
      (result) => showChanged(screen, result),
    ),
  );

  withList(cli, verb(cli, sets, 'remove <set>', removeMembers.summary)).action((set: string, options: ListOptions) =>
    cli.answer(
      (session) => session.perform(removeMembers, { set, ...listInput(options) }),
      (result) => showChanged(screen, result),
    ),
  );

  withList(cli, verb(cli, sets, 'replace <set>', replaceMembers.summary)).action((set: string, options: ListOptions) =>
    cli.answer(
      (session) => session.perform(replaceMembers, { set, ...listInput(options) }),
      (result) => showChanged(screen, result),
    ),
  );

  verb(cli, sets, 'edit <set>', updateSet.summary)
    .option('--name <name>', screen.text('cli.sets.name', {}))
    .option('--description <text>', screen.text('cli.sets.description', {}))
    .option('--where <filter>', screen.text('cli.sets.where', {}))
    .addOption(new Option('--public', screen.text('cli.sets.public', {})).conflicts('private'))
    .option('--private', screen.text('cli.sets.private', {}))
    .action((set: string, options: { name?: string; description?: string; where?: string; public?: true; private?: true }) => {
      const { public: open, private: closed, ...rest } = options;
      const input = { set, ...rest, ...(open === undefined && closed === undefined ? {} : { private: closed === true }) };
      return cli.answer(
        (session) => session.perform(updateSet, input),
        (result) => sayNamed(screen, 'cli.sets.edited', result),
      );
    });

  verb(cli, sets, 'delete <set>', deleteSet.summary).action((set: string) =>
    cli.answer(
      (session) => session.perform(deleteSet, { set }),
      (result) => sayNamed(screen, 'cli.sets.deleted', result),
    ),
  );
}

function withPage(cli: Cli, command: Command): Command {
  return command
    .option('--limit <n>', cli.screen.text('cli.option.limit', {}), wholeNumber(cli, '--limit', 1), 100)
    .option('--after <n>', cli.screen.text('cli.option.after', {}), wholeNumber(cli, '--after', 0));
}

function withList(cli: Cli, command: Command): Command {
  return command
    .option('--file <file>', cli.screen.text('cli.sets.file', {}))
    .option('--ids <list>', cli.screen.text('cli.sets.ids', {}))
    .option('--column <n>', cli.screen.text('cli.sets.column', {}), wholeNumber(cli, '--column', 1))
    .option('--id-type <type>', cli.screen.text('cli.sets.id_type', {}));
}

function listInput({ ids, ...rest }: ListOptions): { file?: string; column?: number; ids?: string[]; idType?: string } {
  return { ...rest, ...(ids === undefined ? {} : { ids: splitList(ids) }) };
}

/** Identifiers given on the command line, with commas or spaces between them. */
function splitList(text: string): string[] {
  return text.split(/[,;\s]+/).filter((part) => part !== '');
}

async function createInput(cli: Cli, name: string, options: CreateOptions) {
  const { ids, filter, run, outcome, reason, public: open, itemize, ...rest } = options;
  if ((run === undefined) !== (outcome === undefined)) throw cli.wrongUsage('cli.sets.run_and_outcome', {});
  return {
    name,
    ...rest,
    private: open !== true,
    itemize: itemize === true,
    ...(ids === undefined ? {} : { ids: splitList(ids) }),
    ...(filter === undefined ? {} : { filter: readFilter(await readJsonFile(filter)) }),
    ...(run === undefined || outcome === undefined ? {} : { run: { id: run, outcome, ...(reason === undefined ? {} : { reason }) } }),
  };
}

export function showCreated(screen: Screen, set: SetCreated): void {
  screen.say('cli.sets.created', { name: printable(set.name), id: String(set.id), members: set.members });
  showUnmatched(screen, set);
}

function showUnmatched(screen: Screen, set: { name: string; not_found: number; duplicates: number; ambiguous: number }): void {
  if (set.not_found + set.duplicates + set.ambiguous === 0) return;
  screen.say('cli.sets.unmatched', { not_found: set.not_found, duplicates: set.duplicates, ambiguous: set.ambiguous });
  screen.say('cli.hint', { command: `muster sets lines "${printable(set.name)}"` });
}

function showChanged(screen: Screen, result: MembersAdded | MembersRemoved | MembersReplaced): void {
  const name = printable(result.name);
  if ('added' in result && 'removed' in result) {
    screen.say('cli.sets.replaced', { name, added: result.added, removed: result.removed, members: result.members });
  } else if ('added' in result) {
    screen.say('cli.sets.added', { name, added: result.added, already: result.already, members: result.members });
  } else {
    screen.say('cli.sets.removed', { name, removed: result.removed, others: result.no_members, members: result.members });
  }
  showUnmatched(screen, result);
}

function showList(screen: Screen, sets: readonly SetView[]): void {
  screen.say('cli.sets.count', { count: sets.length });
  if (sets.length === 0) return;
  screen.table(
    [
      { title: '#', align: 'right' },
      { title: screen.text('cli.label.name', {}), max: 40 },
      { title: screen.text('cli.label.members', {}), align: 'right' },
      { title: screen.text('cli.label.kind', {}) },
      { title: screen.text('cli.label.owner', {}), max: 20 },
      { title: screen.text('cli.label.description', {}), max: 50 },
    ],
    sets.map((set) => [
      String(set.id),
      printable(set.name),
      set.members === null ? '·' : screen.number(set.members),
      kindOf(screen, set),
      printable(set.owner),
      printable(set.description ?? set.where ?? ''),
    ]),
  );
}

function kindOf(screen: Screen, set: SetView): string {
  return screen.text(set.kind === 'logical' ? 'cli.sets.logical' : 'cli.sets.itemized', {});
}

function showView(screen: Screen, set: SetView): void {
  screen.heading(printable(set.name));
  screen.pairs([
    ['#', String(set.id)],
    [screen.text('cli.label.members', {}), set.members === null ? '–' : screen.number(set.members)],
    [screen.text('cli.label.kind', {}), kindOf(screen, set)],
    ...(set.where === null ? [] : [[screen.text('cli.label.filter', {}), printable(set.where)] as const]),
    ...(set.description === null ? [] : [[screen.text('cli.label.description', {}), printable(set.description)] as const]),
    [screen.text('cli.label.owner', {}), printable(set.owner)],
    [screen.text('cli.label.visibility', {}), screen.text(set.private ? 'cli.sets.is_private' : 'cli.sets.is_public', {})],
    [screen.text('cli.label.created', {}), screen.date(set.created_at)],
    ...(set.source === null ? [] : [[screen.text('cli.label.source', {}), printable(`${set.source.from}: ${set.source.what}`)] as const]),
  ]);
}

function showMembers(screen: Screen, page: MemberPage): void {
  screen.table(
    [
      { title: screen.text('cli.label.primary_id', {}) },
      { title: screen.text('cli.label.name', {}), max: 36 },
      { title: screen.text('cli.label.group', {}) },
      { title: screen.text('cli.label.account', {}) },
      { title: screen.text('cli.label.expires', {}) },
    ],
    page.members.map((member) => [
      printable(member.primary_id),
      printable([member.last_name, member.first_name].filter(Boolean).join(', ')),
      printable(member.user_group ?? '–'),
      member.account_type,
      screen.date(member.expiry_date),
    ]),
  );
  if (page.next !== null) screen.say('cli.more', { command: `--after ${page.next}` });
}

function showChecked(screen: Screen, { column, columns, members, not_found, duplicates, ambiguous, lines }: FileChecked): void {
  const heading = columns.find((each) => each.column === column)?.heading ?? '–';
  screen.say('cli.sets.checked', { column, heading: printable(heading), members });
  screen.say('cli.sets.unmatched', { not_found, duplicates, ambiguous });
  if (lines.length > 0) showLineTable(screen, lines);
}

function showCompared(screen: Screen, { sets, parts }: SetsCompared): void {
  screen.table(
    [
      ...sets.map((set) => ({ title: printable(set.name), max: 30 })),
      { title: screen.text('cli.label.members', {}), align: 'right' as const },
    ],
    parts.map(({ part, users }) => [...sets.map((_, index) => ((part >> index) % 2 === 1 ? '●' : '·')), screen.number(users)]),
  );
}

function showLines(screen: Screen, page: FileLinePage): void {
  showLineTable(screen, page.lines);
  if (page.next !== null) screen.say('cli.more', { command: `--after ${page.next}` });
}

function showLineTable(screen: Screen, lines: FileLinePage['lines']): void {
  screen.table(
    [
      { title: screen.text('cli.label.line', {}), align: 'right' },
      { title: screen.text('cli.label.value', {}) },
      { title: screen.text('cli.label.reason', {}) },
    ],
    lines.map((line) => [screen.number(line.line), printable(line.value), screen.text(`cli.sets.line.${line.reason}`, {})]),
  );
}

function sayNamed(screen: Screen, code: 'cli.sets.edited' | 'cli.sets.deleted', set: SetNamed): void {
  screen.say(code, { name: printable(set.name), id: String(set.id) });
}
