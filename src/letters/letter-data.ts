/** What a letter can show of a user, in the letter's language. `text/fields.ts` describes it for people. */
import type { LetterSettings } from './settings.ts';
import { changeData, type LetterChange, type NamedChanges } from './text/change-data.ts';
import type { LetterDetails } from './text/details.ts';
import { wordOf } from './text/both.ts';
import { plainValue } from './text/escape.ts';
import { LetterDate } from './text/letter-date.ts';

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
    /** Label of the form of address. */
    readonly title: string | null;
    readonly primary_id: string;
    /** Last valid day, written out in the letter's language. */
    readonly expiry_date: LetterDate | null;
    readonly purge_date: LetterDate | null;
    /** Labels in the letter's language, as all that follow. */
    readonly group: string | null;
    readonly account_type: string;
    readonly status: string | null;
    readonly campus: string | null;
    readonly language: string | null;
    /** The identity provider checks the password, not the library. */
    readonly signs_in_elsewhere: boolean;
    /** Empty where the letter does not ask for them; so is everything below up to `library`. */
    readonly barcode: string | null;
    readonly identifiers: readonly { readonly type: string; readonly label: string; readonly value: string }[];
  };
  readonly contact: {
    readonly email: string | null;
    readonly phone: string | null;
    readonly address_lines: readonly string[];
    readonly postal_code: string | null;
    readonly city: string | null;
    readonly country: string | null;
  };
  readonly circulation: {
    readonly loans: number | null;
    readonly requests: number | null;
    readonly fees: string | null;
    readonly as_of: LetterDate | null;
    readonly loan_list: readonly { readonly title: string | null; readonly barcode: string | null; readonly due_date: LetterDate | null }[];
  };
  readonly changes: readonly LetterChange[];
  readonly change: NamedChanges;
  readonly library: {
    readonly name: string;
    readonly email: string | null;
    readonly web: string | null;
    readonly phone: string | null;
    /** One line. */
    readonly address: string | null;
  };
  readonly run: { readonly name: string; readonly date: LetterDate };
  /** Ends letters of this type for the user. Empty where it is always sent, and where nobody could open it. */
  readonly unsubscribe_link: string | null;
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
  readonly purge_date?: string | null;
  readonly account_type: string;
  readonly group_en: string | null;
  readonly group_de: string | null;
  readonly type_en: string | null;
  readonly type_de: string | null;
  readonly title_en?: string | null;
  readonly title_de?: string | null;
  readonly status_en?: string | null;
  readonly status_de?: string | null;
  readonly campus_en?: string | null;
  readonly campus_de?: string | null;
  readonly language_en?: string | null;
  readonly language_de?: string | null;
  readonly loans?: number | null;
  readonly requests?: number | null;
  readonly fees?: string | number | null;
  readonly circulation_on?: string | null;
  /** Of mails of a type that is not always sent. */
  readonly unsubscribe_link?: string | null;
  /** What only some letters need; see `readDetails`. */
  readonly details?: LetterDetails;
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
export type LibraryData = Pick<LetterSettings, 'libraryName' | 'libraryEmail' | 'libraryWeb' | 'libraryPhone' | 'libraryAddress'>;

