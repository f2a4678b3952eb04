import { z } from 'zod';
import { AppError, operation, todayIn } from '../core/index.ts';
import { languageTag, typeCode } from './input.ts';
import { renderLetter } from './letter.ts';
import { FORGOTTEN_LETTER, letterData, maskedSecret } from './letter-data.ts';
import { readPreviewUser } from './letter-input.ts';
import { readLetterSettings } from './settings.ts';
import { openShelf } from './shelf.ts';
import { requireType } from './types.ts';

const letterPreviewSchema = z.object({
  type: z.string(),
  language: z.string(),
  to: z.string().nullable().describe('Null when the user has no usable address'),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
});
export type LetterPreview = z.output<typeof letterPreviewSchema>;

export const previewLetter = operation({
  name: 'letter.preview',
  summary: {
    en: 'Shows a letter as one user would get it; nothing is sent, a password is masked',
    de: 'Zeigt einen Brief so, wie ihn ein Benutzer bekäme; nichts wird verschickt, ein Passwort ist verdeckt',
  },
  privilege: 'letters:read',
  input: z
    .object({
      type: typeCode,
      user: z.string().trim().min(1).max(255).describe('Primary id or another identifier of the user'),
      language: languageTag.optional(),
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
