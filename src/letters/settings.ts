import sql from 'sql-template-tag';
import { z } from 'zod';
import { declareSetting, type Queryable, type Setting, settingValue, type Text } from '../core/index.ts';
import { sendingHours, type SendingHours } from './sending-hours.ts';

/** What the library has set about its letters (table `settings`); every one may be missing. */
export interface LetterSettings {
  /** `library.name`: stands in the letters and as the sender's name. */
  readonly libraryName: string | null;
  /** `library.email`: the sender's address. */
  readonly libraryEmail: string | null;
  /** `library.web`: the library's web page. */
  readonly libraryWeb: string | null;
  /** `library.phone` */
  readonly libraryPhone: string | null;
  /** `library.address` in one line. */
  readonly libraryAddress: string | null;
  /** `library.language`: for users without a language of their own. */
  readonly language: string;
}

/** Whether a message that may have gone out when its sender died is sent once more without asking. */
export const RESEND_RULES = ['credentials', 'all', 'none'] as const;
export type ResendRule = (typeof RESEND_RULES)[number];

/** How messages are sent. */
export interface SendingSettings {
  /** Messages a second that all senders together may begin, by channel; the tighter of both limits. Null: no limit. */
  readonly perSecond: number | null;
  /** The same for one domain of recipients. */
  readonly perSecondAndDomain: number | null;
  /** Null: at any time. */
  readonly hours: SendingHours | null;
  readonly holdAll: boolean;
  readonly mostAttempts: number;
  /** Longest pause between two attempts, in seconds. */
  readonly longestPauseSeconds: number;
  /** Failures of a batch in a row that pause it. */
  readonly pauseAfter: number;
  readonly resend: ResendRule;
  readonly passwordFileHours: number;
}

const TEXT = z.string().trim().min(1).nullable();
const RATE = z.number().positive().nullable();

function letterSetting<S extends z.ZodType>(name: string, label: Text, schema: S, otherwise: z.output<S>): Setting<z.output<S>> {
  return declareSetting({ name, label, schema, default: otherwise, privilege: 'settings:write' });
}