export function letterData(user: LetterUser, run: LetterRun, library: LibraryData, language: string, secret?: Secret): LetterData {
  const german = isGerman(language);
  const date = (day: string | null | undefined): LetterDate | null =>
    day === null || day === undefined ? null : new LetterDate(day, language);
  const { details } = user;
  const group = german ? user.group_de : user.group_en;
  const type = german ? user.type_de : user.type_en;
  const first = user.pref_first_name ?? user.first_name;
  const last = user.pref_last_name ?? user.last_name;
  const name = singleLine(`${first ?? ''} ${last ?? ''}`);
  const identifiers = (details?.identifiers ?? []).map((row) => ({
    type: singleLine(row.type),
    label: singleLine(wordOf(row.label, german) ?? row.type),
    value: singleLine(row.value),
  }));
  const contact = details?.contact;
  const { changes, change } = changeData(details?.changes, language);
  return {
    user: {
      name: name === '' ? singleLine(user.primary_id) : name,
      first_name: oneLine(first),
      last_name: oneLine(last),
      title: oneLine(german ? user.title_de : user.title_en),
      primary_id: singleLine(user.primary_id),
      expiry_date: date(user.expiry_date),
      purge_date: date(user.purge_date),
      group: oneLine(group),
      account_type: singleLine(type ?? user.account_type),
      status: oneLine(german ? user.status_de : user.status_en),
      campus: oneLine(german ? user.campus_de : user.campus_en),
      language: oneLine(german ? user.language_de : user.language_en),
      signs_in_elsewhere: user.account_type !== 'INTERNAL',
      barcode: identifiers.find((row) => row.type === 'BARCODE')?.value ?? null,
      identifiers,
    },
    contact: {
      email: oneLine(contact?.email),
      phone: oneLine(contact?.phone),
      address_lines: (contact?.lines ?? []).map(singleLine).filter((line) => line !== ''),
      postal_code: oneLine(contact?.postal_code),
      city: oneLine(contact?.city),
      country: oneLine(wordOf(contact?.country, german)),
    },
    circulation: {
      loans: user.loans ?? null,
      requests: user.requests ?? null,
      fees: user.fees === null || user.fees === undefined ? null : String(user.fees),
      as_of: date(user.circulation_on),
      loan_list: (details?.loans ?? []).map((loan) => ({
        title: oneLine(loan.title),
        barcode: oneLine(loan.barcode),
        due_date: date(loan.due_on),
      })),
    },
    changes,
    change,
    library: {
      name: singleLine(library.libraryName ?? (german ? 'Ihre Bibliothek' : 'Your library')),
      email: oneLine(library.libraryEmail),
      web: oneLine(library.libraryWeb),
      phone: oneLine(library.libraryPhone),
      address: oneLine(library.libraryAddress),
    },
    run: { name: singleLine(run.name), date: new LetterDate(run.today, language) },
    unsubscribe_link: oneLine(user.unsubscribe_link),
    ...(secret === undefined ? {} : { password: null, link: null, ...secret }),
  };
}

export function isGerman(language: string): boolean {
  return language === 'de' || language.startsWith('de-');
}

/** A made-up user's data, with every value present: what a letter is tried on when it is saved. */
export function sampleData(language: string, credentials: boolean): LetterData {
  return letterData(
    SAMPLE_USER,
    { name: 'Sample', today: '2026-10-01' },
    {
      libraryName: 'Library',
      libraryEmail: 'library@example.org',
      libraryWeb: 'https://library.example.org',
      libraryPhone: '+49 30 901820',
      libraryAddress: 'Sample Street 1, 10115 Berlin',
    },
    language,
    credentials ? { password: MASKED_PASSWORD } : undefined,
  );
}

const SAMPLE_USER: LetterUser = {
  primary_id: 'm.beispiel',
  first_name: 'Maria',
  last_name: 'Beispiel',
  pref_first_name: null,
  pref_last_name: null,
  expiry_date: '2027-09-30',
  purge_date: '2028-09-30',
  account_type: 'INTERNAL',
  group_en: 'Students',
  group_de: 'Studierende',
  type_en: 'Internal',
  type_de: 'Intern',
  title_en: 'Dr',
  title_de: 'Dr.',
  status_en: 'Active',
  status_de: 'Aktiv',
  campus_en: 'Main campus',
  campus_de: 'Hauptcampus',
  language_en: 'German',
  language_de: 'Deutsch',
  loans: 3,
  requests: 1,
  fees: '12.50',
  circulation_on: '2026-09-30',
  details: {
    identifiers: [{ type: 'BARCODE', label: { en: 'Barcode', de: 'Ausweisnummer' }, value: 'B0001234' }],
    contact: {
      email: 'maria@example.org',
      phone: '+49 30 1234567',
      lines: ['Sample Street 2'],
      postal_code: '10115',
      city: 'Berlin',
      country: { en: 'Germany', de: 'Deutschland' },
    },
    loans: [{ title: 'A Sample Book', barcode: 'X100', due_on: '2026-10-15' }],
    changes: [
      { field: 'expiry_date', label: { en: 'Expiry date', de: 'Ablaufdatum' }, old: { date: '2026-09-30' }, new: { date: '2027-09-30' } },
      {
        field: 'user_group',
        label: { en: 'User group', de: 'Benutzergruppe' },
        old: { en: 'Pupils', de: 'Schule' },
        new: { en: 'Students', de: 'Studierende' },
      },
    ],
  },
};

/** Line breaks of every kind are spaces, and so is any run of them. */
export function singleLine(text: string): string {
  return plainValue(text).replace(/\s+/g, ' ').trim();
}

/** As `singleLine`; an empty one is none. */
function oneLine(text: string | null | undefined): string | null {
  if (text === null || text === undefined) return null;
  const line = singleLine(text);
  return line === '' ? null : line;
}
