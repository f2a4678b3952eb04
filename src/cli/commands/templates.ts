import type { Command } from 'commander';
import { deleteTemplate, listTemplates, saveTemplate, showTemplate, type Template } from '../../runs/index.ts';
import type { Cli } from '../cli.ts';
import { readJsonFile } from '../json-file.ts';
import { verb } from '../program.ts';
import { printable, type Screen } from '../screen.ts';

/** `muster jobs template …` */
export function addTemplateCommands(cli: Cli, jobs: Command): void {
  const { screen } = cli;
  const templates = verb(cli, jobs, 'template', 'cli.group.templates');

  verb(cli, templates, 'save <name>', saveTemplate.summary)
    .requiredOption('--plan <file>', screen.text('cli.jobs.plan', {}))
    .option('--description <text>', screen.text('cli.sets.description', {}))
    .option('--public', screen.text('cli.sets.public', {}))
    .option('--locked', screen.text('cli.templates.locked', {}))
    .action(async (name: string, options: { plan: string; description?: string; public?: true; locked?: true }) => {
      const { plan: file, public: open, locked, ...rest } = options;
      const input = { name, plan: await readJsonFile(file), private: open !== true, locked: locked === true, ...rest };
      await cli.answer(
        (session) => session.perform(saveTemplate, input),
        (saved) => screen.say('cli.templates.saved', { name: printable(saved.name) }),
      );
    });

  verb(cli, templates, 'list', listTemplates.summary).action(() =>
    cli.answer(
      (session) => session.perform(listTemplates, {}),
      (result) => showList(screen, result.templates),
    ),
  );

  verb(cli, templates, 'show <name>', showTemplate.summary).action((name: string) =>
    cli.answer(
      (session) => session.perform(showTemplate, { name }),
      (template) => showOne(screen, template),
    ),
  );

  verb(cli, templates, 'delete <name>', deleteTemplate.summary).action((name: string) =>
    cli.answer(
      (session) => session.perform(deleteTemplate, { name }),
      ({ deleted }) => screen.say('cli.templates.deleted', { name: printable(deleted) }),
    ),
  );
}

function showList(screen: Screen, templates: readonly Template[]): void {
  screen.say('cli.templates.count', { count: templates.length });
  if (templates.length === 0) return;
  screen.table(
    [
      { title: screen.text('cli.label.name', {}), max: 40 },
      { title: screen.text('cli.label.changes', {}), align: 'right' },
      { title: screen.text('cli.label.owner', {}), max: 20 },
      { title: screen.text('cli.label.description', {}), max: 50 },
    ],
    templates.map((template) => [
      printable(template.name),
      String(template.plan.changes.length),
      printable(template.owner),
      printable(template.description ?? ''),
    ]),
  );
}

function showOne(screen: Screen, template: Template): void {
  screen.heading(printable(template.name));
  if (template.description !== null) screen.line(printable(template.description));
  screen.line(JSON.stringify(template.plan, null, 2));
}
