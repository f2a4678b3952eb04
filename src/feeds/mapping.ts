/**
 * A mapping says what the columns of a CSV file mean. It is JSON (see docs/guide/import.md); the
 * ready-made ones lie in `mappings/`, and our own export is described by one made from the record.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AppError, problemsOf } from '../core/index.ts';
import { CHILD_TABLES, type ChildTable, childTable, SCALARS, type ScalarField, scalar } from '../users/index.ts';
import { SECRETS } from './alma-shape.ts';
import { dateReader } from './dates.ts';

const text = z.string().min(1).max(200);

const source = z.union([
  text,
  z.strictObject({
    column: text,
    /** Value of the file → value of the record. */
    codes: z.record(z.string(), z.string()).optional(),
    /** The file has labels (English or German) in place of codes. */
    by_label: z.boolean().optional(),
    /** Pattern of a date, e.g. `DD.MM.YYYY`; ISO dates are always understood. */
    date: text.optional(),
    /** What an empty cell means: `keep` (default) leaves the field alone, `clear` empties it. */
    empty: z.enum(['keep', 'clear']).optional(),
  }),
]);

const constant = z.union([z.string(), z.number(), z.boolean()]);

const rowSource = z.strictObject({
  /** Kind of row: identifier, address, email, … */
  row: text,
  /** Values that every such row has. */
  with: z.record(z.string(), z.union([constant, z.array(z.string())])).optional(),
  /** Column of the row → column of the file. */
  from: z.record(z.string(), source).optional(),
  /** Several rows in one cell. */
  packed: z
    .strictObject({
      column: text,
      rows: z.string().length(1),
      parts: z.string().length(1),
      /** Character that takes a separator's meaning away. */
      escape: z.string().length(1).optional(),
      fields: z.array(z.string().nullable()).min(1),
      codes: z.record(z.string(), z.record(z.string(), z.string())).optional(),
      by_label: z.array(z.string()).optional(),
    })
    .optional(),
  empty: z.enum(['keep', 'clear']).optional(),
});

const mappingSchema = z.strictObject({
  name: text,
  description: z.string().optional(),
  delimiter: z.string().length(1).optional(),
  /** Blanks around every cell are left out; on by default. */
  trim: z.boolean().default(true),
  /** The file was written with an apostrophe before what a spreadsheet would take for a formula. */
  formulas_escaped: z.boolean().default(false),
  match: z.union([z.literal('primary_id'), z.strictObject({ identifier: text })]).default('primary_id'),
  constants: z.record(z.string(), constant).default({}),
  new_users: z.record(z.string(), constant).default({}),
  fields: z.record(z.string(), source).default({}),
  rows: z.array(rowSource).max(30).default([]),
  ignore: z.array(z.string()).default([]),
});

export type Mapping = z.output<typeof mappingSchema>;
export type MappingRows = Mapping['rows'][number];
export type Source = z.output<typeof source>;

const BUILTIN_DIRECTORY = path.join(import.meta.dirname, 'mappings');
/** Mappings that come with Muster. */
export const BUILTIN_MAPPINGS: readonly string[] = ['folio'];

/** A mapping by its name, or out of a file. Throws `feeds.mapping_invalid` with every problem. */
export async function loadMapping(nameOrPath: string): Promise<Mapping> {
  const builtin = BUILTIN_MAPPINGS.includes(nameOrPath);
  const file = builtin ? path.join(BUILTIN_DIRECTORY, `${nameOrPath}.json`) : nameOrPath;
  const name = builtin ? nameOrPath : path.basename(nameOrPath);
  let raw: unknown;
  try {
    raw = JSON.parse((await readFile(file, 'utf8')).replace(/^\u{feff}/u, ''));
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : error instanceof Error ? error.message : String(error);
    throw new AppError('feeds.mapping_invalid', { mapping: name, problems: reason }, { cause: error });
  }
  return checkMapping(raw, name);
}

export function checkMapping(raw: unknown, name: string): Mapping {
  const parsed = mappingSchema.safeParse(raw);
  if (!parsed.success) throw new AppError('feeds.mapping_invalid', { mapping: name, problems: problemsOf(parsed.error) });
  const problems = [...fieldProblems(parsed.data), ...parsed.data.rows.flatMap((rows, i) => [...rowProblems(rows, i)])];
  if (problems.length > 0) throw new AppError('feeds.mapping_invalid', { mapping: name, problems: problems.join('; ') });
  return parsed.data;
}

