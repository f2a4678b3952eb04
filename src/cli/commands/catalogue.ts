import type { Command } from 'commander';
import { catalogue, CHANGE_KINDS, type ChangeKind } from '../../changes/index.ts';
import { type CatalogueField, filterCatalogue } from '../../filters/index.ts';
import type { Cli } from '../cli.ts';
import { verb } from '../program.ts';

/** What can be changed and asked for; needs no database. */
export function addCatalogueCommands(cli: Cli, program: Command): void {
  verb(cli, program, 'changes [kind]', 'cli.command.changes').action((kind: string | undefined) => {
    const kinds = [...CHANGE_KINDS.values()].filter((each) => kind === undefined || each.kind === kind);
    if (kinds.length === 0) throw cli.wrongUsage('cli.changes.unknown', { kind: kind ?? '' });
    const names = new Set(kinds.map((each) => each.kind));
    const changes = catalogue(cli.language).filter((change) => 'change' in change && names.has(String(change.change)));
    cli.tell({ changes }, () => showKinds(cli, kinds, kind !== undefined));
  });

  const filters = verb(cli, program, 'filters', 'cli.group.filters');
  verb(cli, filters, 'fields', 'cli.command.filter_fields').action(() => {
    cli.tell(filterCatalogue(), ({ fields, children, operators }) => {
      const { screen } = cli;
      showFields(cli, fields);
      for (const child of children) {
        screen.line();
        screen.heading(`has ${child.name}( … )  ${child.label[cli.language]}`);
        showFields(cli, child.fields);
      }
      screen.line();
      screen.table(
        [{ title: screen.text('cli.label.operator', {}) }, { title: screen.text('cli.label.meaning', {}) }],
        Object.entries(operators).map(([operator, label]) => [operator.replaceAll('_', ' '), label[cli.language]]),
      );
    });
  });
}

function showKinds({ screen, language }: Cli, kinds: readonly ChangeKind[], examples: boolean): void {
  for (const kind of kinds) {
    screen.line(`${screen.style('bold', kind.kind)}  ${kind.label[language]}`);
    screen.line(`  ${kind.help[language]}`);
    for (const example of examples ? kind.examples : kind.examples.slice(0, 1)) {
      screen.line(`  ${screen.style('dim', JSON.stringify(example))}`);
    }
  }
}

function showFields({ screen, language }: Cli, fields: readonly CatalogueField[]): void {
  screen.table(
    [
      { title: screen.text('cli.label.field', {}) },
      { title: screen.text('cli.label.type', {}) },
      { title: screen.text('cli.label.name', {}) },
      { title: screen.text('cli.label.codes', {}) },
    ],
    fields.map((field) => [field.name, field.type, field.label[language], field.code_table ?? '']),
  );
}
