import { z } from 'zod';
import { count, type Language, operation } from '../core/index.ts';
import { isClosedTo } from '../users/index.ts';
import { failureSentence } from './failure.ts';
import { fillLetters, LANGUAGE_NEEDED, requireLanguage, requireUsers, wordingFields } from './fill.ts';
import { typeCode } from './input.ts';
import type { printPreview } from './print/preview.ts';
import { problemSchema, sayProblems } from './problems.ts';
import { smsSegments } from './text/index.ts';
import { requireType } from './types.ts';

const FORMS = ['html', 'text', 'sms', 'print'] as const;

const shownSchema = z.object({
  user: z.string().nullable().describe('Primary id; null: the made-up user'),
  name: z.string(),
  to: z.string().nullable().describe('E-mail address; null when the user has none that can be used'),
  language: z.string(),
  version: z.int().nullable().describe('Number of the version that is shown; null: a text that is not saved'),
  subject: z.string(),
  text: z.string().nullable().describe('Null when it was not asked for, as all that follow'),
  html: z.string().nullable(),
  sms: z
    .object({
      text: z.string(),
      encoding: z.enum(['GSM-7', 'UCS-2']).describe('UCS-2: there are characters that leave room for 70 in a part, not 160'),
      length: count,
      segments: count.describe('Parts that it is sent and paid as'),
    })
    .nullable()
    .describe('Null too when the letter does not go out as SMS'),
  print: z
    .object({
      pdf: z.base64().describe('The PDF'),
      pages: count,
      no_place: z.string().nullable().describe('Why the user would get no letter on paper'),
      missing: z.array(z.string()).describe('Characters that no font has'),
    })
    .nullable(),
  problem: z.string().nullable().describe('Why it cannot be filled in for this user; then the rest is empty'),
});
export type ShownLetter = z.output<typeof shownSchema>;

export const previewLetter = operation({
  name: 'letter.preview',
  summary: {
    en: 'Shows a letter as users would get it; nothing is sent, a password is masked',
    de: 'Zeigt einen Brief so, wie ihn Benutzer bekämen; nichts wird verschickt, ein Passwort ist verdeckt',
  },
  privilege: 'letters:read',
  input: z
    .object({
      type: typeCode,
      users: z
        .array(z.string().trim().min(1).max(255))
        .max(20)
        .default([])
        .describe('Primary ids or other identifiers; none: a made-up user with every value'),
      forms: z.array(z.enum(FORMS)).min(1).default(['html', 'text', 'sms']),
      ...wordingFields,
    })
    .strict()
    .refine(requireLanguage, LANGUAGE_NEEDED),
  output: z.object({
    type: z.string(),
    problems: z.array(problemSchema).describe('Of a text that is not saved; with errors there are no letters'),
    letters: z.array(shownSchema),
  }),
  // Of one user it is told as what it is: somebody has looked at that user's data.
  audit: ({ type, users: [user, ...others], version }) => ({
    entity: user === undefined || others.length > 0 ? 'letter' : 'user',
    id: user === undefined || others.length > 0 ? type : user,
    detail: {
      letter: type,
      ...(others.length > 0 && { users: [user, ...others] }),
      ...(version !== undefined && { version }),
    },
  }),
  run: async (ctx, input) => {
    const type = await requireType(ctx, input.type);
    const users = await requireUsers(ctx.db.pool, input.users, type.credentials);
    const wants = (form: (typeof FORMS)[number]): boolean => input.forms.includes(form);
    const use = { html: wants('html'), text: wants('text'), sms: wants('sms'), blocks: wants('print') };
    const { problems, letters } = await fillLetters(ctx, type, users.length > 0 ? users : [null], input, use);
    const addresses = !isClosedTo(ctx.actor, 'user_addresses');
    const shown: ShownLetter[] = [];
    for (const letter of letters) {
      const { user } = letter;
      const whose = { user: user?.primary_id ?? null, to: user?.address ?? null };
      if ('error' in letter) {
        const nothing = { name: '', language: '', version: null, subject: '', text: null, html: null, sms: null, print: null };
        shown.push({ ...whose, ...nothing, problem: letter.error });
        continue;
      }
      const { name, language, version, rendered } = letter;
      shown.push({
        ...whose,
        name,
        language,
        version,
        subject: rendered.subject,
        text: use.text ? rendered.text : null,
        html: use.html ? rendered.html : null,
        sms: rendered.sms === null ? null : smsOf(rendered.sms),
        print: use.blocks
          ? printOf(await printed(ctx, { ...rendered, language }, { id: addresses ? (user?.id ?? 0) : 0, name }), ctx.language)
          : null,
        problem: null,
      });
    }
    return { type: input.type, problems: sayProblems(problems, ctx.language), letters: shown };
  },
});

function smsOf(text: string): NonNullable<ShownLetter['sms']> {
  const { encoding, length, segments } = smsSegments(text);
  return { text, encoding, length, segments };
}

function printOf(made: Awaited<ReturnType<typeof printPreview>>, language: Language): NonNullable<ShownLetter['print']> {
  const { pdf, pages, noPlace, missing } = made;
  return { pdf: pdf.toString('base64'), pages, no_place: failureSentence(language, noPlace), missing: [...missing] };
}

/** Loaded with the first letter on paper: fonts and the writer of PDFs take their time. */
const printed: typeof printPreview = async (...args) => (await import('./print/preview.ts')).printPreview(...args);
