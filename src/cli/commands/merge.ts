import type { Command } from 'commander';
import { type MergePreview, mergeUsers, previewMerge } from '../../runs/index.ts';
import { confirm, requireTerminal } from '../ask.ts';
import type { Cli, Session } from '../cli.ts';
import { verb } from '../program.ts';
import { printable, type Screen } from '../screen.ts';

interface Options {
  readonly preview?: true;
  readonly take?: string;
  readonly leave?: string;
  readonly confirm?: true;
}

interface Pair {
  readonly keep: string;
  readonly give_up: string;
  readonly choices: Readonly<Record<string, 'keep' | 'give_up'>>;
}

/** `muster users merge` */
export function addMergeCommand(cli: Cli, users: Command): void {
  const { screen } = cli;
  verb(cli, users, 'merge <keep> <give-up>', mergeUsers.summary)
    .option('--preview', screen.text('cli.merge.preview', {}))
    .option('--take <fields>', screen.text('cli.merge.take', {}))
    .option('--leave <fields>', screen.text('cli.merge.leave', {}))
    .option('--confirm', screen.text('cli.merge.confirm', {}))
    .action((keep: string, giveUp: string, options: Options) => {
      const pair: Pair = { keep, give_up: giveUp, choices: { ...chosen(options.take, 'give_up'), ...chosen(options.leave, 'keep') } };
      if (options.preview === true) {
        return cli.answer(
          (session) => session.perform(previewMerge, pair),
          (preview) => showMerge(screen, preview),
        );
      }
      if (options.confirm !== true) requireTerminal();
      return cli.answer(
        (session) => merge(cli, session, pair, options.confirm === true),
        ({ id, ...names }) => screen.say('cli.merge.done', { run: id, keep: printable(names.keep), give_up: printable(names.give_up) }),
      );
    });
}

function chosen(fields: string | undefined, side: 'keep' | 'give_up'): Record<string, 'keep' | 'give_up'> {
  const names = (fields ?? '').split(',').map((name) => name.trim());
  return Object.fromEntries(names.filter((name) => name !== '').map((name) => [name, side]));
}

/** What was looked at is what is merged: whoever changes one of the two in between is told, and nothing is written. */
async function merge(cli: Cli, session: Session, pair: Pair, confirmed: boolean) {
  const preview = await session.perform(previewMerge, pair);
  if (!confirmed) {
    showMerge(cli.aside, preview);
    cli.aside.line();
    const names = { keep: printable(preview.keep.primary_id), give_up: printable(preview.give_up.primary_id) };
    await confirm(cli.aside.text('cli.merge.ask', names), preview.keep.primary_id);
  }
  return session.perform(mergeUsers, { ...pair, match: { keep: preview.keep.tag, give_up: preview.give_up.tag } });
}

function showMerge(screen: Screen, preview: MergePreview): void {
  const names = { keep: printable(preview.keep.primary_id), give_up: printable(preview.give_up.primary_id) };
  screen.heading(screen.text('cli.merge.heading', names));
  for (const { text } of preview.warnings) screen.line(screen.style('yellow', `! ${printable(text)}`));
  screen.line();
  screen.table(
    [
      { title: screen.text('cli.label.field', {}), max: 28 },
      { title: names.keep, max: 28 },
      { title: names.give_up, max: 28 },
      { title: screen.text('cli.merge.result', {}), max: 40 },
    ],
    preview.fields.map(({ label, keep, give_up, result, from }) => [
      label,
      shown(screen, keep),
      shown(screen, give_up),
      `${shown(screen, result)}  (${screen.text(`cli.merge.from_${from}`, {})})`,
    ]),
  );
  screen.line();
  for (const { label, outcome, state } of preview.rows) {
    if (outcome === 'stays') continue;
    const words = Object.entries(state.values).flatMap(([name, value]) =>
      name === 'segment' || value === false || value === ''
        ? []
        : [printable(state.labels[name] ?? (typeof value === 'string' ? value : JSON.stringify(value)))],
    );
    screen.line(`${screen.style('dim', label)}  ${words.join(' · ')}  (${screen.text(`cli.merge.${outcome}`, {})})`);
  }
  screen.line();
  screen.say('cli.merge.holdings', preview.holdings);
}

function shown(screen: Screen, { value, label }: MergePreview['fields'][number]['keep']): string {
  if (value === null || value === undefined) return '–';
  if (label !== null) return printable(label);
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)) return screen.date(value);
  return printable(String(value));
}
