/** The guard against accidents: large runs need a confirmation that cannot be given by mistake. */
import sql from 'sql-template-tag';
import { z } from 'zod';
import { count, type Queryable } from '../core/index.ts';

const settingsSchema = z.object({
  /** Share of all users, in percent, above which a run asks. */
  share: z.number().min(0).max(100).default(20),
  /** A run of fewer users never asks because of its share. */
  atLeast: z.number().int().min(0).default(100),
  /** A run of more users always asks. */
  absolute: z.number().int().min(1).default(10_000),
});

export const guardSchema = z.object({
  needed: z.boolean(),
  users: count.describe('Users that the run would touch, of all users'),
  of: count,
  phrase: z.string().nullable().describe('What has to be typed: the number of users'),
});
export type Guard = z.output<typeof guardSchema>;

/** Whether a run that touches `users` users needs the typed confirmation (setting `guard`). */
export async function guardFor(db: Queryable, users: number): Promise<Guard> {
  const { rows } = await db.query<{ total: number; settings: unknown }>(sql`
    select greatest((select c.reltuples::bigint from pg_class c where c.oid = 'users'::regclass), 0) as total,
      (select s.value from settings s where s.name = 'guard') as settings`);
  const settings = settingsSchema.parse(rows[0]?.settings ?? {});
  // The statistics' estimate decides when it is plainly large; near the bound and in small libraries users are counted.
  let total = Number(rows[0]?.total ?? 0);
  if (total < 50_000) {
    const counted = await db.query<{ total: number }>(sql`select count(*)::integer as total from users`);
    total = counted.rows[0]?.total ?? 0;
  }
  const needed = users > settings.absolute || (users >= settings.atLeast && users * 100 > total * settings.share);
  return { needed, users, of: total, phrase: needed ? String(users) : null };
}
