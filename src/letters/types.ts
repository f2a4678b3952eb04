/** Notification types as they are read: why users are written to, and which letters there are. */
import sql from 'sql-template-tag';
import { z } from 'zod';
import { AppError, type Context, type Queryable } from '../core/index.ts';

export const letterStateSchema = z.object({
  language: z.string(),
  published: z.int().nullable().describe('Number of the published version; null: nothing is sent in this language'),
  draft: z.int().nullable().describe('Number of a newer version that is not published'),
});

export const notificationTypeFields = {
  type: z.string(),
  label: z.string().describe('In the language of who asks, as is the description'),
  description: z.string().nullable(),
  active: z.boolean(),
  essential: z.boolean().describe('Users cannot opt out of it'),
  is_default: z.boolean(),
  credentials: z.boolean().describe('Carries a password or a one-time link; sent by itself'),
  languages: z.array(z.string()).describe('Languages in which there is a published letter'),
  letters: z.array(letterStateSchema).describe('Every language in which there is a letter or a draft'),
};
export const notificationTypeSchema = z.object(notificationTypeFields);
export type NotificationTypeView = z.output<typeof notificationTypeSchema>;

export async function readTypes(ctx: Context): Promise<NotificationTypeView[]> {
  const german = ctx.language === 'de';
  const { rows } = await ctx.db.pool.query<NotificationTypeView>(sql`
    select t.code as type,
      case when ${german}::boolean then t.label_de else t.label_en end as label,
      case when ${german}::boolean then t.description_de else t.description_en end as description,
      t.active, t.essential, t.is_default, t.credentials,
      array(
        select h.language from letter_heads h
        where h.kind = 'letter' and h.code = t.code and h.published is not null order by h.language) as languages,
      coalesce((
        select jsonb_agg(jsonb_build_object('language', h.language, 'published', p.number,
          'draft', case when h.latest is distinct from h.published and l.number > coalesce(p.number, 0) then l.number end) order by h.language)
        from letter_heads h
        join letter_versions l on l.id = h.latest
        left join letter_versions p on p.id = h.published
        where h.kind = 'letter' and h.code = t.code), '[]') as letters
    from notification_types t
    order by t.position, t.code`);
  return rows;
}

/** Throws `letters.type_not_found`, which names those that there are. */
export async function requireType(ctx: Context, code: string): Promise<NotificationTypeView> {
  const types = await readTypes(ctx);
  const found = types.find((candidate) => candidate.type === code);
  if (found === undefined)
    throw typeNotFound(
      code,
      types.map((candidate) => candidate.type),
    );
  return found;
}

export function typeNotFound(code: string, known: readonly string[]): AppError {
  return new AppError('letters.type_not_found', { type: code, known: known.join(', ') });
}

/** For who writes a letter: holds the type against being deleted, and says whether it carries credentials. */
export async function lockType(tx: Queryable, code: string): Promise<{ readonly credentials: boolean }> {
  const { rows } = await tx.query<{ credentials: boolean }>(sql`
    select t.credentials from notification_types t where t.code = ${code}::text for share`);
  if (rows[0] !== undefined) return rows[0];
  const known = await tx.query<{ code: string }>(sql`select t.code from notification_types t order by t.position, t.code`);
  throw typeNotFound(
    code,
    known.rows.map((row) => row.code),
  );
}
