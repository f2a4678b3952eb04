import sql from 'sql-template-tag';
import { z } from 'zod';
import type { Queryable } from '../core/index.ts';

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

const TEXT = z.string().trim().min(1).nullable().catch(null);

/** Names in the table, and how each is read; a value of the wrong kind counts as missing. */
const READERS = {
  'library.name': TEXT,
  'library.email': TEXT,
  'library.web': TEXT,
  'library.language': z.string().trim().min(2).catch('en'),
  'letters.max_per_second': z.number().positive().nullable().catch(null),
  'letters.password_file_days': z.number().positive().catch(30),
} as const;

export async function readLetterSettings(db: Queryable): Promise<LetterSettings> {
  const { rows } = await db.query<{ name: string; value: unknown }>(
    sql`select s.name, s.value from settings s where s.name = any(${Object.keys(READERS)}::text[])`,
  );
  const values = new Map(rows.map((row) => [row.name, row.value]));
  return {
    libraryName: READERS['library.name'].parse(values.get('library.name') ?? null),
    libraryEmail: READERS['library.email'].parse(values.get('library.email') ?? null),
    libraryWeb: READERS['library.web'].parse(values.get('library.web') ?? null),
    language: READERS['library.language'].parse(values.get('library.language')).toLowerCase(),
    maxPerSecond: READERS['letters.max_per_second'].parse(values.get('letters.max_per_second') ?? null),
    passwordFileDays: READERS['letters.password_file_days'].parse(values.get('letters.password_file_days')),
  };
}
