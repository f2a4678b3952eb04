import sql from 'sql-template-tag';
import { z } from 'zod';
import { AppError, id, operation } from '../core/index.ts';

const changedUser = z.object({ user_id: id, primary_id: z.string().nullable().describe('null: the user has been erased since') });

/** Out of the journal, so of every kind of run: jobs, undos, imports and single edits. */
export const listChangedUsers = operation({
  name: 'job.changed_users',
  summary: {
    en: 'Lists the users that a run has changed, page by page',
    de: 'Listet seitenweise auf, welche Benutzer ein Lauf geändert hat',
  },
  privilege: 'jobs:read',
  input: z.strictObject({
    id: id.describe('Number of the run'),
    after: z.int().min(0).default(0).describe('The `next` of the page before'),
    limit: z.int().min(1).max(10_000).default(1_000),
  }),
  output: z.object({ users: z.array(changedUser), next: id.nullable().describe('null: this was the last page') }),
  audit: (input) => ({ entity: 'run', id: input.id }),
  run: async (ctx, input) => {
    const run = await ctx.db.pool.query<{ created_at: string }>(sql`select r.created_at from runs r where r.id = ${input.id}::bigint`);
    const created = run.rows[0]?.created_at;
    if (created === undefined) throw new AppError('runs.not_found', { id: input.id });
    // The point in time leaves out the journal's older partitions; the page walks its index on users.
    const { rows } = await ctx.db.pool.query<z.output<typeof changedUser>>(sql`
      select j.user_id, u.primary_id
      from (select distinct j.user_id from journal j
        where j.run_id = ${input.id}::bigint and j.at >= ${created}::timestamptz and j.user_id > ${input.after}::bigint
        order by j.user_id limit ${input.limit + 1}::integer) j
      left join users u on u.id = j.user_id
      order by j.user_id`);
    const users = rows.slice(0, input.limit);
    return { users, next: rows.length > input.limit ? (users.at(-1)?.user_id ?? null) : null };
  },
});
