/**
 * A feed as its form has it: flat, by the names under which the server tells what is wrong with a field
 * (`source.host`), and everything as text, number or list. What a source of one kind does not have is
 * kept while another is looked at, and left out of what is sent.
 */
import type { Input } from '../../../../api/index.ts';
import type { Values } from '../../parts/fields.tsx';
import type { Feed } from '../feeds-page.tsx';

type Update = Omit<Input<'feed.update'>, 'code'>;

export interface CodePair {
  readonly key: number;
  readonly theirs: string;
  readonly ours: string;
}

export const DATES = ['expiry_date', 'purge_date'] as const;
export const CODED = ['user_group', 'campus_code', 'job_category', 'preferred_language', 'user_title', 'status'] as const;
export const MAPPED = ['user_group', 'campus_code'] as const;

/** Fields of each kind of source or target. */
const SOURCE_FIELDS = {
  upload: [],
  directory: ['path', 'pattern'],
  sftp: ['host', 'port', 'user', 'host_key', 'path', 'pattern'],
  https: ['url', 'header', 'ca'],
} as const;
const TARGET_FIELDS = { directory: ['path'], sftp: ['host', 'port', 'user', 'host_key', 'path'] } as const;

export const NEW_DRAFT: Values = {
  enabled: true,
  'source.kind': 'upload',
  'source.port': 22,
  'export_target.port': 22,
  mapping: 'own',
  record_type: 'PUBLIC',
  guard_share: 20,
  guard_at_least: 10,
  tell: [],
};

export function draftOf(feed: Feed): Values {
  const { name, description, enabled, format, encoding, csv_mapping: mapping, match_identifier: match, record_type, cron, tell } = feed;
  return {
    ...NEW_DRAFT,
    name,
    description: description ?? '',
    enabled,
    format: format ?? undefined,
    encoding: encoding ?? undefined,
    mapping: mapping === null ? 'own' : mapping === 'folio' ? 'folio' : 'json',
    csv_mapping: mapping === null || mapping === 'folio' ? '' : JSON.stringify(mapping, null, 2),
    match_identifier: match ?? undefined,
    record_type,
    ...placeDraft('source', feed.source),
    ...(feed.export_target === null ? {} : placeDraft('export_target', feed.export_target)),
    cron: cron ?? '',
    guard_share: feed.guard_share,
    guard_at_least: feed.guard_at_least,
    tell,
    ...Object.fromEntries(MAPPED.map((field) => [`code_maps.${field}`, pairsOf(feed.code_maps[field] ?? {})])),
    ...Object.fromEntries(Object.entries(feed.defaults).map(([field, value]) => [`defaults.${field}`, value])),
  };
}

/** What is sent; secrets only where something was typed, or the stored one is to go. Throws a SyntaxError for a mapping that is no JSON. */
export function inputOf(values: Values, defaults: readonly string[]): Update & { readonly name: string } {
  const text = (name: string): string => String(values[name] ?? '').trim();
  const orNull = (name: string): string | null => (text(name) === '' ? null : text(name));
  const kind = text('source.kind') as keyof typeof SOURCE_FIELDS; // one of the choices
  const target = text('export_target.kind') as keyof typeof TARGET_FIELDS | '';
  return {
    name: text('name'),
    description: orNull('description'),
    enabled: values['enabled'] === true,
    format: orNull('format') as Update['format'] & string, // one of the choices, as those below
    encoding: orNull('encoding') as Update['encoding'] & string,
    csv_mapping: mappingOf(text('mapping'), text('csv_mapping')),
    match_identifier: orNull('match_identifier'),
    record_type: text('record_type') as NonNullable<Update['record_type']>,
    code_maps: Object.fromEntries(
      MAPPED.flatMap((field) => {
        const pairs = mapOf(values[`code_maps.${field}`]);
        return Object.keys(pairs).length === 0 ? [] : [[field, pairs]];
      }),
    ),
    defaults: Object.fromEntries(
      defaults.flatMap((field) => (text(`defaults.${field}`) === '' ? [] : [[field, text(`defaults.${field}`)]])),
    ),
    source: placeOf(values, 'source', kind, SOURCE_FIELDS[kind]) as NonNullable<Update['source']>, // as its kind has them
    cron: kind === 'upload' ? null : orNull('cron'),
    guard_share: Number(values['guard_share'] ?? 0),
    guard_at_least: Number(values['guard_at_least'] ?? 0),
    tell: Array.isArray(values['tell']) ? values['tell'].map(String) : [],
    export_target:
      target === '' ? null : (placeOf(values, 'export_target', target, TARGET_FIELDS[target]) as NonNullable<Update['export_target']>), // the same
    ...secretOf(values, 'secret', kind !== 'upload' && kind !== 'directory'),
    ...secretOf(values, 'export_secret', target === 'sftp'),
  };
}

