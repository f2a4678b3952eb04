/** Versions of letters, frames and snippets: the same commands for all three, and their files. */
import type { Command } from 'commander';
import { readEditor } from '../../app/index.ts';
import {
  compareText,
  listTexts,
  listTextVersions,
  publishText,
  rollBackText,
  saveFrame,
  saveSnippet,
  showText,
  withdrawTextOperation,
} from '../../letters/index.ts';
import type { Cli, Session } from '../cli.ts';
import { editText } from '../editor.ts';
import { readTextFile } from '../json-file.ts';
import { wholeNumber } from '../number.ts';
import { verb } from '../program.ts';
import { printable, type Screen } from '../screen.ts';
import { frameFile, readFrameFile, readSnippetFile, snippetFile } from '../text-file.ts';

type Result<O extends { run: (...args: never[]) => unknown }> = Awaited<ReturnType<O['run']>>;

export interface TextKind {
  readonly kind: 'letter' | 'frame' | 'snippet';
  /** Arguments of its commands. */
  readonly usage: string;
  readonly key: (args: readonly string[]) => { readonly code?: string; readonly language: string };
}

export const LETTER: TextKind = { kind: 'letter', usage: '<type> <language>', key: ([code = '', language = '']) => ({ code, language }) };
const FRAME: TextKind = { kind: 'frame', usage: '<language>', key: ([language = '']) => ({ language }) };
const SNIPPET: TextKind = { kind: 'snippet', usage: '<name> <language>', key: ([code = '', language = '']) => ({ code, language }) };

/** What `edit` does with what it has read. */
interface SaveOptions {
  readonly publish?: true;
  readonly note?: string;
  readonly basedOn?: number;
}

/** `muster letters frame …`, `muster letters snippet …` */
export function addFrameAndSnippetCommands(cli: Cli, letters: Command): void {
  const { screen } = cli;
  const frames = verb(cli, letters, 'frame', 'cli.group.frames');
  addListing(cli, frames, FRAME);
  editCommand(cli, frames, FRAME, async (session, args, text, how) => {
    const { based_on, ...frame } = readFrameFile(text);
    return session.perform(saveFrame, { ...FRAME.key(args), ...frame, ...saving(cli, how, based_on) });
  });
  addVersionCommands(cli, frames, FRAME);

  const snippets = verb(cli, letters, 'snippet', 'cli.group.snippets');
  addListing(cli, snippets, SNIPPET);
  editCommand(cli, snippets, SNIPPET, async (session, args, text, how) => {
    const { based_on, body } = readSnippetFile(text);
    const { code: name = '', language } = SNIPPET.key(args);
    return session.perform(saveSnippet, { name, language, body, ...saving(cli, how, based_on) });
  });
  addVersionCommands(cli, snippets, SNIPPET);

  function addListing(to: Cli, parent: Command, kind: TextKind): void {
    verb(to, parent, 'list', listTexts.summary).action(() =>
      to.answer(
        (session) => session.perform(listTexts, { kind: kind.kind }),
        ({ texts }) => showTexts(screen, texts),
      ),
    );
    verb(to, parent, `show ${kind.usage}`, showText.summary)
      .option('--version <n>', screen.text('cli.letters.version', {}), wholeNumber(to, '--version', 1))
      .action((...given: unknown[]) => {
        const { args, options } = split<{ version?: number }>(kind, given);
        return to.answer(
          (session) => session.perform(showText, { kind: kind.kind, ...kind.key(args), ...options }),
          (version) => screen.line(fileOf(version).trimEnd()),
        );
      });
  }
}

/** `edit` reads a file, or opens the editor with the newest version. */
export function editCommand(
  cli: Cli,
  parent: Command,
  kind: TextKind,
  save: (
    session: Session,
    args: readonly string[],
    text: string,
    how: SaveOptions,
  ) => Promise<{ version: number; saved: boolean; published: boolean }>,
  fileOfNewest: (version: Result<typeof showText>) => string = fileOf,
): void {
  const { screen } = cli;
  verb(cli, parent, `edit ${kind.usage} [file]`, 'cli.letters.edit')
    .option('--publish', screen.text('cli.letters.publish', {}))
    .option('--note <text>', screen.text('cli.letters.note', {}))
    .option('--based-on <n>', screen.text('cli.letters.based_on', {}), wholeNumber(cli, '--based-on', 0))
    .action(async (...given: unknown[]) => {
      const { args, options } = split<SaveOptions>(kind, given, 1);
      const file = args[kind.usage.split(' ').length];
      if (file !== undefined) {
        const text = await readTextFile(file);
        return cli.answer(
          (session) => save(session, args, text, options),
          (saved) => told(screen, saved),
        );
      }
      return cli.answer(
        async (session) => {
          const newest = await session.perform(showText, { kind: kind.kind, ...kind.key(args) });
          const how = { ...options, basedOn: options.basedOn ?? newest.number };
          const keep = (at: string): void => cli.aside.say('cli.letters.kept', { file: at });
          return editText(readEditor(), fileOfNewest(newest), (text) => save(session, args, text, how), keep);
        },
        (saved) => told(screen, saved),
      );
    });
}

/** `based_on` of the command line comes before that of the file; one of them has to be there. */
export function saving(cli: Cli, how: SaveOptions, ofFile: number | undefined) {
  const based_on = how.basedOn ?? ofFile;
  if (based_on === undefined) throw cli.wrongUsage('cli.letters.which_base', {});
  return { based_on, publish: how.publish === true, note: how.note ?? null };
}

