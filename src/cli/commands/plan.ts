import type { Command } from 'commander';
import { showTemplate } from '../../runs/index.ts';
import { uploadValues } from '../../sets/index.ts';
import type { Cli, Session } from '../cli.ts';
import { readJsonFile } from '../json-file.ts';

export interface PlanOptions {
  readonly set: string;
  readonly plan?: string;
  readonly template?: string;
  readonly values?: string;
}

export function withPlan(cli: Cli, command: Command): Command {
  const { screen } = cli;
  return command
    .requiredOption('--set <set>', screen.text('cli.jobs.set', {}))
    .option('--plan <file>', screen.text('cli.jobs.plan', {}))
    .option('--template <name>', screen.text('cli.jobs.template', {}))
    .option('--values <file>', screen.text('cli.jobs.values', {}));
}

/** The plan that the options name: a file or a template, with the values of an uploaded table. */
export async function planOf(cli: Cli, session: Session, options: Omit<PlanOptions, 'set'>): Promise<unknown> {
  if ((options.plan === undefined) === (options.template === undefined)) throw cli.wrongUsage('cli.jobs.plan_or_template', {});
  const plan =
    options.plan === undefined
      ? (await session.perform(showTemplate, { name: options.template ?? '' })).plan
      : await readJsonFile(options.plan);
  if (options.values === undefined || typeof plan !== 'object' || plan === null) return plan;
  const values = /^\d+$/.test(options.values) ? Number(options.values) : (await session.perform(uploadValues, { file: options.values })).id;
  return { ...plan, values };
}