/** A place that has no secret keeps none; one that has keeps it unless something was typed or it is to go. */
function secretOf(
  values: Values,
  name: 'secret' | 'export_secret',
  wanted: boolean,
): { secret?: string | null; export_secret?: string | null } {
  const typed = String(values[name] ?? '');
  if (!wanted || values[`${name}.remove`] === true) return { [name]: null };
  return typed === '' ? {} : { [name]: typed };
}

function placeDraft(of: string, place: object): Values {
  return Object.fromEntries(
    Object.entries(place).map(([name, value]) => [`${of}.${name}`, Array.isArray(value) ? value.join('\n') : (value as unknown)]),
  );
}

function placeOf(values: Values, of: string, kind: string, fields: readonly string[]): object {
  return {
    kind,
    ...Object.fromEntries(
      fields.flatMap((name): (readonly [string, unknown])[] => {
        const value = values[`${of}.${name}`];
        if (name === 'port') return typeof value === 'number' ? [[name, value]] : [];
        const text = String(value ?? '').trim();
        if (text === '') return OPTIONAL.has(name) ? [] : [[name, '']];
        return [[name, name === 'host_key' ? keysOf(text) : text]];
      }),
    ),
  };
}

/** Left empty, these are what the server takes when nothing is said. */
const OPTIONAL: ReadonlySet<string> = new Set(['pattern', 'header', 'ca', 'port']);

function keysOf(text: string): string | readonly string[] {
  const keys = text.split(/\s+/).filter((key) => key !== '');
  return keys.length === 1 ? (keys[0] ?? '') : keys;
}

function mappingOf(choice: string, json: string): Update['csv_mapping'] & (object | string | null) {
  if (choice === 'folio') return 'folio';
  return choice === 'json' ? (JSON.parse(json) as Readonly<Record<string, unknown>>) : null; // the server says what is wrong with it
}

function pairsOf(map: Readonly<Record<string, string>>): readonly CodePair[] {
  return Object.entries(map).map(([theirs, ours], key) => ({ key, theirs, ours }));
}

function mapOf(pairs: unknown): Readonly<Record<string, string>> {
  const given = (Array.isArray(pairs) ? pairs : []) as readonly CodePair[]; // what the table of codes keeps
  return Object.fromEntries(given.flatMap(({ theirs, ours }) => (theirs.trim() === '' || ours === '' ? [] : [[theirs.trim(), ours]])));
}

/** A mapping to begin with: what most student files have. */
export const EXAMPLE_MAPPING = JSON.stringify(
  {
    name: 'students',
    fields: {
      primary_id: 'id',
      first_name: 'first_name',
      last_name: 'last_name',
      user_group: 'status',
      expiry_date: { column: 'valid_until', date: 'DD.MM.YYYY' },
    },
    rows: [
      { row: 'identifier', with: { type: 'BARCODE' }, from: { value: 'card' } },
      { row: 'email', with: { types: ['school'] }, from: { address: 'email' } },
    ],
  },
  null,
  2,
);
