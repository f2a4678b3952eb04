/**
 * Records that were merged into another one. Of such a record an empty row of `users` stays for as long as
 * the merge can be undone; no identifier and no search text leads to it. Whoever goes through all users
 * leaves it out with `isRecord`.
 */
import sql, { raw, type Sql } from 'sql-template-tag';
import { id, instant, type Queryable } from '../core/index.ts';
import { z } from 'zod';

/** A condition over a row of `users`: it is somebody's record. Bare, so that it stands beside any index. */
export function isRecord(alias = 'u'): Sql {
  return sql`${raw(alias)}.merged_into is null`;
}

/** Numbers of the user and of the records that were merged into theirs (`id`). */
export function withMerged(userId: number): Sql {
  return sql`select x.id from users x where x.id = ${userId}::bigint or x.merged_into = ${userId}::bigint`;
}

/** Primary id of who has everything of the record with this primary id; null: it was not merged. */
export async function mergedInto(db: Queryable, primaryId: string): Promise<string | null> {
  const { rows } = await db.query<{ into: string }>(sql`
    select k.primary_id as into from users u join users k on k.id = u.merged_into where fold(u.primary_id) = fold(${primaryId}::text)`);
  return rows[0]?.into ?? null;
}

export const mergedRecordSchema = z.object({
  primary_id: z.string().describe('As it was before'),
  run: id.describe('The merge; its undo parts the records again'),
  at: instant,
});
export type MergedRecord = z.output<typeof mergedRecordSchema>;

/** The records that were merged into the user's and can be parted from it again, the newest first. */
export async function mergedRecords(db: Queryable, userId: number): Promise<MergedRecord[]> {
  const { rows } = await db.query<MergedRecord>(sql`
    select distinct on (x.id) j.diff #>> '{fields,primary_id,0}' as primary_id, j.run_id as run, j.at
    from users x join journal j on j.user_id = x.id join runs r on r.id = j.run_id and r.kind = 'merge'
    where x.merged_into = ${userId}::bigint and j.diff -> 'fields' ? 'merged_into'
    order by x.id, j.at desc`);
  return rows.toSorted((a, b) => (a.at < b.at ? 1 : -1));
}
