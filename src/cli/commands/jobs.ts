import path from 'node:path';
import { type Command, Option } from 'commander';
import {
  abortRun,
  listOutcomes,
  listRuns,
  pauseRun,
  type Preview,
  exportPreview,
  previewJob,
  reportRun,
  resumeRun,
  type RunReport,
  type RunView,
  showRun,
  startRun,
  type UserOutcome,
} from '../../runs/index.ts';
import { uploadValues } from '../../sets/index.ts';
import { answerRun } from '../answer-run.ts';
import { confirm, requireTerminal } from '../ask.ts';
import type { Cli, Session } from '../cli.ts';
import { wholeNumber, withId } from '../number.ts';
import { verb } from '../program.ts';
import { showPreview, showReport } from '../run-text.ts';
import { printable, type Screen } from '../screen.ts';
import { waitForRun } from '../waiting.ts';
import { addOversightCommands } from './oversight.ts';
import { addPreviewLetterCommand } from './preview-letter.ts';
import { type PlanOptions, planOf, withPlan } from './plan.ts';
import { addScheduleCommands } from './schedules.ts';
import { addTemplateCommands } from './templates.ts';
import { addUndoCommand } from './undo.ts';

const OUTCOMES = ['changed', 'unchanged', 'skipped', 'failed', 'conflict'] as const;
type Outcome = (typeof OUTCOMES)[number];

interface RunOptions extends PlanOptions {
  readonly yes?: true;
  readonly wait: boolean;
  readonly digest?: string;
  readonly name?: string;
}

export function addJobCommands(cli: Cli, program: Command): void {
  const { screen } = cli;
  const jobs = verb(cli, program, 'jobs', 'cli.group.jobs');

  withPlan(cli, verb(cli, jobs, 'preview', previewJob.summary))
    .option('--limit <n>', screen.text('cli.option.limit', {}), wholeNumber(cli, '--limit', 0), 20)
    .option('--after <n>', screen.text('cli.option.after', {}), wholeNumber(cli, '--after', 0))
    .addOption(
      new Option('--outcome <outcome>', screen.text('cli.jobs.outcome', {})).choices(['changed', 'unchanged', 'skipped', 'failed']),
    )
    .option('--csv <file>', screen.text('cli.jobs.preview_csv', {}))
    .action((options: PlanOptions & { limit: number; after?: number; outcome?: Exclude<Outcome, 'conflict'>; csv?: string }) => {
      const { limit, after, outcome, csv } = options;
      if (csv !== undefined)
        return cli.answer(
          async (session) =>
            session.perform(exportPreview, {
              set: options.set,
              plan: await planOf(cli, session, options),
              file: path.resolve(csv),
              ...(outcome !== undefined && { outcome }),
            }),
          ({ users, file }) => screen.say('cli.report.csv', { rows: users, file }),
        );
      const page = { limit, ...(after !== undefined && { after }), ...(outcome !== undefined && { outcome }) };
      return cli.answer(
        async (session) => session.perform(previewJob, { set: options.set, plan: await planOf(cli, session, options), page }),
        (preview) => showPreview(screen, preview),
      );
    });

  addPreviewLetterCommand(cli, jobs);

  withPlan(cli, verb(cli, jobs, 'run', startRun.summary))
    .option('--yes', screen.text('cli.option.yes', {}))
    .option('--no-wait', screen.text('cli.option.no_wait', {}))
    .option('--digest <digest>', screen.text('cli.jobs.digest', {}))
    .option('--name <name>', screen.text('cli.jobs.name', {}))
    .action((options: RunOptions) => {
      if (options.yes !== true) requireTerminal();
      return answerRun(cli, (session) => run(cli, session, options));
    });

  addUndoCommand(cli, jobs);

  verb(cli, jobs, 'list', listRuns.summary)
    .option('--limit <n>', screen.text('cli.option.limit', {}), wholeNumber(cli, '--limit', 1), 50)
    .option('--before <id>', screen.text('cli.jobs.before', {}), wholeNumber(cli, '--before', 1))
    .option('--open', screen.text('cli.jobs.open', {}))
    .option('--all', screen.text('cli.jobs.all', {}))
    .option('--text <text>', screen.text('cli.jobs.text', {}))
    .action(({ all, ...options }: { limit: number; before?: number; open?: true; all?: true; text?: string }) => {
      const kinds = all === true ? { kinds: ['job', 'undo', 'import', 'edit', 'purge', 'feed', 'merge'] as RunView['kind'][] } : {};
      return cli.answer(
        (session) => session.perform(listRuns, { ...options, ...kinds }),
        (result) => showList(screen, result.jobs),
      );
    });

  withId(cli, verb(cli, jobs, 'show', showRun.summary)).action((id: number) =>
    cli.answer(
      (session) => session.perform(showRun, { id }),
      (report) => showReport(screen, report),
    ),
  );

  withId(cli, verb(cli, jobs, 'watch', 'cli.jobs.watch')).action((id: number) => {
    return answerRun(cli, async (session) => {
      await session.perform(showRun, { id });
      return waitForRun(cli, session, id);
    });
  });

  withId(cli, verb(cli, jobs, 'report', reportRun.summary))
    .option('--csv <file>', screen.text('cli.jobs.csv', {}))
    .addOption(new Option('--outcome <outcome>', screen.text('cli.jobs.outcome', {})).choices(OUTCOMES))
    .option('--limit <n>', screen.text('cli.option.limit', {}), wholeNumber(cli, '--limit', 1), 100)
    .option('--after <n>', screen.text('cli.option.after', {}), wholeNumber(cli, '--after', 0))
    .action((id: number, options: { csv?: string; outcome?: Outcome; limit: number; after?: number }) =>
      cli.answer(
        (session) => report(session, id, options),
        (result) => showFullReport(screen, result, options.csv),
      ),
    );

  for (const operation of [pauseRun, abortRun]) {
    withId(cli, verb(cli, jobs, operation.name.replace('job.', ''), operation.summary)).action((id: number) =>
      cli.answer(
        (session) => session.perform(operation, { id }),
        (moved) => screen.say('cli.jobs.moved', { id: String(moved.id), state: screen.textOf(`state.${moved.state}`) }),
      ),
    );
  }

  withId(cli, verb(cli, jobs, 'resume', resumeRun.summary))
    .option('--yes', screen.text('cli.option.yes', {}))
    .option('--no-wait', screen.text('cli.option.no_wait', {}))
    .action((id: number, { yes, wait }: { yes?: true; wait: boolean }) =>
      answerRun(cli, async (session) => {
        const moved = await session.perform(resumeRun, { id, confirm: yes === true });
        return wait ? waitForRun(cli, session, moved.id) : session.look(moved.id);
      }),
    );

  verb(cli, jobs, 'values <file>', uploadValues.summary)
    .option('--id-type <type>', screen.text('cli.sets.id_type', {}))
    .option('--name <name>', screen.text('cli.label.name', {}))
    .action((file: string, options: { idType?: string; name?: string }) =>
      cli.answer(
        (session) => session.perform(uploadValues, { file, ...options }),
        (table) => {
          screen.say('cli.values.uploaded', { id: String(table.id), rows: table.rows, columns: table.columns.join(', ') });
          const missing = table.not_found_count + table.ambiguous_count;
          if (missing > 0) screen.say('cli.values.unmatched', { not_found: table.not_found_count, ambiguous: table.ambiguous_count });
        },
      ),
    );

  addOversightCommands(cli, jobs);
  addTemplateCommands(cli, jobs);
  addScheduleCommands(cli, jobs);
}

