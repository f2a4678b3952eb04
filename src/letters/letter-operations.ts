/** Letters as staff see and write them. Publishing, versions and going back are the same for all texts: `text-operations.ts`. */
import sql from 'sql-template-tag';
import { z } from 'zod';
import { AppError, instant, operation } from '../core/index.ts';
import { basedOn, languageTag, note, publishNow, typeCode } from './input.ts';
import { saveText } from './save-operations.ts';
import { notificationTypeFields, notificationTypeSchema, readTypes, requireType } from './types.ts';

export type { NotificationTypeView } from './types.ts';

const letterSchema = z.object({
  type: z.string(),
  language: z.string(),
  version: z.int().positive().describe('Number of the version that is shown: the newest, unless the published one was asked for'),
  published: z.int().nullable().describe('Number of the published version'),
  subject: z.string(),
  body: z.string().describe('Markdown with Liquid fields'),
  sms: z.string().nullable().describe('Text of the SMS; null: it does not go out as SMS'),
  note: z.string().nullable(),
  modified_at: instant,
  modified_by: z.string().nullable(),
});
export type LetterView = z.output<typeof letterSchema>;

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
  input: z
    .object({
      type: typeCode,
      language: languageTag.optional(),
      published: z.boolean().default(false).describe('What is published, instead of a newer draft'),
    })
    .strict(),
  output: z.object({ ...notificationTypeFields, letters: z.array(letterSchema) }),
  audit: (input) => ({ entity: 'letter', id: input.type }),
  run: async (ctx, input) => {
    const found = await requireType(ctx, input.type);
    const { rows } = await ctx.db.pool.query<LetterView>(sql`
      select v.code as type, v.language, v.number as version, p.number as published, v.subject, v.body, v.sms, v.note,
        v.created_at as modified_at, v.created_by as modified_by
      from letter_heads h
      join letter_versions v on v.id = case when ${input.published}::boolean then h.published else h.latest end
      left join letter_versions p on p.id = h.published
      where h.kind = 'letter' and h.code = ${input.type}::text
        and (${input.language ?? null}::text is null or h.language = ${input.language ?? null}::text)
      order by v.language`);
    if (input.language !== undefined && rows.length === 0) {
      throw new AppError('letters.letter_not_found', { type: input.type, language: input.language });
    }
    return { ...found, letters: rows };
  },
});

export const saveLetter = operation({
  name: 'letter.save',
  summary: {
    en: 'Saves the letter of a notification type in a language as a new version, if it can be sent as it is',
    de: 'Speichert den Brief eines Benachrichtigungstyps in einer Sprache als neue Version, wenn er so verschickt werden kann',
  },
  privilege: 'letters:write',
  input: z
    .object({
      type: typeCode,
      language: languageTag,
      subject: z.string().trim().max(1_000).describe('Subject, with Liquid fields'),
      body: z.string().max(200_000).describe('Markdown with Liquid fields'),
      sms: z.string().max(2_000).nullable().default(null).describe('Text of the SMS, with Liquid fields; null: it does not go out as SMS'),
      based_on: basedOn,
      note,
      publish: publishNow,
    })
    .strict(),
  output: z.object({
    type: z.string(),
    language: z.string(),
    version: z.int().positive(),
    saved: z.boolean().describe('False: the newest version says the same'),
    published: z.boolean().describe('Whether this version is the published one'),
  }),
  audit: (input, output) => ({
    entity: 'letter',
    id: input.type,
    detail: { language: input.language, ...(output !== undefined && { version: output.version, published: output.published }) },
  }),
  run: async (ctx, { type, language, subject, body, ...input }) => {
    const sms = input.sms === null || input.sms.trim() === '' ? null : input.sms;
    return { type, ...(await saveText(ctx, { kind: 'letter', code: type, language }, { subject, body, sms, frame: null }, input)) };
  },
});
