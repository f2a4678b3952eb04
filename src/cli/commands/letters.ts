import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { AppError } from '../../core/index.ts';
import { importLetterHtml, listLetterFields, listLetters, previewLetter, saveLetter, showLetter, testSend } from '../../letters/index.ts';
import { checkLetterOperation, findAwkwardUsers } from '../../runs/index.ts';
import type { Cli } from '../cli.ts';
import { readTextFile } from '../json-file.ts';
import { wholeNumber } from '../number.ts';
import { verb } from '../program.ts';
import { printable, type Screen } from '../screen.ts';
import { letterFile, readLetterFile } from '../text-file.ts';
import { showAwkward, showCheck, showFields } from './letter-check.ts';
import { addFrameAndSnippetCommands, addVersionCommands, editCommand, LETTER, saving } from './letter-texts.ts';

type Result<O extends { run: (...args: never[]) => unknown }> = Awaited<ReturnType<O['run']>>;

export const FORMS = ['text', 'html', 'sms', 'print'] as const;
export type Form = (typeof FORMS)[number];

interface Looking {
  readonly language?: string;
  readonly version?: number;
  readonly file?: string;
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

  verb(cli, letters, 'show <type> [language]', showLetter.summary)
    .option('--published', screen.text('cli.letters.only_published', {}))
    .option('--source', screen.text('cli.letters.source', {}))
    .action((type: string, language: string | undefined, options: { published?: true; source?: true }) =>
      cli.answer(
        (session) =>
          session.perform(showLetter, { type, ...(language !== undefined && { language }), published: options.published === true }),
        (result) => (options.source === true ? showSource(screen, result) : showTemplates(screen, result)),
      ),
    );

  editCommand(
    cli,
    letters,
    LETTER,
    async (session, [type = '', language = ''], text, how) => {
      const { subject, sms, body, based_on } = readLetterFile(text);
      if (subject === undefined) throw new AppError('cli.letters.no_subject', {});
      return session.perform(saveLetter, { type, language, subject, sms, body, ...saving(cli, how, based_on) });
    },
    letterFile,
  );

  looking(verb(cli, letters, 'preview <type> [users...]', previewLetter.summary))
    .addOption(new Option('--form <form>', screen.text('cli.letters.form', {})).choices(FORMS).default('text'))
    .option('--out <file>', screen.text('cli.letters.out', {}))
    .action((type: string, users: string[], { form, out, ...options }: Looking & { form: Form; out?: string }) =>
      cli.answer(
        async (session) => {
          const result = await session.perform(previewLetter, { type, users, forms: [form], ...(await wording(options)) });
          if (out !== undefined) await writeForm(out, form, result.letters[0]);
          return result;
        },
        (result) => showPreview(screen, result, form, out),
      ),
    );

  looking(verb(cli, letters, 'test-send <type> [user]', testSend.summary))
    .option('--to <address>', screen.text('cli.letters.test_to', {}))
    .action((type: string, user: string | undefined, { to, ...options }: Looking & { to?: string }) =>
      cli.answer(
        async (session) =>
          session.perform(testSend, {
            type,
            ...(user !== undefined && { user }),
            ...(to !== undefined && { to }),
            ...(await wording(options)),
          }),
        (sent) => {
          screen.say('cli.letters.test_sent', { subject: printable(sent.subject), to: printable(sent.to) });
          if (sent.file !== null) screen.pairs([[screen.text('cli.label.file', {}), sent.file]]);
        },
      ),
    );

  const members = (command: Command): Command =>
    command
      .option('--set <set>', screen.text('cli.letters.for_set', {}))
      .option('--run <id>', screen.text('cli.letters.for_run', {}), wholeNumber(cli, '--run', 1));

  members(verb(cli, letters, 'check [type]', checkLetterOperation.summary))
    .option('--language <tag>', screen.text('cli.letters.language', {}))
    .option('--links', screen.text('cli.letters.links', {}))
    .action((type: string | undefined, options: { language?: string; set?: string; run?: number; links?: true }) =>
      cli.answer(
        async (session) => {
          const check = await session.perform(checkLetterOperation, { ...(type !== undefined && { type }), ...options });
          if (!check.good) cli.fail();
          return check;
        },
        (check) => showCheck(screen, check),
      ),
    );

  members(verb(cli, letters, 'awkward-users', findAwkwardUsers.summary)).action((options: { set?: string; run?: number }) =>
    cli.answer(
      (session) => session.perform(findAwkwardUsers, options),
      ({ users }) => showAwkward(screen, users),
    ),
  );

  addVersionCommands(cli, letters, LETTER);

