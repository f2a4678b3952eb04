import path from 'node:path';
import { AppError, type Context, count, id, operation, todayIn } from '../core/index.ts';
import { checkFilterFor, type Filter, filterSchema, formatFilter, parseFilter } from '../filters/index.ts';
import type { PoolClient } from 'pg';
import type { Sql } from 'sql-template-tag';
import { z } from 'zod';
import { type IdentifierSource, loadIdentifiers } from './load-identifiers.ts';
import { keepFileLines, MATCHED_USERS, matchListed } from './match-identifiers.ts';
import { outcomeSchema, outcomeUsers } from './run-outcome.ts';
import { countMembers, findSet, memberIdsSql, type SetSource } from './set-row.ts';
import { refuseIncomplete } from './strict-list.ts';
import { fileColumn, insertMembers, insertSet, setDescription, setName, setReference, updateSource } from './write-set.ts';

export const createSetInput = z.strictObject({
  name: setName,
  description: setDescription.optional(),
  private: z.boolean().default(true),
  /** Path of a list of identifiers: plain lines, CSV, TSV or XLSX. */
  file: z.string().min(1).optional(),
  /** Number of the file's column that has the identifiers, from 1; without one, its headings decide. */
  column: fileColumn.optional(),
  /** Identifiers given directly. */
  ids: z.array(z.string()).optional(),
  /** Code or label of an identifier type, or `primary_id`: look the identifiers up by this alone. */
  idType: z.string().min(1).optional(),
  /** Makes no set when an identifier does not lead to one user of its own. */
  strict: z.boolean().optional(),
  /** A filter in its text form; makes a logical set unless `itemize`. */
  where: z.string().min(1).optional(),
  /** The same as JSON. */
  filter: filterSchema.optional(),
  itemize: z.boolean().default(false),
  /** Copies the present members of another set. */
  fromSet: setReference.optional(),
  /** The users of a run with this outcome. */
  run: z.strictObject({ id: z.int().positive(), outcome: outcomeSchema, reason: z.string().min(1).max(100).optional() }).optional(),
});
export type CreateSetInput = z.output<typeof createSetInput>;

export const setCreatedSchema = z
  .object({
    id,
    name: z.string(),
    kind: z.enum(['itemized', 'logical']),
    members: count,
    not_found: count,
    duplicates: count,
    ambiguous: count,
  })
  .describe('`members + not_found + duplicates + ambiguous` is the number of identifiers in the list');
export type SetCreated = z.output<typeof setCreatedSchema>;

export const createSet = operation({
  name: 'set.create',
  summary: {
    en: 'Make a set of users from a file, a filter, another set or a run’s outcome',
    de: 'Ein Benutzerset aus einer Datei, einem Filter, einem anderen Set oder dem Ergebnis eines Laufs anlegen',
  },
  privilege: 'sets:write',
  input: createSetInput,
  output: setCreatedSchema,
  audit: (input, output) => ({
    entity: 'set',
    id: output?.id ?? null,
    detail: { name: input.name, members: output?.members ?? null },
  }),
  run: async (ctx, input): Promise<SetCreated> => {
    const source = sourceOf(input);
    if (source.from === 'filter') checkFilterFor(ctx.actor, source.filter);
    return ctx.db.transaction((tx) => {
      switch (source.from) {
        case 'list':
          return fromList(ctx, tx, input, source.list);
        case 'filter':
          return input.itemize ? fromFilterItemized(ctx, tx, input, source.filter) : fromFilter(ctx, tx, input, source.filter);
        case 'set':
          return fromSet(ctx, tx, input, source.set);
        case 'run':
          return fromRun(ctx, tx, input, source.run);
      }
    });
  },
});

export const createSetFromRun = operation({
  name: 'set.from_run',
  summary: {
    en: 'Make a set of the users to whom a run did one thing, e.g. of those that failed',
    de: 'Ein Benutzerset aus einem Ergebnis eines Laufs anlegen, z. B. aus den fehlgeschlagenen',
  },
  privilege: 'sets:write',
  input: z.strictObject({
    run: z.int().positive(),
    outcome: outcomeSchema,
    reason: z.string().min(1).max(100).optional().describe('Only those who were skipped, failed or are in conflict for this reason'),
    name: setName,
    description: setDescription.optional(),
    private: z.boolean().default(true),
  }),
  output: setCreatedSchema,
  audit: (input, output) => ({
    entity: 'set',
    id: output?.id ?? null,
    detail: { name: input.name, run: input.run, outcome: input.outcome },
  }),
  run: (ctx, input): Promise<SetCreated> =>
    ctx.db.transaction((tx) => fromRun(ctx, tx, input, { id: input.run, outcome: input.outcome, reason: input.reason })),
});

