/** Notification types as they are read: why users are written to, and which letters there are. */
import sql from 'sql-template-tag';
import { z } from 'zod';
import { AppError, type Context, type Queryable } from '../core/index.ts';

export const letterStateSchema = z.object({
  language: z.string(),
  published: z.int().nullable().describe('Number of the published version; null: nothing is sent in this language'),
  draft: z.int().nullable().describe('Number of a newer version that is not published'),
});

type LetterState = z.output<typeof letterStateSchema>;

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
  const { rows } = await ctx.db.pool.query<Omit<NotificationTypeView, 'letters' | 'languages'>>(sql`
    select t.code as type,
      case when ${german}::boolean then t.label_de else t.label_en end as label,
      case when ${german}::boolean then t.description_de else t.description_en end as description,
      t.active, t.essential, t.is_default, t.credentials
    from notification_types t
    order by t.position, t.code`);
  const letters = await readTypeLetters(ctx.db.pool);
  return rows.map((row) => {
    const own = letters.get(row.type) ?? [];
    return { ...row, letters: own, languages: own.flatMap(({ language, published }) => (published === null ? [] : [language])) };
  });
}

/** Notification type → the languages in which it has a letter or a draft. */
export async function readTypeLetters(db: Queryable): Promise<ReadonlyMap<string, LetterState[]>> {
  const { rows } = await db.query<LetterState & { code: string }>(sql`
    select h.code, h.language, p.number as published, case when l.number > coalesce(p.number, 0) then l.number end as draft
    from letter_heads h
    join letter_versions l on l.id = h.latest
    left join letter_versions p on p.id = h.published
    where h.kind = 'letter'
    order by h.code, h.language`);
  const types = new Map<string, LetterState[]>();
  for (const { code, ...state } of rows) types.set(code, [...(types.get(code) ?? []), state]);
  return types;
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
