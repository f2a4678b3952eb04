import path from 'node:path';
import { AppError, type Context, count, id, operation } from '../core/index.ts';
import type { PoolClient } from 'pg';
import sql from 'sql-template-tag';
import { z } from 'zod';
import { type IdentifierSource, loadIdentifiers } from './load-identifiers.ts';
import { countMatchedUsers, keepFileLines, MATCHED_USERS, type MatchCounts, matchListed } from './match-identifiers.ts';
import { type SetRow, type SetSource, takeItemized } from './set-row.ts';
import { refuseIncomplete, refuseMembers, refuseOthers } from './strict-list.ts';
import { fileColumn, insertMembers, setReference, updateSource } from './write-set.ts';

const changeMembersInput = z.strictObject({
  set: setReference,
  /** Path of a list of identifiers, or the identifiers themselves; one of the two. */
  file: z.string().min(1).optional(),
  ids: z.array(z.string()).min(1).optional(),
  /** Number of the file's column that has the identifiers, from 1. */
  column: fileColumn.optional(),
  /** Code or label of an identifier type, or `primary_id`: look the identifiers up by this alone. */
  idType: z.string().min(1).optional(),
  /** Takes the whole list or nothing: every identifier must lead to one user of its own whom the call adds, or removes. */
  strict: z.boolean().optional(),
});
type ChangeMembersInput = z.output<typeof changeMembersInput>;

const listCounts = {
  id,
  name: z.string(),
  members: count.describe('Members that the set has now'),
  not_found: count,
  duplicates: count,
  ambiguous: count,
};
const listCountsSchema = z.object(listCounts);
type ListCounts = z.output<typeof listCountsSchema>;

const membersAddedSchema = z
  .object({ ...listCounts, added: count, already: count })
  .describe('`added + already + not_found + duplicates + ambiguous` is the number of identifiers in the list');
export type MembersAdded = z.output<typeof membersAddedSchema>;

const membersRemovedSchema = z
  .object({ ...listCounts, removed: count, no_members: count.describe('Users of the list who were not in the set') })
  .describe('`removed + no_members + not_found + duplicates + ambiguous` is the number of identifiers in the list');
export type MembersRemoved = z.output<typeof membersRemovedSchema>;

export const addMembers = operation({
  name: 'set.add_members',
  summary: { en: 'Add users to an itemized set', de: 'Benutzer in ein spezifiziertes Set aufnehmen' },
  privilege: 'sets:write',
  input: changeMembersInput,
  output: membersAddedSchema,
  audit: (input, output) => ({
    entity: 'set',
    id: output?.id ?? input.set,
    detail: { added: output?.added ?? null },
  }),
  run: (ctx: Context, input): Promise<MembersAdded> =>
    ctx.db.transaction(async (tx) => {
      const set = await takeItemized(tx, input.set, ctx.actor);
      const { counts, users } = await match(ctx, tx, input);
      if (input.strict === true) await refuseMembers(tx, set.id);
      const added = await insertMembers(tx, set.id, MATCHED_USERS, false);
      return { ...(await settle(tx, set, input, counts, users)), added, already: users - added };
    }),
});

export const removeMembers = operation({
  name: 'set.remove_members',
  summary: { en: 'Take users out of an itemized set', de: 'Benutzer aus einem spezifizierten Set entfernen' },
  privilege: 'sets:write',
  input: changeMembersInput,
  output: membersRemovedSchema,
  audit: (input, output) => ({
    entity: 'set',
    id: output?.id ?? input.set,
    detail: { removed: output?.removed ?? null },
  }),
  run: (ctx: Context, input): Promise<MembersRemoved> =>
    ctx.db.transaction(async (tx) => {
      const set = await takeItemized(tx, input.set, ctx.actor);
      const { counts, users } = await match(ctx, tx, input);
      if (input.strict === true) await refuseOthers(tx, set.id);
      const { rowCount } = await tx.query(sql`
        delete from set_members m using (${MATCHED_USERS}) ids
        where m.set_id = ${set.id}::bigint and m.user_id = ids.user_id`);
      const removed = rowCount ?? 0;
      return { ...(await settle(tx, set, input, counts, users)), removed, no_members: users - removed };
    }),
});

const membersReplacedSchema = z
  .object({ ...listCounts, added: count, removed: count })
  .describe('`members + not_found + duplicates + ambiguous` is the number of identifiers in the list');
export type MembersReplaced = z.output<typeof membersReplacedSchema>;

export const replaceMembers = operation({
  name: 'set.replace_members',
  summary: { en: 'Make an itemized set of other users', de: 'Die Mitglieder eines spezifizierten Sets durch andere ersetzen' },
  privilege: 'sets:write',
  input: changeMembersInput,
  output: membersReplacedSchema,
  audit: (input, output) => ({
    entity: 'set',
    id: output?.id ?? input.set,
    detail: { added: output?.added ?? null, removed: output?.removed ?? null },
  }),
  run: (ctx: Context, input): Promise<MembersReplaced> =>
    ctx.db.transaction(async (tx) => {
      const set = await takeItemized(tx, input.set, ctx.actor);
      const { counts, users } = await match(ctx, tx, input);
      const { rowCount } = await tx.query(sql`
        delete from set_members m where m.set_id = ${set.id}::bigint
          and not exists (select from (${MATCHED_USERS}) ids where ids.user_id = m.user_id)`);
      const added = await insertMembers(tx, set.id, MATCHED_USERS, false);
      return { ...(await settle(tx, set, input, counts, users)), added, removed: rowCount ?? 0 };
    }),
});

function listOf(input: ChangeMembersInput): IdentifierSource {
  if (input.file !== undefined && input.ids === undefined) return { file: input.file, column: input.column };
  if (input.ids !== undefined && input.file === undefined) return { ids: input.ids };
  throw new AppError('sets.list_count', {});
}

async function match(ctx: Context, tx: PoolClient, input: ChangeMembersInput): Promise<{ counts: MatchCounts; users: number }> {
  const matching = await loadIdentifiers(ctx, tx, listOf(input), input.idType);
  const counts = await matchListed(tx, matching);
  if (input.strict === true) await refuseIncomplete(tx);
  return { counts, users: await countMatchedUsers(tx) };
}

/** Keeps with the set what became of the list, and counts what the set has now. */
async function settle(tx: PoolClient, set: SetRow, input: ChangeMembersInput, counts: MatchCounts, users: number): Promise<ListCounts> {
  const { not_found, ambiguous } = counts;
  const duplicates = counts.found - users;
  await keepFileLines(tx, set.id, counts, duplicates);
  const list = listOf(input);
  const source: SetSource = {
    ...('file' in list ? { from: 'file', what: path.basename(list.file) } : { from: 'ids', what: String(list.ids.length) }),
    not_found,
    duplicates,
    ambiguous,
  };
  await updateSource(tx, set.id, source);
  const { rows } = await tx.query<{ members: number }>(sql`
    select count(*) as members from set_members m where m.set_id = ${set.id}::bigint`);
  return { id: set.id, name: set.name, members: rows[0]?.members ?? 0, not_found, duplicates, ambiguous };
}
