import sql from 'sql-template-tag';
import { AppError, type Queryable } from '../core/index.ts';
import { mergedInto } from './merged.ts';

export interface FoundUser {
  readonly id: number;
  readonly primary_id: string;
}

/** Names one state of a user: whoever saw this tag saw this version. */
export function userTag(user: { readonly id: number; readonly version: number }): string {
  return `${user.id}.${user.version}`;
}

/** How many of an ambiguous value's holders an error names. */
const NAMED = 5;

/**
 * The user whose primary id or identifier this is, upper or lower case, spaces around it ignored.
 * @throws `users.not_found`; `users.merged` for the number of a record that was given up; `users.ambiguous_id` when it is the value of an exempt identifier type that several users have.
 */
export async function findUser(db: Queryable, idText: string): Promise<FoundUser> {
  const id = idText.trim();
  // PostgreSQL has no NUL in texts, so nobody's id holds one.
  if (id === '' || id.includes('\0')) throw new AppError('users.not_found', { id: printable(idText) });
  const byKey = await db.query<FoundUser>(sql`
    select u.id, u.primary_id from user_keys k join users u on u.id = k.user_id where k.key = fold(${id}::text)`);
  const [owner] = byKey.rows;
  if (owner !== undefined) return owner;
  // Values of exempt types are not keys: several users may have the same one.
  const holders = await db.query<FoundUser>(sql`
    select u.id, u.primary_id from users u
    where u.id in (select i.user_id from user_identifiers i where fold(i.value) = fold(${id}::text))
    order by u.id
    limit ${NAMED + 1}::int`);
  const [first, second] = holders.rows;
  if (first === undefined) {
    const into = await mergedInto(db, id);
    if (into !== null) throw new AppError('users.merged', { id: printable(id), into });
    throw new AppError('users.not_found', { id: printable(id) });
  }
  if (second !== undefined) {
    const names = holders.rows
      .slice(0, NAMED)
      .map((user) => user.primary_id)
      .join(', ');
    throw new AppError('users.ambiguous_id', { id: printable(id), users: holders.rows.length > NAMED ? `${names}, …` : names });
  }
  return first;
}

/** An id as it may stand in a message: control characters would garble a terminal, and a long one hide the sentence. */
function printable(id: string): string {
  const shown = id.replace(/\p{Cc}/gu, '\u{FFFD}');
  return shown.length > 100 ? `${shown.slice(0, 100)}…` : shown;
}
