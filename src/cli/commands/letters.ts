import { type Command, Option } from 'commander';
import {
  cancelOutbox,
  listLetters,
  listMessages,
  OUTBOX_STATES,
  type OutboxState,
  previewLetter,
  retryMessages,
  saveLetter,
  showLetter,
  showMessage,
} from '../../letters/index.ts';
import type { Cli } from '../cli.ts';
import { readTextFile } from '../json-file.ts';
import { wholeNumber, withId } from '../number.ts';
import { verb } from '../program.ts';
import { printable, type Screen } from '../screen.ts';

type Result<O extends { run: (...args: never[]) => unknown }> = Awaited<ReturnType<O['run']>>;

interface ChoiceOptions {
  readonly run?: number;
}

export function addOutboxCommands(cli: Cli, program: Command): void {
  const { screen } = cli;
  const outbox = verb(cli, program, 'outbox', 'cli.group.outbox');

  verb(cli, outbox, 'list', listMessages.summary)
    .option('--run <id>', screen.text('cli.outbox.run', {}), wholeNumber(cli, '--run', 1))
    .addOption(new Option('--state <state>', screen.text('cli.outbox.state', {})).choices(OUTBOX_STATES))
    .option('--limit <n>', screen.text('cli.option.limit', {}), wholeNumber(cli, '--limit', 1), 50)
    .option('--after <n>', screen.text('cli.option.after', {}), wholeNumber(cli, '--after', 1))
    .action((options: { run?: number; state?: OutboxState; limit: number; after?: number }) =>
      cli.answer(
        (session) => session.perform(listMessages, options),
        (page) => showList(screen, page),
      ),
    );

  withId(cli, verb(cli, outbox, 'show', showMessage.summary)).action((id: number) =>
    cli.answer(
      (session) => session.perform(showMessage, { id }),
      (message) => showOne(screen, message),
    ),
  );

  verb(cli, outbox, 'retry [ids...]', retryMessages.summary)
    .option('--run <id>', screen.text('cli.outbox.run', {}), wholeNumber(cli, '--run', 1))
    .action((ids: string[], { run }: ChoiceOptions) =>
      cli.answer(
        (session) => session.perform(retryMessages, { ...(ids.length > 0 && { ids }), ...(run !== undefined && { run }) }),
        ({ queued, no_address }) => screen.say('cli.outbox.retried', { queued, no_address }),
      ),
    );

  verb(cli, outbox, 'cancel [ids...]', cancelOutbox.summary)
    .option('--run <id>', screen.text('cli.outbox.run', {}), wholeNumber(cli, '--run', 1))
    .action((ids: string[], { run }: ChoiceOptions) =>
      cli.answer(
        (session) => session.perform(cancelOutbox, { ...(ids.length > 0 && { ids }), ...(run !== undefined && { run }) }),
        ({ cancelled }) => screen.say('cli.outbox.given_up', { cancelled }),
      ),
    );
}

export function addLetterCommands(cli: Cli, program: Command): void {
  const { screen } = cli;
  const letters = verb(cli, program, 'letters', 'cli.group.letters');

  verb(cli, letters, 'list', listLetters.summary).action(() =>
    cli.answer(
      (session) => session.perform(listLetters, {}),
      ({ types }) => showTypes(screen, types),
    ),
  );

  verb(cli, letters, 'show <type> [language]', showLetter.summary).action((type: string, language: string | undefined) =>
    cli.answer(
      (session) => session.perform(showLetter, { type, ...(language !== undefined && { language }) }),
      (result) => showTemplates(screen, result),
    ),
  );

  verb(cli, letters, 'edit <type> <language> <file>', saveLetter.summary)
    .requiredOption('--subject <text>', screen.text('cli.letters.subject', {}))
    .requiredOption('--based-on <n>', screen.text('cli.letters.text', {}), wholeNumber(cli, '--based-on', 0))
    .action(async (type: string, language: string, file: string, options: { subject: string; basedOn: number }) => {
      const input = { type, language, subject: options.subject, body: await readTextFile(file), based_on: options.basedOn };
      await cli.answer(
        (session) => session.perform(saveLetter, input),
        (saved) => screen.say('cli.letters.saved', saved),
      );
    });

  verb(cli, letters, 'preview <type> <user>', previewLetter.summary)
    .option('--language <tag>', screen.text('cli.letters.language', {}))
    .action((type: string, user: string, options: { language?: string }) =>
      cli.answer(
        (session) => session.perform(previewLetter, { type, user, ...options }),
        (letter) => showLetterText(screen, { to: letter.to, subject: letter.subject, text: letter.text }),
      ),
    );
}

