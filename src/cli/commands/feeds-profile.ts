import { type Command, Option } from 'commander';
import type { z } from 'zod';
import type { createFeed, updateFeed } from '../../feeds/index.ts';
import type { Cli } from '../cli.ts';
import { readJsonFile, readJsonText, readTextFile } from '../json-file.ts';
import { wholeNumber } from '../number.ts';

const FORMATS = ['alma-xml', 'alma-json', 'csv'] as const;
const ENCODINGS = ['utf-8', 'windows-1252'] as const;
const RECORD_TYPES = ['PUBLIC', 'STAFF', 'CONTACT'] as const;

export interface ProfileOptions {
  readonly file?: string;
  readonly name?: string;
  readonly description?: string;
  readonly format?: (typeof FORMATS)[number];
  readonly encoding?: (typeof ENCODINGS)[number];
  readonly mapping?: string;
  readonly match?: string;
  readonly recordType?: (typeof RECORD_TYPES)[number];
  readonly codes?: string;
  readonly defaults?: string;
  readonly source?: string;
  readonly secretFile?: string;
  readonly cron?: string;
  readonly guardShare?: number;
  readonly guardAtLeast?: number;
  readonly tell?: readonly string[];
  readonly exportTarget?: string;
  readonly exportSecretFile?: string;
  readonly on?: true;
  readonly off?: true;
}

/** What a feed is told of itself; the same for a new one and one that is there. */
export function withProfile(cli: Cli, command: Command): Command {
  const { screen } = cli;
  return command
    .option('--file <file>', screen.text('cli.feeds.file', {}))
    .option('--name <name>', screen.text('cli.label.name', {}))
    .option('--description <text>', screen.text('cli.label.description', {}))
    .addOption(new Option('--format <format>', screen.text('cli.feeds.format', {})).choices(FORMATS))
    .addOption(new Option('--encoding <encoding>', screen.text('cli.feeds.encoding', {})).choices(ENCODINGS))
    .option('--mapping <name>', screen.text('cli.feeds.mapping', {}))
    .option('--match <type>', screen.text('cli.feeds.match', {}))
    .addOption(new Option('--record-type <type>', screen.text('cli.feeds.record_type', {})).choices(RECORD_TYPES))
    .option('--codes <json>', screen.text('cli.feeds.codes', {}))
    .option('--defaults <json>', screen.text('cli.feeds.defaults', {}))
    .option('--source <json>', screen.text('cli.feeds.source', {}))
    .option('--secret-file <file>', screen.text('cli.feeds.secret_file', {}))
    .option('--cron <expression>', screen.text('cli.feeds.cron', {}))
    .option('--guard-share <percent>', screen.text('cli.feeds.guard_share', {}), wholeNumber(cli, '--guard-share', 0))
    .option('--guard-at-least <users>', screen.text('cli.feeds.guard_at_least', {}), wholeNumber(cli, '--guard-at-least', 0))
    .option('--tell <ids...>', screen.text('cli.feeds.tell', {}))
    .option('--export-target <json>', screen.text('cli.feeds.export_target', {}))
    .option('--export-secret-file <file>', screen.text('cli.feeds.export_secret_file', {}))
    .addOption(new Option('--on', screen.text('cli.feeds.on', {})).conflicts('off'))
    .option('--off', screen.text('cli.feeds.off', {}));
}

type Fields = Omit<z.input<typeof updateFeed.input>, 'code'>;

/**
 * The file's fields, and over them those of the options. What the operation does not know is refused by
 * it, with the field's name; so a profile as `show --json` gives it is not one to create from as it is.
 */
export async function profileOf(options: ProfileOptions): Promise<Fields> {
  const { file, mapping, codes, defaults, source, secretFile, exportTarget, exportSecretFile, on, off, ...rest } = options;
  const written = file === undefined ? {} : await readJsonFile(file);
  const { match, recordType, guardShare, guardAtLeast, tell, ...plain } = rest;
  const given = {
    ...plain,
    match_identifier: match,
    record_type: recordType,
    guard_share: guardShare,
    guard_at_least: guardAtLeast,
    tell: tell === undefined ? undefined : [...tell],
    csv_mapping: mapping === undefined || mapping === 'folio' ? mapping : await readJsonFile(mapping),
    code_maps: jsonOf(codes, '--codes'),
    defaults: jsonOf(defaults, '--defaults'),
    source: jsonOf(source, '--source'),
    secret: await secretIn(secretFile),
    export_target: jsonOf(exportTarget, '--export-target'),
    export_secret: await secretIn(exportSecretFile),
    enabled: on === true || (off === true ? false : undefined),
  };
  const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...(written as Fields), ...(known as Fields) }; // the operation's schema has the last word
}

/** The fields of a new feed; its code and name may stand in the file. */
export async function newProfileOf(code: string, options: ProfileOptions): Promise<z.input<typeof createFeed.input>> {
  const fields = await profileOf(options);
  return { ...fields, code, name: fields.name ?? code };
}

function jsonOf(text: string | undefined, option: string): unknown {
  return text === undefined ? undefined : readJsonText(text, option);
}

/** Never an argument: those stand in the list of processes and in the shell's history. */
async function secretIn(file: string | undefined): Promise<string | undefined> {
  return file === undefined ? undefined : (await readTextFile(file)).replace(/\r?\n$/, '');
}
