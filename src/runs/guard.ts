/** The guard against accidents: large runs need a confirmation that cannot be given by mistake. */
import sql from 'sql-template-tag';
import { z } from 'zod';
import { count, declareSetting, type Queryable, settingValue } from '../core/index.ts';

const settingsSchema = z.strictObject({
  /** Share of all users, in percent, above which a run asks. */
  share: z.number().min(0).max(100).default(20),
  /** A run of fewer users never asks because of its share. */
  atLeast: z.number().int().min(0).default(100),
  /** A run of more users always asks. */
  absolute: z.number().int().min(1).default(10_000),
});

const GUARD = declareSetting({
  name: 'guard',
  label: {
    en: 'When a run asks for a typed confirmation: share of all users in percent, from how many users on, and always above',
    de: 'Wann ein Lauf eine getippte Bestätigung verlangt: Anteil aller Benutzer in Prozent, ab wie vielen Benutzern, und immer über',
  },
  schema: settingsSchema,
  default: settingsSchema.parse({}),
  privilege: 'settings:write',
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
      (select s.value from settings s where s.name = ${GUARD.name}) as settings`);
  const settings = settingValue(GUARD, rows[0]?.settings ?? undefined);
  // The statistics' estimate decides when it is plainly large; near the bound and in small libraries users are counted.
  let total = Number(rows[0]?.total ?? 0);
  if (total < 50_000) {
    const counted = await db.query<{ total: number }>(sql`select count(*)::integer as total from users`);
    total = counted.rows[0]?.total ?? 0;
  }
  const needed = users > settings.absolute || (users >= settings.atLeast && users * 100 > total * settings.share);
  return { needed, users, of: total, phrase: needed ? String(users) : null };
}
