import sql from 'sql-template-tag';
import { z } from 'zod';
import { AppError, id, operation } from '../core/index.ts';
import { journalledRun, journalledUsers } from '../users/index.ts';

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
    const run = await journalledRun(ctx.db.pool, input.id);
    if (run === undefined) throw new AppError('runs.not_found', { id: input.id });
    const { rows } = await ctx.db.pool.query<z.output<typeof changedUser>>(sql`
      select j.user_id, u.primary_id
      from (select m.user_id from (${journalledUsers(run, input.after)}) m order by m.user_id limit ${input.limit + 1}::integer) j
      left join users u on u.id = j.user_id
      order by j.user_id`);
    const users = rows.slice(0, input.limit);
    return { users, next: rows.length > input.limit ? (users.at(-1)?.user_id ?? null) : null };
  },
});
