/**
 * A letter filled in to be looked at: for real users or a made-up one, as it is published, as some version
 * of it, or as it stands in an editor. Passwords and links are dummies, always.
 */
import sql from 'sql-template-tag';
import { z } from 'zod';
import { AppError, type Context, type Queryable, todayIn } from '../core/index.ts';
import { isClosedTo } from '../users/index.ts';
import { frameSchema, STANDARD_FRAME } from './frame.ts';
import { languageTag, snippetName } from './input.ts';
import { chooseLanguage } from './language.ts';
import { type Brings, FORGOTTEN_LETTER, letterData, type LetterUser, maskedSecret, sampleData } from './letter-data.ts';
import { type PreviewUser, readPreviewUser } from './letter-input.ts';
import { readLetterSettings } from './settings.ts';
import { publishedVersionsOf } from './shelf.ts';
import { readSurroundings, type Instead } from './surroundings.ts';
import type { LetterDetails } from './text/details.ts';
import {
  checkLetter,
  type CompiledLetter,
  compileLetter,
  hasErrors,
  type LetterProblem,
  type LetterSource,
  type RenderedLetter,
  type RenderUse,
  withDetails,
} from './text/index.ts';
import { UNSUBSCRIBE_PATH } from './unsubscribe-link.ts';
import { readVersion } from './versions.ts';

/** Which text: the published one unless said otherwise. */
export const wordingFields = {
  language: languageTag.optional().describe('Without it each user’s own'),
  version: z.int().positive().optional().describe('A version of the letter in `language`, published or not'),
  source: z
    .object({ subject: z.string().max(1_000), body: z.string().max(200_000), sms: z.string().max(2_000).nullable().default(null) })
    .strict()
    .optional()
    .describe('A text in `language` that is not saved yet'),
  frame: frameSchema.optional().describe('A frame in `language` that is not saved yet'),
  snippets: z.record(snippetName, z.string().max(20_000)).optional().describe('Snippets in `language` that are not saved yet'),
  brings: z.enum(['password', 'link']).default('password').describe('What a letter with credentials is shown with'),
  run: z.int().positive().optional().describe('Show what this run changed; without it nothing was'),
};

export const requireLanguage = (input: {
  language?: string | undefined;
  version?: unknown;
  source?: unknown;
  frame?: unknown;
  snippets?: unknown;
}) => input.language !== undefined || [input.version, input.source, input.frame, input.snippets].every((given) => given === undefined);
export const LANGUAGE_NEEDED = { path: ['language'], message: 'is needed with a version, a source, a frame or snippets' };

export type Wording = z.output<z.ZodObject<typeof wordingFields>>;

export interface FilledLetter {
  /** Null: the made-up user. */
  readonly user: PreviewUser | null;
  readonly name: string;
  readonly language: string;
  /** Number of the version; null: a text that is not saved. */
  readonly version: number | null;
  readonly rendered: RenderedLetter;
}

export interface Filled {
  /** Of a text that is not saved: with errors nothing is filled in. */
  readonly problems: readonly LetterProblem[];
  /** For each user in the order asked for; an error message where the letter cannot be filled in for one. */
  readonly letters: readonly (FilledLetter | { readonly user: PreviewUser | null; readonly error: string })[];
}

interface Chosen {
  readonly language: string;
  readonly version: number | null;
  readonly compiled: CompiledLetter;
}

export async function fillLetters(
  ctx: Context,
  type: { readonly type: string; readonly credentials: boolean; readonly essential: boolean },
  users: readonly (PreviewUser | null)[],
  wording: Wording,
  use: RenderUse,
): Promise<Filled> {
  const db = ctx.db.pool;
  const settings = await readLetterSettings(db);
  const run = await readRun(ctx, wording.run, type.type);
  const instead = insteadOf(wording);
  const around = await readSurroundings(db, instead);
  const problems: LetterProblem[] = [];
  const known = new Map<string, Chosen>();
  const choose = async (wished: string | null): Promise<Chosen> => {
    const language = wording.language ?? (await bestLanguage(db, type.type, wished, settings.language));
    const had = known.get(language);
    if (had !== undefined) return had;
    const { source, version } = await sourceIn(db, type.type, language, wording, settings.language, around.sourceOf);
    if (wording.source !== undefined || instead.length > 0) problems.push(...checkLetter(source, { credentials: type.credentials }));
    const compiled = hasErrors(problems) ? NOTHING : compileLetter(source);
    const chosen = { language: source.language, version, compiled };
    known.set(language, chosen);
    return chosen;
  };

  const wanted: { readonly user: PreviewUser | null; readonly chosen: Chosen }[] = [];
  for (const user of users) wanted.push({ user, chosen: await choose(user?.wished_language ?? settings.language) });
  if (hasErrors(problems)) return { problems, letters: [] };
  const asked = wanted.flatMap(({ user, chosen }) => (user === null ? [] : [{ ...user, needs: chosen.compiled.needs, ...run.asked }]));
  const detailed = new Map((await withDetails(db, asked, (user) => user.needs)).map((user) => [user.id, withoutClosed(ctx, user)]));
  const brings: Brings | null = type.type === FORGOTTEN_LETTER ? 'forgotten' : wording.brings;
  const secret = type.credentials ? maskedSecret(brings) : undefined;
  const unsubscribe_link = dummyUnsubscribeLink(ctx, type.essential);
  const letters = wanted.map(({ user, chosen }) => {
    const { language, version, compiled } = chosen;
    // The made-up user's library is the real one, as it will stand in the letters.
    const { library } = letterData(NOBODY, run, settings, language);
    const dummies = { unsubscribe_link, ...(secret !== undefined && { password: null, link: null, ...secret }) };
    const sample = { ...sampleData(language, false), library, ...dummies };
    const whole = user === null ? NOBODY : { ...(detailed.get(user.id) ?? user), unsubscribe_link };
    const data = user === null ? sample : letterData(whole, run, settings, language, secret);
    try {
      return { user, name: data.user.name, language, version, rendered: compiled.render(data, use) };
    } catch (error) {
      return { user, error: error instanceof Error ? error.message : String(error) };
    }
  });
  return { problems, letters };
}