  verb(cli, letters, 'import-html <file>', importLetterHtml.summary).action(async (file: string) => {
    const html = await readTextFile(file);
    await cli.answer(
      (session) => session.perform(importLetterHtml, { html }),
      ({ body }) => screen.line(body.trimEnd()),
    );
  });

  verb(cli, letters, 'fields', listLetterFields.summary).action(() =>
    cli.answer(
      (session) => session.perform(listLetterFields, {}),
      ({ fields }) => showFields(screen, fields),
    ),
  );

  addFrameAndSnippetCommands(cli, letters);

  function looking(command: Command): Command {
    return command
      .option('--language <tag>', screen.text('cli.letters.language', {}))
      .option('--version <n>', screen.text('cli.letters.version', {}), wholeNumber(cli, '--version', 1))
      .option('--file <file>', screen.text('cli.letters.file', {}));
  }
}

/** A file is a letter that is not saved yet. */
async function wording({ file, language, version }: Looking) {
  const named = { ...(language !== undefined && { language }), ...(version !== undefined && { version }) };
  if (file === undefined) return named;
  const { subject, sms, body } = readLetterFile(await readTextFile(file));
  return { ...named, source: { subject: subject ?? '', sms, body } };
}

type ShownLetter = Pick<Result<typeof previewLetter>['letters'][number], 'to' | 'subject' | 'text' | 'html' | 'sms' | 'print' | 'problem'>;

export async function writeForm(out: string, form: Form, letter: ShownLetter | undefined): Promise<void> {
  if (letter === undefined) return;
  const text = { text: letter.text, html: letter.html, sms: letter.sms?.text ?? null, print: null }[form];
  await writeFile(out, form === 'print' ? Buffer.from(letter.print?.pdf ?? '', 'base64') : (text ?? ''), { mode: 0o600 });
}

function showPreview(screen: Screen, result: Result<typeof previewLetter>, form: Form, out: string | undefined): void {
  for (const problem of result.problems) {
    screen.line(`${problem.part} ${problem.line}:${problem.column}  ${problem.message}`);
  }
  for (const letter of result.letters) showForm(screen, letter, form);
  if (out !== undefined) screen.pairs([[screen.text('cli.label.file', {}), out]]);
}

/** A letter in one of its forms, or why it has none. */
export function showForm(screen: Screen, { to, subject, text, html, sms, print, problem }: ShownLetter, form: Form): void {
  if (problem !== null) {
    screen.say('letters.render_failed', { detail: printable(problem) });
    return;
  }
  const shown = {
    text: text ?? '',
    html: html ?? '',
    sms: sms === null ? screen.text('cli.letters.no_sms', {}) : `${sms.text}\n\n${screen.text('cli.letters.sms', sms)}`,
    print: screen.text('cli.letters.pages', { pages: print?.pages ?? 0 }),
  };
  showLetterText(screen, { to, subject, text: shown[form] });
  screen.line();
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
    types.map((type) => [type.type, type.label, type.letters.map(stateOf).join(', ') || '–', type.description ?? '']),
  );
  if (types.some((type) => type.letters.some((letter) => letter.draft !== null))) screen.say('cli.letters.draft_mark', {});
}

/** `de`, or `de*` where there is a draft that is not published. */
function stateOf(letter: { readonly language: string; readonly draft: number | null }): string {
  return `${letter.language}${letter.draft === null ? '' : '*'}`;
}

function showTemplates(screen: Screen, type: Result<typeof showLetter>): void {
  screen.heading(`${type.type}  ${type.label}`);
  for (const letter of type.letters) {
    screen.line();
    screen.pairs([
      [screen.text('cli.label.language', {}), letter.language],
      [screen.text('cli.letters.version_label', {}), String(letter.version)],
      [screen.text('cli.letters.published', {}), letter.published === null ? '–' : String(letter.published)],
      [screen.text('cli.letters.about', {}), printable(letter.subject)],
      ...(letter.sms === null ? [] : [['SMS', printable(letter.sms)] as const]),
      [screen.text('cli.label.modified', {}), `${screen.date(letter.modified_at)} ${printable(letter.modified_by ?? '')}`.trimEnd()],
    ]);
    screen.line();
    for (const line of letter.body.trimEnd().split(/\r?\n/)) screen.line(`  ${printable(line)}`.trimEnd());
  }
}

/** As `edit` reads it. */
function showSource(screen: Screen, type: Result<typeof showLetter>): void {
  for (const letter of type.letters) screen.line(letterFile({ ...letter, number: letter.version }).trimEnd());
}
