import type { Command } from 'commander';
import type { z } from 'zod';
import {
  createRoleProfile,
  createRule,
  deleteRoleProfile,
  deleteRule,
  listRoleProfiles,
  listRules,
  type ProfileView,
  type RuleView,
  showRoleProfile,
  showRule,
  updateRoleProfile,
  updateRule,
} from '../../access/index.ts';
import type { Cli } from '../cli.ts';
import { readJsonFile } from '../json-file.ts';
import { wholeNumber } from '../number.ts';
import { verb } from '../program.ts';
import { printable, type Screen } from '../screen.ts';
import { listOf } from './access-roles.ts';

interface ProfileOptions {
  readonly roles?: string;
  readonly file?: string;
  readonly description?: string;
  readonly rename?: string;
}

/** `muster access profiles …` */
export function addProfileCommands(cli: Cli, access: Command): void {
  const { screen } = cli;
  const profiles = verb(cli, access, 'profiles', 'cli.group.profiles');
  const withRoles = (command: Command) =>
    command
      .option('--roles <list>', screen.text('cli.access.roles_list', {}))
      .option('--file <file>', screen.text('cli.access.roles_file', {}))
      .option('--description <text>', screen.text('cli.sets.description', {}));
  const saved = (profile: ProfileView) => screen.say('cli.access.saved', { name: printable(profile.name) });

  withRoles(verb(cli, profiles, 'create <name>', createRoleProfile.summary)).action((name: string, options: ProfileOptions) =>
    cli.answer(async (session) => {
      const input = { name, roles: (await rolesFrom(options)) ?? [], ...described(options) };
      // The operation says what is wrong with the roles of a file.
      return session.perform(createRoleProfile, input as z.input<typeof createRoleProfile.input>);
    }, saved),
  );

  withRoles(verb(cli, profiles, 'update <name>', updateRoleProfile.summary))
    .option('--rename <name>', screen.text('cli.access.rename', {}))
    .action((name: string, options: ProfileOptions) =>
      cli.answer(async (session) => {
        const roles = await rolesFrom(options);
        const input = {
          name,
          ...(roles === undefined ? {} : { roles }),
          ...described(options),
          ...(options.rename === undefined ? {} : { new_name: options.rename }),
        };
        return session.perform(updateRoleProfile, input as z.input<typeof updateRoleProfile.input>);
      }, saved),
    );

  verb(cli, profiles, 'list', listRoleProfiles.summary).action(() =>
    cli.answer(
      (session) => session.perform(listRoleProfiles, {}),
      (result) => {
        screen.table(
          [
            { title: screen.text('cli.label.name', {}), max: 40 },
            { title: screen.text('cli.access.roles', {}), max: 60 },
            { title: screen.text('cli.label.description', {}), max: 50 },
          ],
          result.profiles.map((profile) => [printable(profile.name), rolesText(profile), printable(profile.description ?? '')]),
        );
      },
    ),
  );

  verb(cli, profiles, 'show <name>', showRoleProfile.summary).action((name: string) =>
    cli.answer(
      (session) => session.perform(showRoleProfile, { name }),
      (profile) => {
        screen.heading(printable(profile.name));
        if (profile.description !== null) screen.line(printable(profile.description));
        for (const role of profile.roles) {
          const parameters = role.parameters.length === 0 ? '' : `  ${JSON.stringify(role.parameters)}`;
          screen.line(`  ${role.type}  ${role.label}  ${role.scope}  ${role.expiry_date ?? ''}${parameters}`.trimEnd());
        }
      },
    ),
  );

  verb(cli, profiles, 'delete <name>', deleteRoleProfile.summary).action((name: string) =>
    cli.answer(
      (session) => session.perform(deleteRoleProfile, { name }),
      ({ deleted }) => screen.say('cli.access.deleted', { name: printable(deleted) }),
    ),
  );
}

async function rolesFrom(options: ProfileOptions): Promise<unknown> {
  if (options.file !== undefined) return readJsonFile(options.file);
  return options.roles === undefined ? undefined : listOf(options.roles).map((type) => ({ type }));
}

