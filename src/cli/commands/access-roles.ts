import type { Command } from 'commander';
import type { z } from 'zod';
import { type OwnRights, type RoleView, setRole, showOwnRights, showRoles } from '../../access/index.ts';
import type { GrantRule } from '../../core/index.ts';
import type { Cli } from '../cli.ts';
import { verb } from '../program.ts';
import type { Screen } from '../screen.ts';

/** `muster access roles`, `set-role`, `me` */
export function addRoleCommands(cli: Cli, access: Command): void {
  const { screen } = cli;

  verb(cli, access, 'roles [role]', showRoles.summary).action((role: string | undefined) =>
    cli.answer(
      (session) => session.perform(showRoles, role === undefined ? {} : { role }),
      ({ roles, privileges }) => {
        const words = new Map(privileges.map((privilege) => [privilege.name, privilege.label]));
        for (const each of roles) showRole(screen, each, role === undefined ? undefined : words);
      },
    ),
  );

  verb(cli, access, 'set-role <role>', setRole.summary)
    .option('--give <list>', screen.text('cli.access.give', {}))
    .option('--take <list>', screen.text('cli.access.take', {}))
    .option('--may-grant <roles>', screen.text('cli.access.may_grant', {}))
    .option('--close <list>', screen.text('cli.access.close', {}))
    .action((role: string, options: { give?: string; take?: string; mayGrant?: string; close?: string }) =>
      cli.answer(
        async (session) => {
          const input: Record<string, unknown> = { role };
          if (options.give !== undefined || options.take !== undefined) {
            const now = await session.perform(showRoles, { role });
            const taken = listOf(options.take);
            input['privileges'] = [...new Set([...(now.roles[0]?.privileges ?? []), ...listOf(options.give)])].filter(
              (p) => !taken.includes(p),
            );
          }
          if (options.mayGrant !== undefined) input['grants'] = grantsOf(options.mayGrant);
          if (options.close !== undefined) input['closed'] = options.close === 'none' ? [] : listOf(options.close);
          // Words from the command line; the operation says which of them it does not know.
          return session.perform(setRole, input as z.input<typeof setRole.input>);
        },
        (changed) => {
          screen.say('cli.access.changed_role', { role: `${changed.role} ${changed.label}` });
          showRole(screen, changed, undefined);
        },
      ),
    );

  verb(cli, access, 'me', showOwnRights.summary).action(() =>
    cli.answer(
      (session) => session.perform(showOwnRights, {}),
      (own) => showOwn(screen, own),
    ),
  );
}

/** `a, b,c` → `['a', 'b', 'c']` */
export function listOf(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** `all`, `none`, `all but 26,50`, or a list of codes. */
function grantsOf(text: string): GrantRule {
  const but = /^all(?:\s+but\s+(.+))?$/.exec(text.trim());
  if (but !== null) return { all: true, roles: listOf(but[1]) };
  return { all: false, roles: text.trim() === 'none' ? [] : listOf(text) };
}

function showRole(screen: Screen, role: RoleView, words: ReadonlyMap<string, string> | undefined): void {
  screen.heading(`${role.role}  ${role.label}`);
  if (words === undefined) screen.pairs([[screen.text('cli.access.privileges', {}), role.privileges.join(', ') || '–']]);
  else for (const privilege of role.privileges) screen.line(`  ${privilege}  ${words.get(privilege) ?? ''}`);
  screen.pairs([
    [screen.text('cli.access.grants', {}), grantWords(screen, role.grants)],
    ...(role.closed.length === 0 ? [] : [[screen.text('cli.access.closed', {}), role.closed.join(', ')] as const]),
  ]);
}

function grantWords(screen: Screen, { all, roles }: GrantRule): string {
  if (all)
    return roles.length === 0
      ? screen.text('cli.access.grants_all', {})
      : screen.text('cli.access.grants_all_but', { roles: roles.join(', ') });
  return roles.length === 0 ? screen.text('cli.access.grants_none', {}) : roles.join(', ');
}

function showOwn(screen: Screen, own: OwnRights): void {
  screen.heading(own.name);
  for (const role of own.roles) screen.line(`  ${role.type}  ${role.label}  ${role.scope}`);
  for (const privilege of own.privileges) screen.line(`  ${privilege.name}  ${privilege.label}`);
  screen.pairs([
    [screen.text('cli.access.grants', {}), grantWords(screen, own.grants)],
    ...(own.closed.length === 0 ? [] : [[screen.text('cli.access.closed', {}), own.closed.join(', ')] as const]),
  ]);
}
