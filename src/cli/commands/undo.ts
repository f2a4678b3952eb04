import type { Command } from 'commander';
import { previewUndo, type RunReport, type UndoPreview, undoRun } from '../../runs/index.ts';
import { answerRun } from '../answer-run.ts';
import { confirm, requireTerminal } from '../ask.ts';
import type { Cli, Session } from '../cli.ts';
import { wholeNumber, withId } from '../number.ts';
import { verb } from '../program.ts';
import { countsLine, showUsers } from '../run-text.ts';
import type { Screen } from '../screen.ts';
import { waitForRun } from '../waiting.ts';

interface UndoOptions {
  readonly changes?: number[];
  readonly set?: string;
  readonly users?: string[];
  readonly preview?: true;
  readonly yes?: true;
  readonly wait: boolean;
}

/** `muster jobs undo` */
export function addUndoCommand(cli: Cli, jobs: Command): void {
  const { screen } = cli;
  withId(cli, verb(cli, jobs, 'undo', undoRun.summary))
    .option('--changes <numbers>', screen.text('cli.undo.changes', {}), (text) => text.split(',').map(wholeNumber(cli, '--changes', 1)))
    .option('--set <set>', screen.text('cli.undo.set', {}))
    .option('--users <list>', screen.text('cli.undo.users', {}), (text) => text.split(/[,\s]+/).filter((part) => part !== ''))
    .option('--preview', screen.text('cli.undo.preview', {}))
    .option('--yes', screen.text('cli.option.yes', {}))
    .option('--no-wait', screen.text('cli.option.no_wait', {}))
    .action((id: number, options: UndoOptions) => {
      const choice = undoChoice(id, options);
      if (options.preview === true) {
        return cli.answer(
          (session) => session.perform(previewUndo, choice),
          (preview) => showUndoPreview(screen, preview),
        );
      }
      if (options.yes !== true) requireTerminal();
      return answerRun(cli, (session) => undo(cli, session, choice, options));
    });
}

interface UndoChoice {
  readonly id: number;
  readonly changes?: number[];
  readonly set?: string;
  readonly users?: string[];
}

function undoChoice(id: number, { changes, set, users }: UndoOptions): UndoChoice {
  return { id, ...(changes !== undefined && { changes }), ...(set !== undefined && { set }), ...(users !== undefined && { users }) };
}

async function undo(cli: Cli, session: Session, choice: UndoChoice, options: UndoOptions): Promise<RunReport> {
  if (options.yes !== true) {
    const preview = await session.perform(previewUndo, { ...choice, page: { limit: 5 } });
    showUndoPreview(cli.aside, preview);
    cli.aside.line();
    await confirm(cli.screen.text('cli.ask.undo', { users: preview.changed }), null);
  }
  const started = await session.perform(undoRun, { ...choice, confirm: true });
  return options.wait ? waitForRun(cli, session, started.id) : session.look(started.id);
}

function showUndoPreview(screen: Screen, preview: UndoPreview): void {
  screen.heading(screen.text('cli.undo.title', {}));
  const { members, changed, unchanged, conflict } = preview;
  screen.line(countsLine(screen, { members, changed, unchanged, conflict }, 'would'));
  if (preview.sent_letters > 0) screen.line(screen.style('yellow', `! ${screen.text('cli.undo.sent', { letters: preview.sent_letters })}`));
  showUsers(screen, preview.users);
}
