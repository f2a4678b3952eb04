import sql from 'sql-template-tag';
import { z } from 'zod';
import { AppError, type Context, instant, operation, todayIn } from '../core/index.ts';
import { canonicalTag } from './language.ts';
import { renderLetter, requireValidLetter } from './letter.ts';
import { FORGOTTEN_LETTER, letterData, maskedSecret } from './letter-data.ts';
import { readPreviewUser } from './letter-input.ts';
import { readLetterSettings } from './settings.ts';
import { openShelf } from './shelf.ts';

const notificationTypeFields = {
  type: z.string(),
  label: z.string().describe('In the language of who asks, as is the description'),
  description: z.string().nullable(),
  active: z.boolean(),
  essential: z.boolean().describe('Users cannot opt out of it'),
  is_default: z.boolean(),
  credentials: z.boolean().describe('Carries a password or a one-time link; sent by itself'),
  languages: z.array(z.string()).describe('Languages in which there is a letter'),
};
const notificationTypeSchema = z.object(notificationTypeFields);
export type NotificationTypeView = z.output<typeof notificationTypeSchema>;

const letterSchema = z.object({
  type: z.string(),
  language: z.string(),
  subject: z.string(),
  text_body: z.string(),
  html_body: z.string(),
  modified_at: instant,
  modified_by: z.string().nullable(),
});
export type LetterView = z.output<typeof letterSchema>;

const letterPreviewSchema = z.object({
  type: z.string(),
  language: z.string(),
  to: z.string().nullable().describe('Null when the user has no usable address'),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
});
export type LetterPreview = z.output<typeof letterPreviewSchema>;

const type = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .transform((code) => code.toUpperCase())
  .describe('Notification type');

const language = z
  .string()
  .trim()
  .transform(canonicalTag)
  .refine((tag) => tag !== '', 'is no language tag like de or en')
  .describe('Language of the letter');

export const listLetters = operation({
  name: 'letter.list',
  summary: {
    en: 'Lists the notification types and the languages of their letters',
    de: 'Listet die Benachrichtigungstypen und die Sprachen ihrer Briefe auf',
  },
  privilege: 'letters:read',
  input: z.object({}).strict(),
  output: z.object({ types: z.array(notificationTypeSchema) }),
  audit: () => ({ entity: 'letter', id: null }),
  run: async (ctx) => ({ types: await readTypes(ctx) }),
});

export const showLetter = operation({
  name: 'letter.show',
  summary: { en: 'Shows the letters of a notification type', de: 'Zeigt die Briefe eines Benachrichtigungstyps' },
  privilege: 'letters:read',
  input: z.object({ type, language: language.optional() }).strict(),
  output: z.object({ ...notificationTypeFields, letters: z.array(letterSchema) }),
  audit: (input) => ({ entity: 'letter', id: input.type }),
  run: async (ctx, input) => {
    const found = await requireType(ctx, input.type);
    const { rows } = await ctx.db.pool.query<LetterView>(sql`
      select l.type, l.language, l.subject, l.text_body, l.html_body, l.modified_at, l.modified_by
      from letters l
      where l.type = ${input.type}::text
        and (${input.language ?? null}::text is null or l.language = ${input.language ?? null}::text)
      order by l.language`);
    if (input.language !== undefined && rows.length === 0) {
      throw new AppError('letters.letter_not_found', { type: input.type, language: input.language });
    }
    return { ...found, letters: rows };
  },
});

export const saveLetter = operation({
  name: 'letter.save',
  summary: {
    en: 'Saves the letter of a notification type in a language, if it can be sent as it is',
    de: 'Speichert den Brief eines Benachrichtigungstyps in einer Sprache, wenn er so verschickt werden kann',
  },
  privilege: 'letters:write',
  input: z
    .object({
      type,
      language,
      subject: z.string().max(1_000).describe('Liquid template of the subject'),
      text_body: z.string().max(200_000).describe('Liquid template of the text part'),
      html_body: z.string().max(200_000).describe('Liquid template of the HTML part'),
    })
    .strict(),
  output: z.object({ type: z.string(), language: z.string() }),
  audit: (input) => ({ entity: 'letter', id: input.type, detail: { language: input.language } }),
  run: async (ctx, input) => {
    const { credentials } = await requireType(ctx, input.type);
    requireValidLetter(input, input.language, credentials);
    await ctx.db.pool.query(sql`
      insert into letters (type, language, subject, text_body, html_body, modified_at, modified_by)
      values (${input.type}, ${input.language}, ${input.subject}, ${input.text_body}, ${input.html_body}, now(),
        ${ctx.actor.name})
      on conflict (type, language) do update
      set subject = excluded.subject, text_body = excluded.text_body, html_body = excluded.html_body,
        modified_at = excluded.modified_at, modified_by = excluded.modified_by`);
    return { type: input.type, language: input.language };
  },
});

export const previewLetter = operation({
  name: 'letter.preview',
  summary: {
    en: 'Shows a letter as one user would get it; nothing is sent, a password is masked',
    de: 'Zeigt einen Brief so, wie ihn ein Benutzer bekäme; nichts wird verschickt, ein Passwort ist verdeckt',
  },
  privilege: 'letters:read',
  input: z
    .object({
      type,
      user: z.string().trim().min(1).max(255).describe('Primary id or another identifier of the user'),
      language: language.optional(),
    })
    .strict(),
  output: letterPreviewSchema,
  audit: (input) => ({ entity: 'user', id: input.user, detail: { letter: input.type } }),
  run: async (ctx, input): Promise<LetterPreview> => {
    const { credentials } = await requireType(ctx, input.type);
    const user = await readPreviewUser(ctx.db.pool, input.user, credentials);
    if (user === undefined) throw new AppError('letters.user_not_found', { id: input.user });
    const settings = await readLetterSettings(ctx.db.pool);
    const wished = input.language ?? user.wished_language;
    const letter = (await openShelf(ctx.db.pool, [input.type])).find(input.type, wished, settings.language);
    if (letter === undefined) throw new AppError('letters.letter_not_found', { type: input.type, language: wished });
    const run = { name: input.type, today: todayIn(ctx.timeZone) };
    const data = letterData(
      user,
      run,
      settings,
      letter.language,
      credentials ? maskedSecret(input.type === FORGOTTEN_LETTER ? 'forgotten' : null) : undefined,
    );
    return { type: input.type, language: letter.language, to: user.address, ...renderLetter(letter.compiled(), data) };
  },
});

async function readTypes(ctx: Context): Promise<NotificationTypeView[]> {
  const german = ctx.language === 'de';
  const { rows } = await ctx.db.pool.query<NotificationTypeView>(sql`
    select t.code as type,
      case when ${german}::boolean then t.label_de else t.label_en end as label,
      case when ${german}::boolean then t.description_de else t.description_en end as description,
      t.active, t.essential, t.is_default, t.credentials,
      array(select l.language from letters l where l.type = t.code order by l.language) as languages
    from notification_types t
    order by t.position, t.code`);
  return rows;
}

async function requireType(ctx: Context, code: string): Promise<NotificationTypeView> {
  const types = await readTypes(ctx);
  const found = types.find((candidate) => candidate.type === code);
  if (found === undefined) {
    throw new AppError('letters.type_not_found', { type: code, known: types.map((candidate) => candidate.type).join(', ') });
  }
  return found;
}