/** `versions`, `compare`, `publish`, `rollback`, `withdraw` */
export function addVersionCommands(cli: Cli, parent: Command, kind: TextKind): void {
  const { screen } = cli;
  const version = (name: string): [string, string, (text: string) => number] => [
    `${name} <n>`,
    screen.text('cli.letters.version', {}),
    wholeNumber(cli, name, 1),
  ];
  const of = (args: readonly string[]) => ({ kind: kind.kind, ...kind.key(args) });

  verb(cli, parent, `versions ${kind.usage}`, listTextVersions.summary).action((...given: unknown[]) => {
    const { args } = split(kind, given);
    return cli.answer(
      (session) => session.perform(listTextVersions, of(args)),
      (result) => showVersions(screen, result),
    );
  });

  verb(cli, parent, `compare ${kind.usage}`, compareText.summary)
    .option(...version('--from'))
    .option(...version('--to'))
    .action((...given: unknown[]) => {
      const { args, options } = split<{ from?: number; to?: number }>(kind, given);
      return cli.answer(
        (session) => session.perform(compareText, { ...of(args), ...options }),
        (result) => showDifference(screen, result),
      );
    });

  for (const [name, operation] of [
    ['publish', publishText],
    ['rollback', rollBackText],
  ] as const) {
    verb(cli, parent, `${name} ${kind.usage}`, operation.summary)
      .option(...version('--version'))
      .action((...given: unknown[]) => {
        const { args, options } = split<{ version?: number }>(kind, given);
        return cli.answer(
          (session) => session.perform(operation, { ...of(args), ...options }),
          ({ published, before }) => screen.say('cli.letters.moved', { published: published ?? '–', before: before ?? '–' }),
        );
      });
  }

  verb(cli, parent, `withdraw ${kind.usage}`, withdrawTextOperation.summary).action((...given: unknown[]) => {
    const { args } = split(kind, given);
    return cli.answer(
      (session) => session.perform(withdrawTextOperation, of(args)),
      ({ before }) => screen.say('cli.letters.withdrawn', { before: before ?? '–' }),
    );
  });
}

/** Commander gives a command's arguments one by one, then its options. */
function split<O extends object>(
  kind: TextKind,
  given: readonly unknown[],
  more = 0,
): { readonly args: readonly string[]; readonly options: O } {
  const many = kind.usage.split(' ').length + more;
  const args = given.slice(0, many).flatMap((arg) => (typeof arg === 'string' ? [arg] : []));
  return { args, options: given[many] as O }; // the options as they were declared
}

function fileOf(version: Result<typeof showText>): string {
  return version.frame === null ? snippetFile(version) : frameFile({ ...version, frame: version.frame });
}

function told(screen: Screen, saved: { readonly version: number; readonly saved: boolean; readonly published: boolean }): void {
  screen.say(saved.saved ? 'cli.letters.saved' : 'cli.letters.same', { version: saved.version });
  if (saved.published) screen.say('cli.letters.is_published', { version: saved.version });
}

function showTexts(screen: Screen, texts: Result<typeof listTexts>['texts']): void {
  screen.table(
    [
      { title: screen.text('cli.label.name', {}), max: 40 },
      { title: screen.text('cli.label.language', {}) },
      { title: screen.text('cli.letters.newest', {}), align: 'right' },
      { title: screen.text('cli.letters.published', {}), align: 'right' },
      { title: screen.text('cli.label.modified', {}), max: 50 },
    ],
    texts.map((text) => [
      printable(text.code),
      text.language,
      String(text.latest),
      text.published === null ? '–' : String(text.published),
      `${screen.date(text.modified_at)} ${printable(text.modified_by)}`,
    ]),
  );
}

function showVersions(screen: Screen, { versions }: Result<typeof listTextVersions>): void {
  screen.table(
    [
      { title: screen.text('cli.letters.version_label', {}), align: 'right' },
      { title: screen.text('cli.label.state', {}) },
      { title: screen.text('cli.letters.saved_label', {}), max: 46 },
      { title: screen.text('cli.letters.published', {}), max: 46 },
      { title: screen.text('cli.letters.note_label', {}), max: 60 },
    ],
    versions.map((version) => [
      String(version.number),
      screen.text(`cli.letters.state.${version.state}`, {}),
      `${screen.date(version.created_at)} ${printable(version.created_by)}`,
      version.published_at === null ? '–' : `${screen.date(version.published_at)} ${printable(version.published_by ?? '')}`,
      printable(version.note ?? ''),
    ]),
  );
}

/** Removed words in red between [- and -], added ones in green between {+ and +}: told apart without colours, too. */
function showDifference(screen: Screen, result: Result<typeof compareText>): void {
  screen.heading(screen.text('cli.letters.compared', { from: result.from, to: result.to }));
  if (result.same) screen.say('cli.letters.no_difference', {});
  const marks = { same: ' ', removed: '-', added: '+', changed: '~' } as const;
  for (const part of result.parts.filter((one) => !one.same)) {
    screen.line();
    screen.line(screen.style('bold', part.part));
    for (const line of part.lines) {
      const text = line.pieces.map((piece) => {
        const words = printable(piece.text);
        if (line.kind !== 'changed' || piece.kind === 'same') return words;
        return piece.kind === 'removed' ? screen.style('red', `[-${words}-]`) : screen.style('green', `{+${words}+}`);
      });
      const whole = `${marks[line.kind]} ${text.join('')}`.trimEnd();
      screen.line(line.kind === 'removed' ? screen.style('red', whole) : line.kind === 'added' ? screen.style('green', whole) : whole);
    }
  }
}
