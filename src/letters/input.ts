/** Input that several operations on letters take. */
import { z } from 'zod';
import { STANDARD_FRAME } from './frame.ts';
import { canonicalTag } from './language.ts';
import { TEXT_KINDS, type TextKey } from './versions.ts';

export const typeCode = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .transform((code) => code.toUpperCase())
  .describe('Notification type');

export const languageTag = z
  .string()
  .trim()
  .transform(canonicalTag)
  .refine((tag) => tag !== '', 'is no language tag like de or en')
  .describe('Language of the letter');

export const snippetName = z
  .string()
  .trim()
  .regex(/^[a-z][a-z0-9_]{0,59}$/, 'begins with a small letter and has small letters, digits and _ only')
  .describe('Name of the snippet');

export const basedOn = z.int().min(0).describe('Number of the version that was edited; 0 when there was none');
export const note = z.string().trim().max(500).nullable().default(null).describe('Why it was changed, for who looks at the versions later');
export const publishNow = z.boolean().default(false).describe('Publish the version as well');

/** Which text: of a letter `code` is the notification type, of a snippet its name; a frame needs none. */
export const textFields = {
  kind: z.enum(TEXT_KINDS).default('letter'),
  code: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .default(STANDARD_FRAME)
    .describe('Notification type of a letter, name of a snippet; STANDARD for a frame'),
  language: languageTag,
};

/** Codes of notification types are in capital letters, however they are typed. */
export function textKey(input: { readonly kind: TextKey['kind']; readonly code: string; readonly language: string }): TextKey {
  const { kind, language } = input;
  if (kind === 'frame') return { kind, language, code: STANDARD_FRAME };
  return { kind, language, code: kind === 'letter' ? input.code.toUpperCase() : input.code };
}
