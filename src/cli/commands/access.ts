import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { verb } from '../program.ts';
import { addProfileCommands, addRuleCommands } from './access-profiles.ts';
import { addProviderCommands } from './access-providers.ts';
import { addReportCommand } from './access-report.ts';
import { addRoleCommands } from './access-roles.ts';
import { addSignInCommands } from './access-sign-in.ts';

/** `muster access …`: who may do what, and how people and programs come in. */
export function addAccessCommands(cli: Cli, program: Command): void {
  const access = verb(cli, program, 'access', 'cli.group.access');
  addRoleCommands(cli, access);
  addProfileCommands(cli, access);
  addRuleCommands(cli, access);
  addReportCommand(cli, access);
  addSignInCommands(cli, access);
  addProviderCommands(cli, access);
}
