import type { Command } from 'commander';
import { LIBRARY_OPERATIONS } from '../../runs/index.ts';
import type { Cli } from '../cli.ts';
import { verb } from '../program.ts';
import { printable, type Screen } from '../screen.ts';

const [aboutLibrary, recentLetters, showFigures] = LIBRARY_OPERATIONS;

/** `muster library …`: what the start page shows, as text. */
export function addLibraryCommands(cli: Cli, program: Command): void {
  const { screen } = cli;
  const library = verb(cli, program, 'library', 'cli.group.library');

  verb(cli, library, 'about', aboutLibrary.summary).action(() =>
    cli.answer(
      (session) => session.perform(aboutLibrary, {}),
      ({ name, today, time_zone: zone, sample }) => {
        screen.say('cli.library.about', { name: printable(name ?? '–'), today: screen.date(today), zone });
        if (sample) screen.say('cli.library.sample', {});
      },
    ),
  );

  verb(cli, library, 'figures', showFigures.summary).action(() =>
    cli.answer(
      (session) => session.perform(showFigures, {}),
      ({ by_account_type: types, by_status: states, by_user_group: groups, expiring }) => {
        for (const [title, figures] of [
          ['cli.library.types', types],
          ['cli.library.states', states],
          ['cli.library.groups', groups],
        ] as const) {
          showCounts(
            screen,
            screen.text(title, {}),
            figures.map(({ code, label, users }) => [label ?? code ?? '–', users]),
          );
        }
        showCounts(
          screen,
          screen.text('cli.library.expiring', {}),
          expiring.map(({ from, users }) => [from.slice(0, 7), users]),
        );
      },
    ),
  );

  verb(cli, library, 'letters', recentLetters.summary).action(() =>
    cli.answer(
      (session) => session.perform(recentLetters, {}),
      ({ letters }) => {
        for (const { run, job, letter, states } of letters) {
          const said = Object.entries(states).map(([state, messages]) => `${state} ${screen.number(messages)}`);
          screen.line(`${run}  ${printable(job)}  ${letter}  ${said.join(', ')}`);
        }
      },
    ),
  );
}

function showCounts(screen: Screen, title: string, rows: readonly (readonly [string, number])[]): void {
  screen.table(
    [{ title }, { title: screen.text('cli.library.users', {}), align: 'right' }],
    rows.map(([label, users]) => [printable(label), screen.number(users)]),
  );
  screen.line();
}
