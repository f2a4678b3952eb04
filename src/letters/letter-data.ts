import type { LetterSettings } from './settings.ts';

/**
 * Everything a letter can show. Values are single lines without control characters, whatever the
 * record holds, so that a name can neither break a header nor the layout of the text part.
 */
export interface LetterData {
  readonly user: {
    /** How the user is addressed: preferred names first; the primary id when there is no name. */
    readonly name: string;
    readonly first_name: string | null;
    readonly last_name: string | null;
    readonly primary_id: string;
    /** Last valid day, written out in the letter's language. */
    readonly expiry_date: string | null;
    /** Label of the user group in the letter's language. */
    readonly group: string | null;
    /** Label of the account type in the letter's language. */
    readonly account_type: string;
    /** The identity provider checks the password, not the library. */
    readonly signs_in_elsewhere: boolean;
  };
  readonly library: {
    readonly name: string;
    readonly email: string | null;
    readonly web: string | null;
    readonly phone: string | null;
    /** One line. */
    readonly address: string | null;
  };
  readonly run: { readonly name: string; readonly date: string };
  /** Only in letters of a notification type with credentials, and then both: one has a value, the other is null. */
  readonly password?: string | null;
  /** Opens the page on which a password is set, once. */
  readonly link?: string | null;
}

/** What is read of a user for a letter. Dates are `YYYY-MM-DD`. */
export interface LetterUser {
  readonly primary_id: string;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly pref_first_name: string | null;
  readonly pref_last_name: string | null;
  readonly expiry_date: string | null;
  readonly account_type: string;
  readonly group_en: string | null;
  readonly group_de: string | null;
  readonly type_en: string | null;
  readonly type_de: string | null;
}

export interface LetterRun {
  readonly name: string;
  /** `YYYY-MM-DD` */
  readonly today: string;
}

/** Stands for a password or a one-time link wherever a letter is shown or kept. */
export const MASKED_PASSWORD = '••••••••••';

/** What a letter with credentials brings. */
export type Secret = { readonly password: string } | { readonly link: string };

/** The notification type of Muster's own for users who have forgotten their password; it carries a link. */
export const FORGOTTEN_LETTER = 'PASSWORD_FORGOTTEN';

/** As it is shown. */
export function maskedSecret(brings: Brings | null): Secret {
  return brings === 'link' || brings === 'forgotten' ? { link: MASKED_PASSWORD } : { password: MASKED_PASSWORD };
}

/** The outbox's word for what a letter brings: a password, a link in its place, a link for a forgotten password. */
export type Brings = 'password' | 'link' | 'forgotten';

/** What letters say about the library. */
export type LibraryData = Pick<LetterSettings, 'libraryName' | 'libraryEmail' | 'libraryWeb'>;

export function letterData(user: LetterUser, run: LetterRun, settings: LibraryData, language: string, secret?: Secret): LetterData {
  const german = language === 'de' || language.startsWith('de-');
  const group = german ? user.group_de : user.group_en;
  const type = german ? user.type_de : user.type_en;
  const first = user.pref_first_name ?? user.first_name;
  const last = user.pref_last_name ?? user.last_name;
  const name = [first, last]
    .map((part) => singleLine(part ?? ''))
    .filter((part) => part !== '')
    .join(' ');
  return {
    user: {
      name: name === '' ? singleLine(user.primary_id) : name,
      first_name: first === null ? null : singleLine(first),
      last_name: last === null ? null : singleLine(last),
      primary_id: singleLine(user.primary_id),
      expiry_date: user.expiry_date === null ? null : writtenDate(user.expiry_date, language),
      group: group === null ? null : singleLine(group),
      account_type: singleLine(type ?? user.account_type),
      signs_in_elsewhere: user.account_type !== 'INTERNAL',
    },
    library: {
      name: singleLine(settings.libraryName ?? (german ? 'Ihre Bibliothek' : 'Your library')),
      email: settings.libraryEmail === null ? null : singleLine(settings.libraryEmail),
      web: settings.libraryWeb === null ? null : singleLine(settings.libraryWeb),
      phone: null,
      address: null,
    },
    run: { name: singleLine(run.name), date: writtenDate(run.today, language) },
    ...(secret === undefined ? {} : { password: null, link: null, ...secret }),
  };
}

/** A made-up user's data, with every value present: what a letter is tried on when it is saved. */
export function sampleData(language: string, credentials: boolean): LetterData {
  return letterData(
    {
      primary_id: 'm.beispiel',
      first_name: 'Maria',
      last_name: 'Beispiel',
      pref_first_name: null,
      pref_last_name: null,
      expiry_date: '2027-09-30',
      account_type: 'INTERNAL',
      group_en: 'Students',
      group_de: 'Studierende',
      type_en: 'Internal',
      type_de: 'Intern',
    },
    { name: 'Sample', today: '2026-10-01' },
    {
      libraryName: 'Library',
      libraryEmail: 'library@example.org',
      libraryWeb: 'https://library.example.org',
    },
    language,
    credentials ? { password: MASKED_PASSWORD } : undefined,
  );
}

/** Control characters, line breaks of every kind and marks that turn the direction of what follows. */
const NOT_IN_A_LINE = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\s]+/gu;

export function singleLine(text: string): string {
  return text.replace(NOT_IN_A_LINE, ' ').trim();
}

const DATE_FORMATS = new Map<string, Intl.DateTimeFormat>();

/** `2027-09-30` → `30 September 2027`, `30. September 2027`; no time zone is involved. */
function writtenDate(date: string, language: string): string {
  let format = DATE_FORMATS.get(language);
  if (format === undefined) {
    // Plain English is written the British way, day first, which is read correctly everywhere.
    format = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { dateStyle: 'long', timeZone: 'UTC' });
    DATE_FORMATS.set(language, format);
  }
  return format.format(new Date(`${date}T00:00:00Z`));
}
