import type { Command } from 'commander';
import {
  listLetters,
  previewLetter,
  saveLetter,
  showLetter,
} from '../../letters/index.ts';
import type { Cli } from '../cli.ts';
import { readTextFile } from '../json-file.ts';
import { wholeNumber } from '../number.ts';
import { verb } from '../program.ts';
import { printable, type Screen } from '../screen.ts';

type Result<O extends { run: (...args: never[]) => unknown }> = Awaited<ReturnType<O['run']>>;

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

  verb(cli, letters, 'preview <type> [users...]', previewLetter.summary)
    .option('--language <tag>', screen.text('cli.letters.language', {}))
    .action((type: string, users: string[], options: { language?: string }) =>
      cli.answer(
        (session) => session.perform(previewLetter, { type, users, ...options }),
        (result) => {
          for (const { to, subject, text } of result.letters) showLetterText(screen, { to, subject, text: text ?? '' });
        },
      ),
    );
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