async function run(cli: Cli, session: Session, options: RunOptions): Promise<RunReport> {
  const { set } = options;
  const plan = await planOf(cli, session, options);
  const digest = options.yes === true ? options.digest : (await confirmed(cli, session, set, plan)).digest;
  const started = await session.perform(startRun, {
    set,
    plan,
    confirm: true,
    ...(digest !== undefined && { digest }),
    ...(options.name !== undefined && { name: options.name }),
  });
  return options.wait ? waitForRun(cli, session, started.id) : session.look(started.id);
}

/** Shows the preview and asks; large runs want the number typed. */
async function confirmed(cli: Cli, session: Session, set: string, plan: unknown): Promise<Preview> {
  const preview = await session.perform(previewJob, { set, plan, page: { limit: 5 } });
  session.progress.end();
  showPreview(cli.aside, preview);
  cli.aside.line();
  const question = questionOf(cli, preview);
  await confirm(question, preview.guard.phrase);
  return preview;
}

function questionOf({ screen }: Cli, { guard, changed }: Preview): string {
  if (guard.phrase === null) return screen.text('cli.ask.run', { changed });
  return screen.text('cli.ask.run_guarded', { users: guard.users, of: guard.of, phrase: guard.phrase });
}

function showList(screen: Screen, runs: readonly RunView[]): void {
  screen.say('cli.jobs.count', { count: runs.length });
  if (runs.length === 0) return;
  const number = (run: RunView, name: Outcome | 'members'): string => screen.number(run.counts[name] ?? 0);
  screen.table(
    [
      { title: '#', align: 'right' },
      { title: screen.text('cli.label.name', {}), max: 44 },
      { title: screen.text('cli.label.state', {}) },
      { title: screen.text('cli.label.members', {}), align: 'right' },
      { title: screen.text('cli.label.changed', {}), align: 'right' },
      { title: screen.text('cli.label.failed', {}), align: 'right' },
      { title: screen.text('cli.label.started_by', {}), max: 20 },
      { title: screen.text('cli.label.started', {}) },
    ],
    runs.map((run) => [
      String(run.id),
      printable(run.name),
      run.state_text,
      number(run, 'members'),
      number(run, 'changed'),
      screen.number((run.counts['failed'] ?? 0) + (run.counts['conflict'] ?? 0)),
      printable(run.created_by),
      screen.date(run.started_at ?? run.created_at),
    ]),
  );
}

type FullReport = RunReport & {
  readonly csv_rows?: number | undefined;
  readonly users?: readonly UserOutcome[];
  readonly next?: number | null;
};

async function report(
  session: Session,
  id: number,
  options: { csv?: string; outcome?: Outcome; limit: number; after?: number },
): Promise<FullReport> {
  const { csv, outcome, limit, after } = options;
  const result = await session.perform(reportRun, { id, ...(csv !== undefined && { csv }), ...(outcome !== undefined && { outcome }) });
  if (outcome === undefined || csv !== undefined) return result;
  return { ...result, ...(await session.perform(listOutcomes, { id, outcome, limit, ...(after !== undefined && { after }) })) };
}

function showFullReport(screen: Screen, result: FullReport, csv: string | undefined): void {
  showReport(screen, result);
  if (csv !== undefined) screen.say('cli.report.csv', { rows: result.csv_rows ?? 0, file: csv });
  if (result.users === undefined) return;
  screen.line();
  screen.table(
    [{ title: screen.text('cli.label.user', {}) }, { title: screen.text('cli.label.reason', {}) }],
    result.users.map((user) => [printable(user.primary_id ?? String(user.user_id)), printable(user.text ?? '')]),
  );
  if (result.next !== undefined && result.next !== null) screen.say('cli.more', { command: `--after ${result.next}` });
}