function showList(screen: Screen, page: Result<typeof listMessages>): void {
  screen.say('cli.outbox.count', { count: page.total });
  if (page.messages.length === 0) return;
  screen.table(
    [
      { title: '#', align: 'right' },
      { title: screen.text('cli.label.run', {}), align: 'right' },
      { title: screen.text('cli.label.user', {}), max: 24 },
      { title: screen.text('cli.label.letter', {}), max: 28 },
      { title: screen.text('cli.label.state', {}) },
      { title: screen.text('cli.label.address', {}), max: 36 },
      { title: screen.text('cli.label.sent', {}) },
    ],
    page.messages.map((message) => [
      String(message.id),
      String(message.run_id),
      printable(message.user),
      message.letter,
      stateOf(screen, message.state),
      printable(message.to ?? '–'),
      message.sent_at === null ? printable(message.error ?? '–') : screen.date(message.sent_at),
    ]),
  );
  if (page.next !== null) screen.say('cli.more', { command: `--after ${page.next}` });
}

function stateOf(screen: Screen, state: OutboxState): string {
  return screen.text(`cli.outbox.${state}`, {});
}

function showOne(screen: Screen, message: Result<typeof showMessage>): void {
  screen.pairs([
    [screen.text('cli.label.user', {}), printable(message.user)],
    [screen.text('cli.label.run', {}), `${message.run_id} ${printable(message.run_name)}`],
    [screen.text('cli.label.letter', {}), message.letter],
    [screen.text('cli.label.state', {}), stateOf(screen, message.state)],
    ...(message.error === null ? [] : [[screen.text('cli.label.reason', {}), printable(message.error)] as const]),
    ...(message.sent_at === null ? [] : [[screen.text('cli.label.sent', {}), screen.date(message.sent_at)] as const]),
    ...(message.file === null ? [] : [[screen.text('cli.label.file', {}), message.file] as const]),
  ]);
  if (message.content === null) return;
  screen.line();
  showLetterText(screen, { to: message.to, subject: message.content.subject, text: message.content.text });
}

/** A letter as it looks: to whom, about what, and its text, set off by a bar at the left. */
export function showLetterText(screen: Screen, letter: { to: string | null; subject: string; text: string }): void {
  const bar = screen.style('dim', '│');
  screen.line(`${bar} ${screen.style('dim', `${screen.text('cli.letters.to', {})}:`)} ${printable(letter.to ?? '–')}`);
  screen.line(
    `${bar} ${screen.style('dim', `${screen.text('cli.letters.about', {})}:`)} ${screen.style('bold', printable(letter.subject))}`,
  );
  screen.line(bar);
  for (const line of letter.text.trimEnd().split(/\r?\n/)) screen.line(`${bar} ${printable(line)}`.trimEnd());
}

function showTypes(screen: Screen, types: Result<typeof listLetters>['types']): void {
  screen.table(
    [
      { title: screen.text('cli.label.letter', {}) },
      { title: screen.text('cli.label.name', {}), max: 40 },
      { title: screen.text('cli.label.languages', {}) },
      { title: screen.text('cli.label.description', {}), max: 70 },
    ],
    types.map((type) => [type.type, type.label, type.languages.join(', ') || '–', type.description ?? '']),
  );
}

function showTemplates(screen: Screen, type: Result<typeof showLetter>): void {
  screen.heading(`${type.type}  ${type.label}`);
  for (const letter of type.letters) {
    screen.line();
    screen.pairs([
      [screen.text('cli.label.language', {}), letter.language],
      [screen.text('cli.letters.about', {}), letter.subject],
      [screen.text('cli.label.modified', {}), `${screen.date(letter.modified_at)} ${letter.modified_by ?? ''}`.trimEnd()],
    ]);
    screen.line();
    for (const line of letter.body.trimEnd().split(/\r?\n/)) screen.line(`  ${printable(line)}`.trimEnd());
  }
}
