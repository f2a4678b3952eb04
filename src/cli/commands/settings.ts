import type { Command } from 'commander';
import { getSetting, listSettings, setSetting, type SettingView } from '../../access/index.ts';
import type { Cli } from '../cli.ts';
import { verb } from '../program.ts';
import { printable } from '../screen.ts';

/** `muster settings …` */
export function addSettingCommands(cli: Cli, program: Command): void {
  const { screen } = cli;
  const settings = verb(cli, program, 'settings', 'cli.group.settings');

  verb(cli, settings, 'list', listSettings.summary).action(() =>
    cli.answer(
      (session) => session.perform(listSettings, {}),
      (result) => {
        screen.table(
          [
            { title: screen.text('cli.settings.setting', {}) },
            { title: screen.text('cli.settings.value', {}), max: 30 },
            { title: screen.text('cli.label.description', {}), max: 70 },
          ],
          result.settings.map((setting) => [setting.name, valueText(setting), setting.label]),
        );
      },
    ),
  );

  verb(cli, settings, 'get <name>', getSetting.summary).action((name: string) =>
    cli.answer(
      (session) => session.perform(getSetting, { name }),
      (setting) => screen.line(valueText(setting)),
    ),
  );

  verb(cli, settings, 'set <name> [value]', setSetting.summary)
    .option('--default', screen.text('cli.settings.default', {}))
    .action((name: string, value: string | undefined, options: { default?: true }) =>
      cli.answer(
        (session) =>
          session.perform(setSetting, { name, ...(value === undefined ? {} : { value: valueOf(value) }), reset: options.default === true }),
        (setting) => screen.say('cli.settings.saved', { name: setting.name, value: valueText(setting) }),
      ),
    );
}

/** JSON where it is JSON (`true`, `20`, `{…}`), else the text as it is. */
function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function valueText({ value }: SettingView): string {
  return printable(typeof value === 'string' ? value : JSON.stringify(value));
}
