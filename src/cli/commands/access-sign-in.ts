import type { Command } from 'commander';
import type { z } from 'zod';
import {
  createKey,
  endSessions,
  firstLink,
  issueLink,
  issuePassword,
  type KeyView,
  listKeys,
  listSessions,
  revokeKey,
} from '../../access/index.ts';
import { AppError } from '../../core/index.ts';
import type { Cli } from '../cli.ts';
import { wholeNumber, withId } from '../number.ts';
import { verb } from '../program.ts';
import { printable, type Screen } from '../screen.ts';

/** `muster access keys | sessions | link | slip | admin` */
export function addSignInCommands(cli: Cli, access: Command): void {
  const { screen } = cli;
  addKeyCommands(cli, access);
  addSessionCommands(cli, access);

  verb(cli, access, 'link <id>', issueLink.summary).action((user: string) =>
    cli.answer(
      (session) => session.perform(issueLink, { user }),
      (made) => screen.say('cli.access.link', { user: printable(made.user), until: screen.date(made.expires_at), url: made.url }),
    ),
  );

  verb(cli, access, 'slip <id>', issuePassword.summary).action((user: string) =>
    cli.answer(
      (session) => session.perform(issuePassword, { user }),
      (made) => screen.say('cli.access.slip', { user: printable(made.user), until: screen.date(made.expires_at), password: made.password }),
    ),
  );

  verb(cli, access, 'admin', 'cli.access.admin')
    .alias('first-link')
    .action(() =>
      cli.answer(
        ({ ctx }) => {
          // Whoever works at the machine itself has every right; nobody else makes administrators.
          if (ctx.actor.kind !== 'administrator') throw new AppError('access.denied', { privilege: 'access:write', actor: ctx.actor.name });
          return firstLink(ctx, { another: true });
        },
        (made) => {
          if (made === null) screen.say('cli.access.has_administrator', {});
          else screen.say('cli.access.first_link', { user: printable(made.user), url: made.url });
        },
      ),
    );
}

interface KeyOptions {
  readonly owner?: string;
  readonly readOnly?: boolean;
  readonly areas?: string;
  readonly exemptFromGuard?: boolean;
  readonly expires?: string;
}

function addKeyCommands(cli: Cli, access: Command): void {
  const { screen } = cli;
  const keys = verb(cli, access, 'keys', 'cli.group.keys');

  verb(cli, keys, 'create <name>', createKey.summary)
    .option('--owner <id>', screen.text('cli.access.owner', {}))
    .option('--read-only', screen.text('cli.access.read_only', {}))
    .option('--areas <list>', screen.text('cli.access.areas', {}))
    .option('--exempt-from-guard', screen.text('cli.access.exempt', {}))
    .option('--expires <day>', screen.text('cli.access.expires', {}))
    .action((name: string, options: KeyOptions) =>
      cli.answer(
        (session) =>
          session.perform(createKey, {
            name,
            ...(options.owner === undefined ? {} : { owner: options.owner }),
            read_only: options.readOnly === true,
            // Words from the command line; the operation says which of them it does not know.
            ...(options.areas === undefined ? {} : { areas: options.areas.split(',').map((area) => area.trim()) as [string, ...string[]] }),
            exempt_from_guard: options.exemptFromGuard === true,
            ...(options.expires === undefined ? {} : { expires_on: options.expires }),
          }),
        (made) =>
          screen.say('cli.access.key_made', { id: made.id, name: printable(made.name), owner: printable(made.owner), key: made.key }),
      ),
    );

  verb(cli, keys, 'list', listKeys.summary)
    .option('--owner <id>', screen.text('cli.access.of_user', {}))
    .action((options: { owner?: string }) =>
      cli.answer(
        (session) => session.perform(listKeys, options),
        (answer) => showKeys(screen, answer.keys),
      ),
    );

  withId(cli, verb(cli, keys, 'revoke', revokeKey.summary)).action((id: number) =>
    cli.answer(
      (session) => session.perform(revokeKey, { id }),
      (key) => screen.say('cli.access.key_revoked', { id: key.id }),
    ),
  );
}

function showKeys(screen: Screen, keys: readonly KeyView[]): void {
  if (keys.length === 0) {
    screen.say('cli.access.none', {});
    return;
  }
  screen.table(
    [
      { title: screen.text('cli.access.id', {}), align: 'right' },
      { title: screen.text('cli.label.name', {}), max: 40 },
      { title: screen.text('cli.access.key', {}) },
      { title: screen.text('cli.access.acts_as', {}), max: 30 },
      { title: screen.text('cli.access.may', {}), max: 40 },
      { title: screen.text('cli.access.state', {}) },
      { title: screen.text('cli.access.last_used', {}) },
    ],
    keys.map((key) => [
      String(key.id),
      printable(key.name),
      `${key.shown}…`,
      printable(key.owner),
      rightsOf(screen, key),
      screen.text(`cli.access.state.${stateOf(key)}`, {}),
      [screen.date(key.last_used_at), key.last_used_address ?? ''].join(' ').trimEnd(),
    ]),
  );
}

function rightsOf(screen: Screen, key: KeyView): string {
  const parts = [
    ...(key.read_only ? [screen.text('cli.access.read_only', {})] : []),
    ...(key.areas === null ? [] : [key.areas.join(', ')]),
  ];
  return parts.length === 0 ? screen.text('cli.access.may_all', {}) : parts.join(': ');
}

function stateOf(key: KeyView): 'active' | 'revoked' | 'expired' {
  if (key.revoked_at !== null) return 'revoked';
  return key.expires_at !== null && Date.parse(key.expires_at) <= Date.now() ? 'expired' : 'active';
}

function addSessionCommands(cli: Cli, access: Command): void {
  const { screen } = cli;
  const sessions = verb(cli, access, 'sessions', 'cli.group.sessions');

  verb(cli, sessions, 'list', listSessions.summary)
    .option('--user <id>', screen.text('cli.access.of_user', {}))
    .option('--limit <n>', screen.text('cli.option.limit', {}), wholeNumber(cli, '--limit', 1), 100)
    .action((options: { user?: string; limit: number }) =>
      cli.answer(
        (session) => session.perform(listSessions, options),
        (answer) => showSessions(screen, answer.sessions),
      ),
    );

  verb(cli, sessions, 'end [id]', endSessions.summary)
    .option('--user <id>', screen.text('cli.access.of_user', {}))
    .action((id: string | undefined, options: { user?: string }) =>
      cli.answer(
        (session) => session.perform(endSessions, { ...options, ...(id === undefined ? {} : { id: Number(id) }) }),
        ({ ended }) => screen.say('cli.access.sessions_ended', { count: ended }),
      ),
    );
}

function showSessions(screen: Screen, sessions: z.output<typeof listSessions.output>['sessions']): void {
  if (sessions.length === 0) {
    screen.say('cli.access.none', {});
    return;
  }
  screen.table(
    [
      { title: screen.text('cli.access.id', {}), align: 'right' },
      { title: screen.text('cli.access.user', {}), max: 30 },
      { title: screen.text('cli.access.how', {}) },
      { title: screen.text('cli.access.since', {}) },
      { title: screen.text('cli.access.last_seen', {}) },
      { title: screen.text('cli.access.address', {}) },
    ],
    sessions.map((each) => [
      String(each.id),
      printable(each.user),
      each.provider ?? each.method,
      screen.date(each.created_at),
      screen.date(each.last_seen_at),
      each.address ?? '–',
    ]),
  );
}
