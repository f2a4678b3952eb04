/** ETags of users and sets, and what `If-Match` becomes for the operations that write them. */
import sql from 'sql-template-tag';
import type { FastifyRequest } from 'fastify';
import { AppError, type Queryable } from '../core/index.ts';
import { findUser, userTag } from '../users/index.ts';

/**
 * The tag of a user as they are; undefined when there is none. It is read before the record: should
 * somebody write in between, the tag is the older one, and an If-Match with it is refused rather than
 * wrongly believed.
 */
export async function tagOfUser(db: Queryable, id: string): Promise<string | undefined> {
  const user = await findUser(db, id).catch((error: unknown) => {
    // The operation tells it, after it has asked for the privilege.
    if (error instanceof AppError) return undefined;
    throw error;
  });
  if (user === undefined) return undefined;
  const { rows } = await db.query<{ version: number }>(sql`select u.version from users u where u.id = ${user.id}::bigint`);
  return rows[0] === undefined ? undefined : userTag({ id: user.id, version: rows[0].version });
}

/** `If-Match: "12.5"` → `12.5`, for the field `match` of the operation, which checks it in its own transaction. */
export function ifMatchOf(request: FastifyRequest): string | undefined {
  const header = request.headers['if-match'];
  if (header === undefined || header.trim() === '*') return undefined;
  const tag = /^\s*"([\x21\x23-\x7e]{1,80})"\s*$/.exec(header)?.[1];
  if (tag === undefined) throw new AppError('http.match_invalid', {});
  return tag;
}
