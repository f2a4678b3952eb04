import { type Actor, AppError } from '../core/index.ts';
import type { Filter } from '../filters/index.ts';
import type { PoolClient } from 'pg';
import pg from 'pg';
import sql, { empty, type Sql } from 'sql-template-tag';
import { z } from 'zod';
import type { SetSource } from './set-row.ts';

/** Text that PostgreSQL can store as it is. */
const storable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

export const setName = z.string().trim().min(1).max(120).refine(storable, 'contains a character that cannot be stored');
export const setDescription = z.string().trim().max(2000).refine(storable, 'contains a character that cannot be stored');
/** A spreadsheet has no more columns than this. */
export const fileColumn = z.int().min(1).max(16_384);
/** A set by its name or number. */
export const setReference = z.union([z.string().trim().min(1).max(120), z.int().positive()]);

export interface NewSet {
  readonly name: string;
  readonly description?: string | undefined;
  readonly private: boolean;
  /** null makes an itemized set. */
  readonly filter: Filter | null;
  readonly source: SetSource;
}

/** Writes the set's row and takes its name; `sets.name_taken` when another set has it. */
export async function insertSet(tx: PoolClient, actor: Actor, set: NewSet): Promise<number> {
  const { rows } = await namesAreUnique(set.name, () =>
    tx.query<{ id: number }>(sql`
      insert into sets (name, description, kind, filter, private, owner, source)
      values (${set.name}::text, ${emptyAsNull(set.description)}::text, ${set.filter === null ? 'itemized' : 'logical'}::text,
        ${set.filter === null ? null : JSON.stringify(set.filter)}::jsonb, ${set.private}::boolean, ${actor.name}::text,
        ${JSON.stringify(set.source)}::jsonb)
      returning id`),
  );
  const [row] = rows;
  if (row === undefined) throw new Error('An insert returns its row.');
  return row.id;
}

/** `write` may put a set's name into the table; a name in use becomes `sets.name_taken`. */
export async function namesAreUnique<T>(name: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === '23505' && error.constraint === 'sets_name') {
      throw new AppError('sets.name_taken', { name }, { cause: error });
    }
    throw error;
  }
}

export function emptyAsNull(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}

/**
 * Adds the users that `users` gives (`user_id`, each once) and says how many were new. In id order, so
 * that each row goes to the end of the primary key and beside the one before in the other index.
 */
export async function insertMembers(tx: PoolClient, setId: number, users: Sql, setIsNew = true): Promise<number> {
  const { rowCount } = await tx.query(sql`
    insert into set_members (set_id, user_id)
    select ${setId}::bigint, ids.user_id from (${users}) ids order by ids.user_id
    ${setIsNew ? empty : sql`on conflict do nothing`}`);
  return rowCount ?? 0;
}

export async function updateSource(tx: PoolClient, setId: number, source: SetSource): Promise<void> {
  await tx.query(sql`
    update sets set source = ${JSON.stringify(source)}::jsonb, modified_at = now() where id = ${setId}::bigint`);
}
