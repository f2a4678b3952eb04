/** Saving frames and snippets; letters are saved by `letter-operations.ts`. */
import { z } from 'zod';
import { type Context, operation } from '../core/index.ts';
import { frameSchema, STANDARD_FRAME } from './frame.ts';
import { basedOn, languageTag, note, publishNow, snippetName } from './input.ts';
import { requireSendable } from './sendable.ts';
import { publishVersion, saveVersion, type TextContent, type TextKey } from './versions.ts';

const savedFields = {
  language: z.string(),
  version: z.int().positive(),
  saved: z.boolean().describe('False: the newest version says the same'),
  published: z.boolean().describe('Whether this version is the published one'),
};

interface Saving {
  readonly based_on: number;
  readonly note: string | null;
  readonly publish: boolean;
}

/** Checks a text, saves it as its next version, and publishes that if asked to: all or nothing. */
export async function saveText(ctx: Context, key: TextKey, content: TextContent, how: Saving) {
  return ctx.db.transaction(async (tx) => {
    await requireSendable(tx, key, content, ctx.language);
    const by = { author: ctx.actor.name, basedOn: how.based_on, note: how.note };
    const { version, saved, published } = await saveVersion(tx, key, content, by);
    if (how.publish) await publishVersion(tx, key, version, ctx.actor.name);
    return { language: key.language, version: version.number, saved, published: how.publish || published };
  });
}

export const saveFrame = operation({
  name: 'letter_frame.save',
  summary: {
    en: 'Saves the frame of all letters of a language as a new version',
    de: 'Speichert den Rahmen aller Briefe einer Sprache als neue Version',
  },
  privilege: 'letters:write',
  input: frameSchema.extend({ language: languageTag, based_on: basedOn, note, publish: publishNow }),
  output: z.object(savedFields),
  audit: (input, output) => ({
    entity: 'frame',
    id: STANDARD_FRAME,
    detail: { language: input.language, version: output?.version ?? null },
  }),
  run: (ctx, { language, based_on, note: why, publish, ...frame }) =>
    saveText(
      ctx,
      { kind: 'frame', code: STANDARD_FRAME, language },
      { subject: null, body: '', sms: null, frame },
      { based_on, note: why, publish },
    ),
});

export const saveSnippet = operation({
  name: 'letter_snippet.save',
  summary: {
    en: 'Saves a snippet, which letters of a language share, as a new version',
    de: 'Speichert einen Textbaustein, den sich Briefe einer Sprache teilen, als neue Version',
  },
  privilege: 'letters:write',
  input: z
    .object({
      name: snippetName,
      language: languageTag,
      body: z.string().trim().min(1).max(20_000).describe('Markdown with Liquid fields'),
      based_on: basedOn,
      note,
      publish: publishNow,
    })
    .strict(),
  output: z.object({ name: z.string(), ...savedFields }),
  audit: (input, output) => ({ entity: 'snippet', id: input.name, detail: { language: input.language, version: output?.version ?? null } }),
  run: async (ctx, { name, language, body, ...how }) => ({
    name,
    ...(await saveText(ctx, { kind: 'snippet', code: name, language }, { subject: null, body, sms: null, frame: null }, how)),
  }),
});
