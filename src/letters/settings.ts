import sql from 'sql-template-tag';
import { z } from 'zod';
import { declareSetting, type Queryable, type Setting, settingValue, type Text } from '../core/index.ts';

/** What the library has set about its letters (table `settings`); every one may be missing. */
export interface LetterSettings {
  /** `library.name`: stands in the letters and as the sender's name. */
  readonly libraryName: string | null;
  /** `library.email`: the sender's address. */
  readonly libraryEmail: string | null;
  /** `library.web`: the library's web page. */
  readonly libraryWeb: string | null;
  /** `library.language`: for users without a language of their own. */
  readonly language: string;
  /** `letters.max_per_second`, for each sender; null: as fast as the channel takes them. */
  readonly maxPerSecond: number | null;
  /** `letters.password_file_days`: how long the mailbox keeps files that carry a password. */
  readonly passwordFileDays: number;
}

const TEXT = z.string().trim().min(1).nullable();

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
const LIBRARY_LANGUAGE = letterSetting(
  'library.language',
  { en: 'Language of letters to users without one of their own', de: 'Sprache der Briefe an Benutzer ohne eigene Sprache' },
  z.string().trim().min(2),
  'en',
);
const MAX_PER_SECOND = letterSetting(
  'letters.max_per_second',
  {
    en: 'Most messages a second, for each sender; empty: no limit',
    de: 'Höchstens so viele Nachrichten je Sekunde und Versender; leer: unbegrenzt',
  },
  z.number().positive().nullable(),
  null,
);
const PASSWORD_FILE_DAYS = letterSetting(
  'letters.password_file_days',
  { en: 'Days that the mailbox keeps files that carry a password', de: 'Tage, die der Briefkasten Dateien mit einem Passwort behält' },
  z.number().positive(),
  30,
);

/** A value of the wrong kind counts as missing. */
export async function readLetterSettings(db: Queryable): Promise<LetterSettings> {
  const { rows } = await db.query<{ name: string; value: unknown }>(
    sql`select s.name, s.value from settings s where s.name like 'library.%' or s.name like 'letters.%'`,
  );
  const values = new Map(rows.map((row) => [row.name, row.value]));
  const read = <T>(setting: Setting<T>): T => settingValue(setting, values.get(setting.name));
  return {
    libraryName: read(LIBRARY_NAME),
    libraryEmail: read(LIBRARY_EMAIL),
    libraryWeb: read(LIBRARY_WEB),
    language: read(LIBRARY_LANGUAGE).toLowerCase(),
    maxPerSecond: read(MAX_PER_SECOND),
    passwordFileDays: read(PASSWORD_FILE_DAYS),
  };
}
