import { type Actor, AppError, type Queryable } from '../core/index.ts';
import { compileFilter, type Filter } from '../filters/index.ts';
import sql, { type Sql } from 'sql-template-tag';

/** A set as it is stored. */
export interface SetRow {
  readonly id: number;
  readonly name: string;
  readonly description: string | null;
  /** itemized: a fixed list; logical: a filter, evaluated at each use. */
  readonly kind: 'itemized' | 'logical';
  readonly filter: Filter | null;
  readonly private: boolean;
  /** Primary id of the owner; `administrator` for the local administrator. */
  readonly owner: string;
  readonly created_at: string;
  readonly modified_at: string;
  /** What the set was made from. */
  readonly source: SetSource | null;
}

export interface SetSource {
  readonly from: 'file' | 'ids' | 'filter' | 'set' | 'run' | 'combine';
  /** File name, filter text, name of the set, `12 failed`, or the combination in words. */
  readonly what: string;
  readonly not_found?: number;
  readonly duplicates?: number;
  readonly ambiguous?: number;
}

export const SET_COLUMNS: Sql = sql`
  s.id, s.name, s.description, s.kind, s.filter, s.private, s.owner, s.created_at, s.modified_at, s.source`;

/**
 * The set of that name (capitals do not matter) or else of that number. With an actor, a set that is
 * private to somebody else is `sets.not_found`, as if it were not there.
 */
export async function findSet(db: Queryable, nameOrId: string | number, actor?: Actor): Promise<SetRow> {
  const name = String(nameOrId).trim();
  const id = /^\d{1,15}$/.test(name) ? Number(name) : null;
  const { rows } = await db.query<SetRow>(sql`
    select ${SET_COLUMNS} from sets s
    where (fold(s.name) = fold(${storable(name)}::text) or s.id = ${id}::bigint)
      and ${actor === undefined ? sql`true` : visibleTo(actor)}
    order by fold(s.name) = fold(${storable(name)}::text) desc
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
    : sql`select u.id as user_id from users u where ${compileFilter(set.filter, { today })}`;
}

export async function countMembers(db: Queryable, set: Pick<SetRow, 'id' | 'filter'>, today: string): Promise<number> {
  const { rows } = await db.query<{ members: number }>(sql`select count(*) as members from (${memberIdsSql(set, today)}) ids`);
  return rows[0]?.members ?? 0;
}
