import { type Command, Option } from 'commander';
import { previewJobLetter } from '../../runs/index.ts';
import type { Cli } from '../cli.ts';
import { verb } from '../program.ts';
import { printable, type Screen } from '../screen.ts';
import { type Form, FORMS, showForm, writeForm } from './letters.ts';
import { type PlanOptions, planOf, withPlan } from './plan.ts';

interface LetterOptions extends PlanOptions {
  readonly form: Form;
  readonly language?: string;
  readonly name?: string;
  readonly out?: string;
}

/** `muster jobs preview-letter`: the letters of a plan as one user would get them. */
export function addPreviewLetterCommand(cli: Cli, jobs: Command): void {
  const { screen } = cli;
  withPlan(cli, verb(cli, jobs, 'preview-letter <user>', previewJobLetter.summary))
    .option('--name <name>', screen.text('cli.jobs.name', {}))
    .option('--language <tag>', screen.text('cli.letters.language', {}))
    .addOption(new Option('--form <form>', screen.text('cli.letters.form', {})).choices(FORMS).default('text'))
    .option('--out <file>', screen.text('cli.letters.out', {}))
    .action((user: string, options: LetterOptions) => {
      const { set, form, out, name, language } = options;
      const more = { ...(name !== undefined && { name }), ...(language !== undefined && { language }) };
      return cli.answer(
        async (session) => {
          const plan = await planOf(cli, session, options);
          const result = await session.perform(previewJobLetter, { user, set, plan, forms: [form], ...more });
          if (out !== undefined) {
            const first = result.letters.find((letter) => letter.outcome === 'queued');
            await writeForm(out, form, first);
          }
          return result;
        },
        (result) => showLetters(screen, result, form, out),
      );
    });
}

type Result = Awaited<ReturnType<(typeof previewJobLetter)['run']>>;

function showLetters(screen: Screen, { in_set, letters }: Result, form: Form, out: string | undefined): void {
  if (in_set === false) screen.line(screen.style('yellow', `! ${screen.text('cli.preview_letter.not_in_set', {})}`));
  if (letters.length === 0) screen.say('cli.preview_letter.none', {});
  for (const letter of letters) {
    const way = letter.channel === null ? '' : screen.text(`letter_counts.${letter.channel}`, {});
    const more = letter.channel === null ? [letter.reason ?? ''] : [way, letter.language ?? ''];
    screen.line(`${screen.style('cyan', '✉')} ${screen.style('bold', letter.type)}  ${more.map(printable).join('  ')}`);
    if (letter.channel !== null) showForm(screen, letter, form);
  }
  if (out !== undefined) screen.pairs([[screen.text('cli.label.file', {}), out]]);
}
