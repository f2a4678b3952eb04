import { type Actor, AppError, count, id, instant, type Queryable } from '../core/index.ts';
import { compileRecords, type Filter } from '../filters/index.ts';
import sql, { type Sql } from 'sql-template-tag';
import { z } from 'zod';

const setSourceSchema = z.object({
  from: z.enum(['file', 'ids', 'filter', 'set', 'run', 'combine']),
  what: z.string().describe('File name, filter text, name of the set, `12 failed`, or the combination in words'),
  not_found: count.optional(),
  duplicates: count.optional(),
  ambiguous: count.optional(),
});
export type SetSource = z.output<typeof setSourceSchema>;

/** What is told of a set beside its filter and members. */
export const setFields = {
  id,
  name: z.string(),
  description: z.string().nullable(),
  kind: z.enum(['itemized', 'logical']).describe('itemized: a fixed list; logical: a filter, evaluated at each use'),
  private: z.boolean(),
  owner: z.string().describe('Primary id of the owner; `administrator` for the local administrator'),
  created_at: instant,
  modified_at: instant,
  source: setSourceSchema.nullable().describe('What the set was made from'),
};
const setFieldsSchema = z.object(setFields);

/** A set as it is stored. */
export interface SetRow extends z.output<typeof setFieldsSchema> {
  readonly filter: Filter | null;
}

/** Names one state of a set: its name, description, filter and list of members. */
export function setTag(set: Pick<SetRow, 'id' | 'modified_at'>): string {
  return `${set.id}.${set.modified_at}`;
}

export const SET_COLUMNS: Sql = sql`
  s.id, s.name, s.description, s.kind, s.filter, s.private, s.owner, s.created_at, s.modified_at, s.source`;

/**
 * The set of that name (capitals do not matter) or else of that number; a number given as one is never a
 * name. With an actor, a set that is
 * private to somebody else is `sets.not_found`, as if it were not there.
 */
export async function findSet(db: Queryable, nameOrId: string | number, actor?: Actor): Promise<SetRow> {
  const name = String(nameOrId).trim();
  const id = /^\d{1,15}$/.test(name) ? Number(name) : null;
  const called = typeof nameOrId === 'string' ? storable(name) : null;
  const { rows } = await db.query<SetRow>(sql`
    select ${SET_COLUMNS} from sets s
    where (fold(s.name) = fold(${called}::text) or s.id = ${id}::bigint)
      and ${actor === undefined ? sql`true` : visibleTo(actor)}
    order by fold(s.name) = fold(${called}::text) desc nulls last
    limit 1`);
  const [set] = rows;
  if (set === undefined) throw new AppError('sets.not_found', { set: name });
  return set;
}

/** A name with characters that cannot be stored is nobody's name. */
function storable(name: string): string | null {
  return name.isWellFormed() && !name.includes('\0') ? name : null;
}

/** SQL condition over `sets s`: the actor may see it. */
export function visibleTo(actor: Actor): Sql {
  return actor.kind === 'user' ? sql`(not s.private or s.owner = ${actor.name}::text)` : sql`true`;
}

/** As `findSet`, locked against other changes; only the owner or an administrator may have it. */
export async function takeSet(tx: Queryable, nameOrId: string | number, actor: Actor): Promise<SetRow> {
  const set = await findSet(tx, nameOrId, actor);
  if (actor.kind === 'user' && set.owner !== actor.name) throw new AppError('sets.not_yours', { set: set.name, owner: set.owner });
  const { rows } = await tx.query<SetRow>(sql`select ${SET_COLUMNS} from sets s where s.id = ${set.id}::bigint for update`);
  const [locked] = rows;
  if (locked === undefined) throw new AppError('sets.not_found', { set: String(nameOrId) });
  return locked;
}

export async function takeItemized(tx: Queryable, nameOrId: string | number, actor: Actor): Promise<SetRow> {
  const set = await takeSet(tx, nameOrId, actor);
  if (set.kind !== 'itemized') throw new AppError('sets.not_itemized', { set: set.name });
  return set;
}

/** The ids of a set's members (`user_id`, each once, in no order); `today` is what a filter means by it. */
export function memberIdsSql(set: Pick<SetRow, 'id' | 'filter'>, today: string): Sql {
  return set.filter === null
    ? sql`select m.user_id from set_members m where m.set_id = ${set.id}::bigint`
    : sql`select u.id as user_id from users u where ${compileRecords(set.filter, { today })}`;
}

export async function countMembers(db: Queryable, set: Pick<SetRow, 'id' | 'filter'>, today: string): Promise<number> {
  const { rows } = await db.query<{ members: number }>(sql`select count(*) as members from (${memberIdsSql(set, today)}) ids`);
  return rows[0]?.members ?? 0;
}