type Source =
  | { readonly from: 'list'; readonly list: IdentifierSource }
  | { readonly from: 'filter'; readonly filter: Filter }
  | { readonly from: 'set'; readonly set: string | number }
  | { readonly from: 'run'; readonly run: NonNullable<CreateSetInput['run']> };

function sourceOf(input: CreateSetInput): Source {
  const given: Record<string, Source> = {
    ...(input.file !== undefined && { file: { from: 'list', list: { file: input.file, column: input.column } } }),
    ...(input.ids !== undefined && { ids: { from: 'list', list: { ids: input.ids } } }),
    ...(input.where !== undefined && { where: { from: 'filter', filter: parseFilter(input.where) } }),
    ...(input.filter !== undefined && { filter: { from: 'filter', filter: input.filter } }),
    ...(input.fromSet !== undefined && { fromSet: { from: 'set', set: input.fromSet } }),
    ...(input.run !== undefined && { run: { from: 'run', run: input.run } }),
  };
  const [source, ...more] = Object.values(given);
  if (source === undefined || more.length > 0) {
    throw new AppError('sets.source_count', { given: Object.keys(given).join(', ') || '–' });
  }
  return source;
}

type Named = Pick<CreateSetInput, 'name' | 'description' | 'private'>;

async function fromList(ctx: Context, tx: PoolClient, input: CreateSetInput, list: IdentifierSource): Promise<SetCreated> {
  const source: SetSource =
    'file' in list ? { from: 'file', what: path.basename(list.file) } : { from: 'ids', what: String(list.ids.length) };
  // The row comes first: a name in use is told before a long file is read.
  const id = await insertSet(tx, ctx.actor, { ...named(input), filter: null, source });
  const matching = await loadIdentifiers(ctx, tx, list, input.idType);
  ctx.onProgress?.({ stage: 'match', done: 0, total: null });
  const counts = await matchListed(tx, matching);
  if (input.strict === true) await refuseIncomplete(tx);
  const members = await insertMembers(tx, id, MATCHED_USERS);
  const duplicates = counts.found - members;
  await keepFileLines(tx, id, counts, duplicates);
  const { not_found, ambiguous } = counts;
  await updateSource(tx, id, { ...source, not_found, duplicates, ambiguous });
  return { id, name: input.name, kind: 'itemized', members, not_found, duplicates, ambiguous };
}

async function fromFilter(ctx: Context, tx: PoolClient, input: CreateSetInput, filter: Filter): Promise<SetCreated> {
  return logical(ctx, tx, input, { from: 'filter', what: formatFilter(filter) }, filter);
}

/** Makes a logical set; the actor may use the filter. */
export async function logical(ctx: Context, tx: PoolClient, input: Named, source: SetSource, filter: Filter): Promise<SetCreated> {
  const id = await insertSet(tx, ctx.actor, { ...named(input), filter, source });
  const members = await countMembers(tx, { id, filter }, todayIn(ctx.timeZone));
  return { id, name: input.name, kind: 'logical', members, ...NOTHING_LEFT_OUT };
}

async function fromFilterItemized(ctx: Context, tx: PoolClient, input: CreateSetInput, filter: Filter): Promise<SetCreated> {
  const users = memberIdsSql({ id: 0, filter }, todayIn(ctx.timeZone));
  return itemized(ctx, tx, input, { from: 'filter', what: formatFilter(filter) }, users);
}

async function fromSet(ctx: Context, tx: PoolClient, input: Named, reference: string | number): Promise<SetCreated> {
  const other = await findSet(tx, reference, ctx.actor);
  return itemized(ctx, tx, input, { from: 'set', what: other.name }, memberIdsSql(other, todayIn(ctx.timeZone)));
}

async function fromRun(ctx: Context, tx: PoolClient, input: Named, run: NonNullable<CreateSetInput['run']>): Promise<SetCreated> {
  const users = await outcomeUsers(tx, run.id, run.outcome, run.reason);
  return itemized(ctx, tx, input, { from: 'run', what: `${run.id} ${run.outcome}` }, users);
}

/** Makes an itemized set of the users that a query gives (`user_id`, each once). */
export async function itemized(ctx: Context, tx: PoolClient, input: Named, source: SetSource, users: Sql): Promise<SetCreated> {
  const id = await insertSet(tx, ctx.actor, { ...named(input), filter: null, source });
  const members = await insertMembers(tx, id, users);
  return { id, name: input.name, kind: 'itemized', members, ...NOTHING_LEFT_OUT };
}

const NOTHING_LEFT_OUT = { not_found: 0, duplicates: 0, ambiguous: 0 } as const;

function named(input: Named): Named {
  return { name: input.name, description: input.description, private: input.private };
}
