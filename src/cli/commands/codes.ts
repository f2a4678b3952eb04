import type { Command } from 'commander';
import { showHealth } from '../../app/system-health.ts';
import { addCode, type CodeView, showCodeTable, showCodeTables, switchCode, updateCode } from '../../users/index.ts';
import type { Cli } from '../cli.ts';
import { verb } from '../program.ts';
import { printable, type Screen } from '../screen.ts';

/** `muster codes …` */
export function addCodeCommands(cli: Cli, program: Command): void {
  const { screen } = cli;
  const codes = verb(cli, program, 'codes', 'cli.group.codes');

  verb(cli, codes, 'tables', showCodeTables.summary).action(() =>
    cli.answer(
      (session) => session.perform(showCodeTables, {}),
      ({ tables }) => {
        for (const table of tables) screen.line(`${table.name}  ${printable(cli.language === 'de' ? table.label_de : table.label_en)}`);
      },
    ),
  );

  verb(cli, codes, 'list <table>', showCodeTable.summary).action((table: string) =>
    cli.answer(
      (session) => session.perform(showCodeTable, { table }),
      (result) => {
        for (const code of result.codes) {
          const retired = code.enabled ? '' : `  (${screen.text('cli.codes.retired', {})})`;
          screen.line(`${printable(code.code)}  ${printable(code.label_en)} | ${printable(code.label_de)}${retired}`);
        }
      },
    ),
  );

  verb(cli, codes, 'add <table> <code>', addCode.summary)
    .requiredOption('--en <text>', screen.text('cli.codes.words', {}))
    .requiredOption('--de <text>', screen.text('cli.codes.words', {}))
    .action((table: string, code: string, { en, de }: { en: string; de: string }) =>
      cli.answer(
        (session) => session.perform(addCode, { table, code, label_en: en, label_de: de }),
        (made) => said(screen, made),
      ),
    );

  verb(cli, codes, 'edit <table> <code>', updateCode.summary)
    .option('--en <text>', screen.text('cli.codes.words', {}))
    .option('--de <text>', screen.text('cli.codes.words', {}))
    .option('--default', screen.text('cli.codes.default', {}))
    .action((table: string, code: string, { en, de, default: standard }: { en?: string; de?: string; default?: true }) =>
      cli.answer(
        (session) =>
          session.perform(updateCode, {
            table,
            code,
            ...(en === undefined ? {} : { label_en: en }),
            ...(de === undefined ? {} : { label_de: de }),
            ...(standard === true ? { is_default: true } : {}),
          }),
        (changed) => said(screen, changed),
      ),
    );

  for (const [name, enabled] of [
    ['on', true],
    ['off', false],
  ] as const) {
    verb(cli, codes, `${name} <table> <code>`, `cli.codes.${name}`).action((table: string, code: string) =>
      cli.answer(
        (session) => session.perform(switchCode, { table, code, enabled }),
        (changed) => said(screen, changed),
      ),
    );
  }
}

function said(screen: Screen, { table, code, label_en, label_de }: CodeView): void {
  screen.say('cli.codes.saved', { table, code: printable(code), en: printable(label_en), de: printable(label_de) });
}

/** `muster system health` */
export function addSystemCommands(cli: Cli, program: Command): void {
  const system = verb(cli, program, 'system', 'cli.group.system');
  verb(cli, system, 'health', showHealth.summary).action(() =>
    cli.answer(
      (session) => session.perform(showHealth, {}),
      (health) => cli.screen.line(JSON.stringify(health, null, 2)),
    ),
  );
}
