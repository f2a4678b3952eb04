import type { Command } from 'commander';
import { createSchedule, deleteSchedule, listSchedules, type Schedule, switchSchedule } from '../../runs/index.ts';
import type { Cli } from '../cli.ts';
import { withId } from '../number.ts';
import { verb } from '../program.ts';
import { printable, type Screen } from '../screen.ts';
import { planOf } from './plan.ts';

interface CreateOptions {
  readonly set: string;
  readonly plan?: string;
  readonly template?: string;
  readonly at?: string;
  readonly cron?: string;
}

/** `muster jobs schedule …` */
export function addScheduleCommands(cli: Cli, jobs: Command): void {
  const { screen } = cli;
  const schedules = verb(cli, jobs, 'schedule', 'cli.group.schedules');

  verb(cli, schedules, 'create <name>', createSchedule.summary)
    .requiredOption('--set <set>', screen.text('cli.jobs.set', {}))
    .option('--plan <file>', screen.text('cli.jobs.plan', {}))
    .option('--template <name>', screen.text('cli.jobs.template', {}))
    .option('--at <instant>', screen.text('cli.schedules.at', {}))
    .option('--cron <expression>', screen.text('cli.schedules.cron', {}))
    .action((name: string, { set, at, cron, ...plan }: CreateOptions) =>
      cli.answer(
        async (session) =>
          session.perform(createSchedule, {
            name,
            set,
            plan: await planOf(cli, session, plan),
            ...(at !== undefined && { at }),
            ...(cron !== undefined && { cron }),
          }),
        (schedule) => screen.say('cli.schedules.created', { name: printable(schedule.name), at: screen.date(schedule.next_at) }),
      ),
    );

  verb(cli, schedules, 'list', listSchedules.summary).action(() =>
    cli.answer(
      (session) => session.perform(listSchedules, {}),
      (result) => showList(screen, result.schedules),
    ),
  );

  for (const enabled of [true, false]) {
    withId(cli, verb(cli, schedules, enabled ? 'on' : 'off', enabled ? 'cli.schedules.on' : 'cli.schedules.off')).action((id: number) =>
      cli.answer(
        (session) => session.perform(switchSchedule, { id: id, enabled }),
        (schedule) => showList(screen, [schedule]),
      ),
    );
  }

  withId(cli, verb(cli, schedules, 'delete', deleteSchedule.summary)).action((id: number) =>
    cli.answer(
      (session) => session.perform(deleteSchedule, { id }),
      ({ deleted }) => screen.say('cli.schedules.deleted', { id: String(deleted) }),
    ),
  );
}

function showList(screen: Screen, schedules: readonly Schedule[]): void {
  screen.say('cli.schedules.count', { count: schedules.length });
  if (schedules.length === 0) return;
  screen.table(
    [
      { title: '#', align: 'right' },
      { title: screen.text('cli.label.name', {}), max: 40 },
      { title: screen.text('cli.label.set', {}), max: 30 },
      { title: screen.text('cli.label.when', {}) },
      { title: screen.text('cli.label.next', {}) },
      { title: screen.text('cli.label.owner', {}), max: 20 },
    ],
    schedules.map((schedule) => [
      String(schedule.id),
      printable(schedule.name),
      printable(schedule.set),
      schedule.cron ?? screen.date(schedule.run_at),
      schedule.enabled ? screen.date(schedule.next_at) : screen.text('cli.schedules.is_off', {}),
      printable(schedule.owner),
    ]),
  );
}