const LIBRARY_NAME = letterSetting(
  'library.name',
  { en: 'Name of the library, in letters and as their sender', de: 'Name der Bibliothek, in Briefen und als deren Absender' },
  TEXT,
  null,
);
const LIBRARY_EMAIL = letterSetting(
  'library.email',
  { en: 'E-mail address that letters come from', de: 'E-Mail-Adresse, von der Briefe kommen' },
  TEXT,
  null,
);
const LIBRARY_WEB = letterSetting('library.web', { en: 'Web page of the library', de: 'Webseite der Bibliothek' }, TEXT, null);
const LIBRARY_PHONE = letterSetting('library.phone', { en: 'Telephone of the library', de: 'Telefon der Bibliothek' }, TEXT, null);
const LIBRARY_ADDRESS = letterSetting(
  'library.address',
  { en: 'Postal address of the library, one line each', de: 'Postanschrift der Bibliothek, zeilenweise' },
  TEXT,
  null,
);
const LIBRARY_LANGUAGE = letterSetting(
  'library.language',
  { en: 'Language of letters to users without one of their own', de: 'Sprache der Briefe an Benutzer ohne eigene Sprache' },
  z.string().trim().min(2),
  'en',
);
const MAX_PER_SECOND = letterSetting(
  'letters.max_per_second',
  {
    en: 'Most messages a second, of all senders together; empty: no limit',
    de: 'Höchstens so viele Nachrichten je Sekunde, alle Versender zusammen; leer: unbegrenzt',
  },
  RATE,
  null,
);
const MAX_PER_MINUTE = letterSetting(
  'letters.max_per_minute',
  {
    en: 'Most messages a minute, of all senders together, spread evenly; empty: no limit',
    de: 'Höchstens so viele Nachrichten je Minute, alle Versender zusammen, gleichmäßig verteilt; leer: unbegrenzt',
  },
  RATE,
  null,
);
const MAX_PER_MINUTE_AND_DOMAIN = letterSetting(
  'letters.max_per_minute_and_domain',
  {
    en: 'Most messages a minute to addresses of one domain; empty: no limit',
    de: 'Höchstens so viele Nachrichten je Minute an Adressen einer Domain; leer: unbegrenzt',
  },
  RATE,
  null,
);
const HOURS = letterSetting(
  'letters.hours',
  {
    en: 'When letters go out, in the library’s time zone: "08:00-20:00", "Mo-Fr 08:00-18:00; Sa 10:00-14:00"; empty: always',
    de: 'Wann Briefe hinausgehen, in der Zeitzone der Bibliothek: „08:00-20:00“, „Mo-Fr 08:00-18:00; Sa 10:00-14:00“; leer: immer',
  },
  z
    .string()
    .trim()
    .refine((text) => sendingHours(text) !== undefined, { message: 'is not like "Mo-Fr 08:00-18:00; Sa 10:00-14:00"' })
    .nullable(),
  null,
);
const HOLD_ALL = letterSetting(
  'letters.hold_all',
  { en: 'Hold every letter back: for test systems', de: 'Alle Briefe zurückhalten: für Testsysteme' },
  z.boolean(),
  false,
);
const MOST_ATTEMPTS = letterSetting(
  'letters.most_attempts',
  { en: 'Attempts at a message before it is given up', de: 'Versuche je Nachricht, bevor sie aufgegeben wird' },
  z.number().int().min(1).max(50),
  8,
);
const LONGEST_PAUSE = letterSetting(
  'letters.longest_pause_minutes',
  { en: 'Longest pause between two attempts, in minutes', de: 'Längste Pause zwischen zwei Versuchen, in Minuten' },
  z.number().positive().max(1_440),
  240,
);
const PAUSE_AFTER = letterSetting(
  'letters.pause_after_failures',
  {
    en: 'Failures in a row after which the messages of a run and letter pause',
    de: 'Fehlschläge hintereinander, nach denen die Nachrichten eines Laufs und Briefs pausieren',
  },
  z.number().int().min(1).max(100_000),
  25,
);
const RESEND = letterSetting(
  'letters.resend_uncertain',
  {
    en: 'Messages that may have gone out when their sender was cut off and are sent once more without asking: "credentials", "all" or "none"',
    de: 'Nachrichten, die beim Abbruch ihres Versenders vielleicht schon hinausgegangen waren und ohne Rückfrage noch einmal gesendet werden: „credentials“ (Zugangsdaten), „all“ (alle) oder „none“ (keine)',
  },
  z.enum(RESEND_RULES),
  'credentials',
);
const PASSWORD_FILE_HOURS = letterSetting(
  'letters.password_file_hours',
  { en: 'Hours that the mailbox keeps files that carry a password', de: 'Stunden, die der Briefkasten Dateien mit einem Passwort behält' },
  z.number().positive(),
  24,
);

/** A value of the wrong kind counts as missing. */
export async function readLetterSettings(db: Queryable): Promise<LetterSettings> {
  const read = await reader(db);
  return {
    libraryName: read(LIBRARY_NAME),
    libraryEmail: read(LIBRARY_EMAIL),
    libraryWeb: read(LIBRARY_WEB),
    libraryPhone: read(LIBRARY_PHONE),
    libraryAddress: inOneLine(read(LIBRARY_ADDRESS)),
    language: read(LIBRARY_LANGUAGE).toLowerCase(),
  };
}

function inOneLine(address: string | null): string | null {
  return address === null ? null : address.split(/\s*\n\s*/).join(', ');
}

export async function readSendingSettings(db: Queryable): Promise<SendingSettings> {
  const read = await reader(db);
  const hours = read(HOURS);
  const domain = read(MAX_PER_MINUTE_AND_DOMAIN);
  const tightest = Math.min(read(MAX_PER_SECOND) ?? Infinity, (read(MAX_PER_MINUTE) ?? Infinity) / 60);
  return {
    perSecond: tightest === Infinity ? null : tightest,
    perSecondAndDomain: domain === null ? null : domain / 60,
    hours: hours === null ? null : (sendingHours(hours) ?? null),
    holdAll: read(HOLD_ALL),
    mostAttempts: read(MOST_ATTEMPTS),
    longestPauseSeconds: read(LONGEST_PAUSE) * 60,
    pauseAfter: read(PAUSE_AFTER),
    resend: read(RESEND),
    passwordFileHours: read(PASSWORD_FILE_HOURS),
  };
}

async function reader(db: Queryable): Promise<<T>(setting: Setting<T>) => T> {
  const { rows } = await db.query<{ name: string; value: unknown }>(
    sql`select s.name, s.value from settings s where s.name like 'library.%' or s.name like 'letters.%'`,
  );
  const values = new Map(rows.map((row) => [row.name, row.value]));
  return (setting) => settingValue(setting, values.get(setting.name));
}
