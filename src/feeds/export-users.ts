/** The export of users that a set or a filter chooses. */
import sql, { type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { type Context, count, operation, todayIn } from '../core/index.ts';
import { checkFilterFor, compileRecords, parseFilter } from '../filters/index.ts';
import { findSet, memberIdsSql } from '../sets/index.ts';
import { EXPORT_FORMATS, writeUsers } from './export-file.ts';

const input = z
  .strictObject({
    set: z.union([z.string(), z.number()]).optional(),
    where: z.string().min(1).optional(),
    format: z.enum(EXPORT_FORMATS),
    /** Path of the file that is written; it appears when it is complete. */
    file: z.string().min(1),
  })
  .refine((i) => (i.set === undefined) !== (i.where === undefined), { message: 'needs either set or where' });

const exportResultSchema = z.object({ users: count, file: z.string(), format: z.enum(EXPORT_FORMATS) });

export const exportUsers = operation({
  name: 'users.export',
  summary: { en: 'Exports users as Alma JSON, Alma XML or CSV', de: 'Exportiert Benutzer als Alma-JSON, Alma-XML oder CSV' },
  privilege: 'users:export',
  input,
  output: exportResultSchema,
  audit: (i, output) => ({
    entity: 'set',
    id: i.set === undefined ? null : String(i.set),
    detail: { format: i.format, users: output?.users ?? null, ...(i.where === undefined ? {} : { where: i.where }) },
  }),
  run: async (ctx, i) => {
    const users = await writeUsers(ctx, await membersOf(ctx, i), i.format, i.file);
    return { users, file: i.file, format: i.format };
  },
});

async function membersOf(ctx: Context, i: z.output<typeof input>): Promise<Sql> {
  const today = todayIn(ctx.timeZone);
  if (i.set !== undefined) return memberIdsSql(await findSet(ctx.db.pool, i.set, ctx.actor), today);
  const filter = parseFilter(i.where ?? '');
  checkFilterFor(ctx.actor, filter);
  return sql`select u.id as user_id from users u where ${compileRecords(filter, { today })}`;
}
