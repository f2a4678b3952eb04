/** What decides who gets a letter, and how: the type, its published versions, and the library's settings, read once. */
import sql, { type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { declareSetting, type Queryable, readSetting } from '../core/index.ts';
import { chooseLanguage } from './language.ts';
import type { RecipientSource } from './recipient.ts';
import { readLetterSettings } from './settings.ts';
import { SMS_ENABLED } from './sms-settings.ts';

export const LETTER_CHANNELS = ['email', 'sms', 'print'] as const;
export type LetterChannel = (typeof LETTER_CHANNELS)[number];

/** What a plan may say: the user's wish, or one channel for all. */
export const PLAN_CHANNELS = ['preferred', 'email', 'print'] as const;

const PRINT = declareSetting({
  name: 'letters.print',
  label: {
    en: 'Letters on paper: off, chosen (by the user or the plan), or without_email (also for users whom no mail can reach)',
    de: 'Briefe auf Papier: off (nie), chosen (auf Wunsch des Benutzers oder des Plans) oder without_email (auch, wenn keine E-Mail möglich ist)',
  },
  schema: z.enum(['off', 'chosen', 'without_email']),
  default: 'without_email',
  privilege: 'settings:write',
});

const SMS_CREDENTIALS = declareSetting({
  name: 'letters.sms.credentials',
  label: {
    en: 'Letters with a password or a link to one may go out as SMS',
    de: 'Briefe mit einem Passwort oder einem Link dazu dürfen als SMS hinausgehen',
  },
  schema: z.boolean(),
  default: false,
  privilege: 'settings:write',
});

const languageSchema = z.object({
  language: z.string(),
  /** letter_versions.id */
  version: z.number(),
  number: z.number(),
  subject: z.string(),
  /** The version has a text for SMS. */
  sms: z.boolean(),
});

/**
 * The rules as a run keeps them (`runs.letters`): as they were when it was confirmed, so that what is
 * published or set afterwards changes nothing of what was previewed.
 */
export const letterRulesSchema = z.object({
  code: z.string(),
  essential: z.boolean(),
  credentials: z.boolean(),
  one_per_address: z.boolean(),
  not_again_days: z.number().nullable(),
  once_per: z.enum(['expiry_date', 'purge_date']).nullable(),
  channel: z.enum(PLAN_CHANNELS),
  print: z.enum(['off', 'chosen', 'without_email']),
  /** SMS is set up, and the letter may go out so. */
  sms: z.boolean(),
  library_language: z.string(),
  /** Published versions, in the order of their languages; empty: there is no letter to send. */
  languages: z.array(languageSchema),
  /** Code of a user's language, in small letters → language of the letter, where it is not the one for all others. */
  spoken: z.record(z.string(), z.string()),
  /** The day of the run. */
  today: z.string(),
});
export type LetterRules = z.output<typeof letterRulesSchema>;

export interface RulesOptions {
  readonly channel: (typeof PLAN_CHANNELS)[number];
  readonly today: string;
}

/** Null when there is no such type. */
export async function readLetterRules(db: Queryable, code: string, options: RulesOptions): Promise<LetterRules | null> {
  const { rows } = await db.query<Omit<LetterRules, 'code' | 'channel' | 'print' | 'sms' | 'languages' | 'spoken' | 'today'>>(sql`
    select t.essential, t.credentials, t.one_per_address, t.not_again_days, t.once_per from notification_types t where t.code = ${code}::text`);
  const type = rows[0];
  if (type === undefined) return null;
  const library = (await readLetterSettings(db)).language;
  const { rows: languages } = await db.query<LetterRules['languages'][number]>(sql`
    select v.language, v.id::integer as version, v.number, v.subject, v.sms is not null as sms
    from letter_heads h join letter_versions v on v.id = h.published
    where h.kind = 'letter' and h.code = ${code}::text order by v.language`);
  const { rows: codes } = await db.query<{ code: string }>(sql`
    select distinct lower(c.code) as code from codes c where c.table_name = 'UserPreferredLanguage' order by 1`);
  return {
    code,
    ...type,
    channel: options.channel,
    print: await readSetting(db, PRINT),
    sms: (await readSetting(db, SMS_ENABLED)) && (!type.credentials || (await readSetting(db, SMS_CREDENTIALS))),
    library_language: library,
    languages,
    spoken: spokenLanguages(
      languages.map((l) => l.language),
      codes.map((c) => c.code),
      library,
    ),
    today: options.today,
  };
}

/** See `LetterRules.spoken`. */
export function spokenLanguages(available: readonly string[], codes: readonly string[], library: string): Record<string, string> {
  if (available.length < 2) return {};
  const otherwise = chooseLanguage(available, null, library);
  const chosen = [...new Set([...codes, ...available])].map((code) => [code, chooseLanguage(available, code, library) ?? library] as const);
  return Object.fromEntries(chosen.filter(([, language]) => language !== otherwise).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The language of the letter for a user: as `chooseLanguage` has it, for every code of the code table. Never null. */
export function languageSql(rules: LetterRules, source: RecipientSource): Sql {
  const available = rules.languages.map((l) => l.language);
  const wished = sql`lower(${source.column('preferred_language')})`;
  if (available.length === 0) return sql`coalesce(${wished}, ${rules.library_language}::text)`;
  const otherwise = chooseLanguage(available, null, rules.library_language) ?? rules.library_language;
  if (available.length === 1 || Object.keys(rules.spoken).length === 0) return sql`${otherwise}::text`;
  const spoken = sql`${JSON.stringify(rules.spoken)}::jsonb`;
  // A code that the table has not is looked for without its region.
  return sql`coalesce(${spoken} ->> ${wished}, ${spoken} ->> split_part(replace(${wished}, '_', '-'), '-', 1), ${otherwise}::text)`;
}
