import { z } from 'zod';
import { operation } from '../core/index.ts';
import { isClosedTo } from '../users/index.ts';
import { fillLetters, LANGUAGE_NEEDED, requireLanguage, requireUsers, wordingFields } from './fill.ts';
import { typeCode } from './input.ts';
import { readAddresses } from './print/address.ts';
import { problemSchema, sayProblems } from './problems.ts';
import { formFields, formsField, formsOf, NO_FORMS, usesOf } from './shown-forms.ts';
import { requireType } from './types.ts';

const shownSchema = z.object({
  user: z.string().nullable().describe('Primary id; null: the made-up user'),
  name: z.string(),
  to: z.string().nullable().describe('E-mail address; null when the user has none that can be used'),
  language: z.string(),
  version: z.int().nullable().describe('Number of the version that is shown; null: a text that is not saved'),
  ...formFields,
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
      forms: formsField,
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
    const use = usesOf(input.forms);
    const { problems, letters } = await fillLetters(ctx, type, users.length > 0 ? users : [null], input, use);
    const posted = use.blocks && !isClosedTo(ctx.actor, 'user_addresses') ? users.map((user) => user.id) : [];
    const addresses = await readAddresses(ctx.db.pool, posted);
    const shown: ShownLetter[] = [];
    for (const letter of letters) {
      const { user } = letter;
      const whose = { user: user?.primary_id ?? null, to: user?.address ?? null };
      if ('error' in letter) {
        shown.push({ ...whose, name: '', language: '', version: null, ...NO_FORMS, problem: letter.error });
        continue;
      }
      const { name, language, version, rendered } = letter;
      const forms = await formsOf(ctx, { ...rendered, language }, use, { name, address: addresses.get(user?.id ?? 0) });
      shown.push({ ...whose, name, language, version, ...forms, problem: null });
    }
    return { type: input.type, problems: sayProblems(problems, ctx.language), letters: shown };
  },
});