/** Whoever looks at a preview ends nobody's letters. */
export function dummyUnsubscribeLink(ctx: Context, essential: boolean): string | null {
  return essential || ctx.publicUrl === undefined ? null : `${ctx.publicUrl}${UNSUBSCRIBE_PATH}`;
}

/** Who may not see addresses does not see them in letters either. */
export function withoutClosed<U extends { readonly details?: LetterDetails }>(ctx: Context, user: U): U {
  const contact = user.details?.contact;
  if (contact === undefined || !isClosedTo(ctx.actor, 'user_addresses')) return user;
  return { ...user, details: { ...user.details, contact: { ...contact, lines: [], postal_code: null, city: null, country: null } } };
}

/** By primary id or any identifier. Throws `letters.user_not_found`. */
export async function requireUsers(db: Queryable, identifiers: readonly string[], credentials: boolean): Promise<PreviewUser[]> {
  const users: PreviewUser[] = [];
  for (const id of identifiers) {
    const user = await readPreviewUser(db, id, credentials);
    if (user === undefined) throw new AppError('letters.user_not_found', { id });
    users.push(user);
  }
  return users;
}

const NOBODY: LetterUser = {
  primary_id: '',
  first_name: null,
  last_name: null,
  pref_first_name: null,
  pref_last_name: null,
  expiry_date: null,
  account_type: '',
  group_en: null,
  group_de: null,
  type_en: null,
  type_de: null,
};

/** Stands in for a text with errors, which is not filled in. */
const NOTHING: CompiledLetter = {
  language: 'en',
  needs: new Set(),
  hasSms: false,
  render: () => ({ subject: '', text: '', html: '', sms: null, blocks: [] }),
};

function insteadOf({ language, frame, snippets }: Wording): Instead[] {
  if (language === undefined) return [];
  return [
    ...(frame === undefined ? [] : [{ kind: 'frame' as const, code: STANDARD_FRAME, language, body: '', frame }]),
    ...Object.entries(snippets ?? {}).map(([code, body]) => ({ kind: 'snippet' as const, code, language, body, frame: null })),
  ];
}

async function bestLanguage(db: Queryable, type: string, wished: string | null, library: string): Promise<string> {
  const language = chooseLanguage([...(await publishedVersionsOf(db, type)).keys()], wished, library);
  if (language === undefined) throw new AppError('letters.letter_not_found', { type, language: wished ?? library });
  return language;
}

async function sourceIn(
  db: Queryable,
  type: string,
  wished: string,
  wording: Wording,
  library: string,
  sourceOf: (letter: Pick<LetterSource, 'language' | 'subject' | 'body'> & { readonly sms: string | null }) => LetterSource,
): Promise<{ readonly source: LetterSource; readonly version: number | null }> {
  if (wording.source !== undefined) return { source: sourceOf({ language: wished, ...wording.source }), version: null };
  // A frame or snippet in a language that has no letter yet is tried on the letter that its readers get.
  const language = wording.version === undefined ? await bestLanguage(db, type, wished, library) : wished;
  const key = { kind: 'letter', code: type, language } as const;
  const number = wording.version ?? (await publishedNumber(db, type, language));
  const version = await readVersion(db, key, number);
  return { source: sourceOf({ ...version, subject: version.subject ?? '' }), version: version.number };
}

async function publishedNumber(db: Queryable, type: string, language: string): Promise<number> {
  const { rows } = await db.query<{ number: number }>(sql`
    select v.number from letter_heads h join letter_versions v on v.id = h.published
    where h.kind = 'letter' and h.code = ${type}::text and h.language = ${language}::text`);
  if (rows[0] === undefined) throw new AppError('letters.letter_not_found', { type, language });
  return rows[0].number;
}

async function readRun(ctx: Context, id: number | undefined, type: string) {
  const none = { name: type, today: todayIn(ctx.timeZone), asked: {} };
  if (id === undefined) return none;
  const { rows } = await ctx.db.pool.query<{ name: string; today: string }>(sql`
    select r.name, r.today from runs r where r.id = ${id}::bigint`);
  return rows[0] === undefined ? none : { ...rows[0], asked: { run_id: id } };
}