/** What Muster keeps itself, and no file brings. */
const OWN: readonly string[] = [
  'created_at',
  'created_by',
  'modified_at',
  'modified_by',
  'credential_state',
  'circulation_on',
  'absent_since',
];

/** Scalars that files may bring. */
export function importable(field: ScalarField): boolean {
  return !OWN.includes(field.name);
}

function* fieldProblems(mapping: Mapping): Generator<string> {
  for (const [place, names] of [
    ['fields', mapping.fields],
    ['constants', mapping.constants],
    ['new_users', mapping.new_users],
  ] as const) {
    for (const name of Object.keys(names)) {
      const known = scalar(name);
      const secret = place === 'fields' && (SECRETS as readonly string[]).includes(name);
      if (!secret && (known === undefined || !importable(known)))
        yield `${place}.${name}: the record has no such field that a file may set`;
    }
  }
  for (const [name, given] of Object.entries(mapping.fields)) yield* sourceProblems(`fields.${name}`, given);
  if (mapping.match === 'primary_id' && mapping.fields['primary_id'] === undefined)
    yield 'fields.primary_id: is needed to know whom a row means';
  if (mapping.match !== 'primary_id') {
    const type = mapping.match.identifier;
    const found = mapping.rows.some(
      (r) => childTable(r.row)?.table === 'user_identifiers' && (r.packed !== undefined || r.with?.['type'] === type),
    );
    if (!found) yield `match.identifier: no row of this mapping brings identifiers of type ${type}`;
  }
}

function* sourceProblems(place: string, given: Source): Generator<string> {
  if (typeof given !== 'string' && given.date !== undefined && dateReader(given.date) === undefined) {
    yield `${place}.date: ${given.date} is not made of YYYY, MM and DD, each once`;
  }
}

function* rowProblems(rows: MappingRows, index: number): Generator<string> {
  const place = `rows.${index}`;
  const table = childTable(rows.row);
  if (table === undefined) {
    yield `${place}.row: ${rows.row} is not a kind of row; there are ${CHILD_TABLES.map((t) => t.name).join(', ')}`;
    return;
  }
  const columns = columnsOf(table);
  const named = [
    ...Object.keys(rows.with ?? {}),
    ...Object.keys(rows.from ?? {}),
    ...(rows.packed?.fields ?? []).filter((f) => f !== null),
  ];
  for (const name of named) if (!columns.includes(name)) yield `${place}: ${table.name} has no ${name}; it has ${columns.join(', ')}`;
  if ((rows.from === undefined) === (rows.packed === undefined)) yield `${place}: exactly one of from and packed is needed`;
  for (const [name, given] of Object.entries(rows.from ?? {})) yield* sourceProblems(`${place}.from.${name}`, given);
}

export function columnsOf(table: ChildTable): readonly string[] {
  return [...(table.segmented ? ['segment'] : []), ...table.fields.map((f) => f.name)];
}

/** Columns of the file that the mapping reads. */
export function columnsRead(mapping: Mapping): readonly string[] {
  const columns = new Set<string>();
  const take = (given: Source) => columns.add(typeof given === 'string' ? given : given.column);
  Object.values(mapping.fields).forEach(take);
  for (const rows of mapping.rows) {
    Object.values(rows.from ?? {}).forEach(take);
    if (rows.packed !== undefined) columns.add(rows.packed.column);
  }
  return [...columns];
}

/** Separators of our own CSV inside a cell of rows; a backslash takes their meaning away. */
export const PACKED = { rows: '|', parts: ';', items: ',', escape: '\\' } as const;

/**
 * The mapping of the CSV that `users export` writes: a column per field, a column per kind of row.
 * Columns that somebody has taken out of the file since stand for nothing.
 */
export function ownMapping(header: readonly string[]): Mapping {
  const fields = (SCALARS as readonly ScalarField[])
    .filter((f) => importable(f) && header.includes(f.name))
    .map((f) => [f.name, { column: f.name, empty: 'clear' as const }]);
  return checkMapping(
    {
      name: 'muster',
      trim: false,
      formulas_escaped: true,
      fields: Object.fromEntries(fields),
      rows: (CHILD_TABLES as readonly ChildTable[])
        .filter((table) => header.includes(table.table))
        .map((table) => ({
          row: table.name,
          packed: { column: table.table, rows: PACKED.rows, parts: PACKED.parts, escape: PACKED.escape, fields: columnsOf(table) },
          empty: 'clear',
        })),
      ignore: header.filter((name) => OWN.includes(name)),
    },
    'muster',
  );
}