function described(options: { readonly description?: string }): { description?: string } {
  return options.description === undefined ? {} : { description: options.description };
}

function rolesText(profile: ProfileView): string {
  return profile.roles.map((role) => (role.scope === 'INSTITUTION' ? role.type : `${role.type} (${role.scope})`)).join(', ');
}

interface RuleOptions {
  readonly when?: string;
  readonly gives?: string;
  readonly position?: number;
  readonly description?: string;
  readonly off?: true;
  readonly on?: true;
  readonly rename?: string;
}

/** `muster access rules …` */
export function addRuleCommands(cli: Cli, access: Command): void {
  const { screen } = cli;
  const rules = verb(cli, access, 'rules', 'cli.group.rules');
  const withContent = (command: Command) =>
    command
      .option('--when <filter>', screen.text('cli.access.when', {}))
      .option('--gives <profiles>', screen.text('cli.access.gives', {}))
      .option('--position <n>', screen.text('cli.access.position', {}), wholeNumber(cli, '--position', 1))
      .option('--description <text>', screen.text('cli.sets.description', {}))
      .option('--off', screen.text('cli.access.off', {}));
  const saved = (rule: RuleView) => showOne(screen, rule);

  withContent(verb(cli, rules, 'create <name>', createRule.summary)).action((name: string, options: RuleOptions) =>
    cli.answer((session) => session.perform(createRule, { name, profiles: [], ...content(options) }), saved),
  );

  withContent(verb(cli, rules, 'update <name>', updateRule.summary))
    .option('--on', screen.text('cli.access.on', {}))
    .option('--rename <name>', screen.text('cli.access.rename', {}))
    .action((name: string, options: RuleOptions) =>
      cli.answer(
        (session) =>
          session.perform(updateRule, { name, ...content(options), ...(options.rename === undefined ? {} : { new_name: options.rename }) }),
        saved,
      ),
    );

  verb(cli, rules, 'list', listRules.summary).action(() =>
    cli.answer(
      (session) => session.perform(listRules, {}),
      (result) => {
        screen.table(
          [
            { title: '#', align: 'right' },
            { title: screen.text('cli.label.name', {}), max: 40 },
            { title: screen.text('cli.access.condition', {}), max: 60 },
            { title: screen.text('cli.access.profiles', {}), max: 50 },
            { title: screen.text('cli.access.enabled', {}) },
          ],
          result.rules.map((rule) => [
            rule.position === null ? '' : String(rule.position),
            printable(rule.name),
            printable(rule.when ?? screen.text('cli.access.default_rule', {})),
            printable(rule.profiles.join(', ')),
            rule.enabled ? '✓' : '–',
          ]),
        );
      },
    ),
  );

  verb(cli, rules, 'show <name>', showRule.summary).action((name: string) =>
    cli.answer((session) => session.perform(showRule, { name }), saved),
  );

  verb(cli, rules, 'delete <name>', deleteRule.summary).action((name: string) =>
    cli.answer(
      (session) => session.perform(deleteRule, { name }),
      ({ deleted }) => screen.say('cli.access.deleted', { name: printable(deleted) }),
    ),
  );
}

function content(options: RuleOptions) {
  return {
    ...described(options),
    ...(options.when === undefined ? {} : { when: options.when }),
    ...(options.gives === undefined ? {} : { profiles: listOf(options.gives) }),
    ...(options.position === undefined ? {} : { position: options.position }),
    ...(options.off === true ? { enabled: false } : options.on === true ? { enabled: true } : {}),
  };
}

function showOne(screen: Screen, rule: RuleView): void {
  screen.heading(printable(rule.name));
  if (rule.description !== null) screen.line(printable(rule.description));
  screen.pairs([
    [screen.text('cli.access.condition', {}), printable(rule.when ?? screen.text('cli.access.default_rule', {}))],
    [screen.text('cli.access.profiles', {}), printable(rule.profiles.join(', ')) || '–'],
    [screen.text('cli.access.enabled', {}), rule.enabled ? '✓' : '–'],
  ]);
}
