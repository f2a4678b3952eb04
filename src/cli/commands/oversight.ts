import type { Command } from 'commander';
import { approveRun, listWaiting, rejectRun, subscribeToRuns } from '../../runs/index.ts';
import { answerRun } from '../answer-run.ts';
import type { Cli } from '../cli.ts';
import { wholeNumber, withId } from '../number.ts';
import { verb } from '../program.ts';
import { printable } from '../screen.ts';
import { waitForRun } from '../waiting.ts';

/** `muster jobs waiting`, `approve`, `reject`, `subscribe` */
export function addOversightCommands(cli: Cli, jobs: Command): void {
  const { screen } = cli;

  verb(cli, jobs, 'waiting', listWaiting.summary).action(() =>
    cli.answer(
      (session) => session.perform(listWaiting, {}),
      ({ jobs: waiting }) => {
        if (waiting.length === 0) return screen.say('cli.jobs.none_waiting', {});
        screen.table(
          [
            { title: '#', align: 'right' },
            { title: screen.text('cli.label.name', {}), max: 44 },
            { title: screen.text('cli.label.members', {}), align: 'right' },
            { title: screen.text('cli.label.started_by', {}), max: 24 },
            { title: screen.text('cli.label.created', {}) },
            { title: screen.text('cli.label.reason', {}) },
          ],
          waiting.map((run) => [
            String(run.id),
            printable(run.name),
            screen.number(run.members),
            printable(run.created_by),
            screen.date(run.created_at),
            run.reason_text ?? '',
          ]),
        );
      },
    ),
  );

  withId(cli, verb(cli, jobs, 'approve', approveRun.summary))
    .option('--no-wait', screen.text('cli.option.no_wait', {}))
    .action((id: number, { wait }: { wait: boolean }) =>
      answerRun(cli, async (session) => {
        await session.perform(approveRun, { id });
        return wait ? waitForRun(cli, session, id) : session.look(id);
      }),
    );

  withId(cli, verb(cli, jobs, 'reject', rejectRun.summary))
    .requiredOption('--reason <text>', screen.text('cli.jobs.reject_reason', {}))
    .action((id: number, { reason }: { reason: string }) =>
      cli.answer(
        (session) => session.perform(rejectRun, { id, reason }),
        (moved) => screen.say('cli.jobs.moved', { id: String(moved.id), state: screen.textOf(`state.${moved.state}`) }),
      ),
    );

  verb(cli, jobs, 'subscribe', subscribeToRuns.summary)
    .option('--run <id>', screen.text('cli.jobs.subscribe_run', {}), wholeNumber(cli, '--run', 1))
    .option('--schedule <id>', screen.text('cli.jobs.subscribe_schedule', {}), wholeNumber(cli, '--schedule', 1))
    .option('--mine', screen.text('cli.jobs.subscribe_mine', {}))
    .option('--waiting', screen.text('cli.jobs.subscribe_waiting', {}))
    .option('--off', screen.text('cli.jobs.subscribe_off', {}))
    .action(({ off, ...which }: { run?: number; schedule?: number; mine?: true; waiting?: true; off?: true }) => {
      if (Object.keys(which).length !== 1) throw cli.wrongUsage('cli.jobs.subscribe_which', {});
      return cli.answer(
        (session) => session.perform(subscribeToRuns, { ...which, wanted: off !== true }),
        () => screen.say(off === true ? 'cli.jobs.unsubscribed' : 'cli.jobs.subscribed', {}),
      );
    });
}
