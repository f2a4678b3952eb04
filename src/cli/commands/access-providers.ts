import { type Command, Option } from 'commander';
import {
  callbackPath,
  createProvider,
  deleteProvider,
  listProviders,
  type ProviderView,
  testProvider,
  updateProvider,
} from '../../access/index.ts';
import type { Cli } from '../cli.ts';
import { readTextFile } from '../json-file.ts';
import { verb } from '../program.ts';
import { printable, type Screen } from '../screen.ts';

interface AddOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly secretFile?: string;
  readonly labelEn?: string;
  readonly labelDe?: string;
  readonly scopes?: string;
  readonly claim?: string;
  readonly match?: string;
  readonly accountTypes?: ('EXTERNAL' | 'INTEXTAUTH' | 'INTERNAL')[];
  readonly off?: true;
}

/** `muster access providers …` */
export function addProviderCommands(cli: Cli, access: Command): void {
  const { screen } = cli;
  const providers = verb(cli, access, 'providers', 'cli.group.providers');

  addAdd(cli, providers);

  verb(cli, providers, 'list', listProviders.summary).action(() =>
    cli.answer(
      (session) => session.perform(listProviders, {}),
      (result) => showList(screen, result.providers),
    ),
  );

  verb(cli, providers, 'test <code>', testProvider.summary).action((code: string) =>
    cli.answer(
      (session) => session.perform(testProvider, { code }),
      (result) => {
        screen.say('cli.providers.works', { code });
        screen.pairs([
          [screen.text('cli.label.issuer', {}), printable(result.issuer)],
          [screen.text('cli.label.callback', {}), result.callback_path],
          [screen.text('cli.label.sign_out', {}), screen.text(result.sign_out ? 'cli.yes' : 'cli.no', {})],
        ]);
        if (result.claim_supported === false) screen.say('cli.providers.claim_unlisted', {});
        if (result.scopes_unknown.length > 0)
          screen.say('cli.providers.scopes_unknown', { scopes: printable(result.scopes_unknown.join(' ')) });
      },
    ),
  );

  for (const enabled of [true, false]) {
    const name = enabled ? 'enable' : 'disable';
    verb(cli, providers, `${name} <code>`, `cli.providers.${name}`).action((code: string) =>
      cli.answer(
        (session) => session.perform(updateProvider, { code, enabled }),
        (provider) => showList(screen, [provider]),
      ),
    );
  }

  verb(cli, providers, 'remove <code>', deleteProvider.summary).action((code: string) =>
    cli.answer(
      (session) => session.perform(deleteProvider, { code }),
      ({ deleted, sessions_ended }) => screen.say('cli.providers.removed', { code: deleted, sessions: sessions_ended }),
    ),
  );
}

function addAdd(cli: Cli, providers: Command): void {
  const { screen } = cli;
  verb(cli, providers, 'add <code>', createProvider.summary)
    .requiredOption('--issuer <url>', screen.text('cli.providers.issuer', {}))
    .requiredOption('--client-id <id>', screen.text('cli.providers.client_id', {}))
    // Not on the command line itself: there every user of the machine can read it.
    .option('--secret-file <file>', screen.text('cli.providers.secret_file', {}))
    .option('--label-en <text>', screen.text('cli.providers.label_en', {}))
    .option('--label-de <text>', screen.text('cli.providers.label_de', {}))
    .option('--scopes <list>', screen.text('cli.providers.scopes', {}))
    .option('--claim <name>', screen.text('cli.providers.claim', {}))
    .option('--match <what>', screen.text('cli.providers.match', {}))
    .addOption(
      new Option('--account-types <types...>', screen.text('cli.providers.account_types', {})).choices([
        'EXTERNAL',
        'INTEXTAUTH',
        'INTERNAL',
      ]),
    )
    .option('--off', screen.text('cli.providers.off', {}))
    .action((code: string, options: AddOptions) =>
      cli.answer(
        async (session) => session.perform(createProvider, await inputOf(code, options)),
        (provider) => {
          screen.say('cli.providers.added', { code: provider.code, path: callbackPath(provider.code) });
          screen.say('cli.hint', { command: `muster access providers test ${provider.code}` });
        },
      ),
    );
}

async function inputOf(code: string, options: AddOptions) {
  const { labelEn, labelDe, secretFile, scopes, claim, match, accountTypes } = options;
  const en = labelEn ?? labelDe ?? code;
  return {
    code,
    label: { en, de: labelDe ?? en },
    issuer: options.issuer,
    client_id: options.clientId,
    client_secret: secretFile === undefined ? null : (await readTextFile(secretFile)).trim(),
    enabled: options.off !== true,
    ...(scopes === undefined ? {} : { scopes: scopes.split(/\s+/).filter((scope) => scope !== '') }),
    ...(claim === undefined ? {} : { claim }),
    ...(match === undefined ? {} : { matched_with: match }),
    ...(accountTypes === undefined ? {} : { account_types: accountTypes }),
  };
}

function showList(screen: Screen, providers: readonly ProviderView[]): void {
  if (providers.length === 0) {
    screen.say('cli.providers.none', {});
    return;
  }
  screen.table(
    [
      { title: screen.text('cli.label.code', {}) },
      { title: screen.text('cli.label.name', {}), max: 40 },
      { title: screen.text('cli.label.issuer', {}), max: 60 },
      { title: screen.text('cli.label.matched', {}) },
      { title: screen.text('cli.label.account_types', {}) },
      { title: screen.text('cli.label.state', {}) },
    ],
    providers.map((provider) => [
      provider.code,
      printable(provider.label[screen.language]),
      printable(provider.issuer),
      printable(`${provider.claim} = ${provider.matched_with}`),
      provider.account_types.join(', '),
      screen.text(provider.enabled ? 'cli.providers.enabled' : 'cli.providers.disabled', {}),
    ]),
  );
}
