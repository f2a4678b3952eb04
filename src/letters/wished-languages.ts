/** In which languages users would like to be written to, and which of them a type has no letter in. */
import sql, { type Sql } from 'sql-template-tag';
import { isRecord } from '../users/index.ts';
import type { Queryable } from '../core/index.ts';
import { canonicalTag, chooseLanguage } from './language.ts';

export interface WishedLanguage {
  /** Canonical, without its region: `de` for `de-AT` and `deu`. */
  readonly language: string;
  readonly users: number;
}

/** Most wished first. Who has no language of their own counts for the library's. */
export async function readWishedLanguages(db: Queryable, members: Sql | null, library: string): Promise<WishedLanguage[]> {
  const from = members === null ? sql`(select * from users u where ${isRecord()}) u` : sql`(${members}) m join users u on u.id = m.user_id`;
  const { rows } = await db.query<{ language: string | null; users: number }>(sql`
    select u.preferred_language as language, count(*) as users from ${from} group by 1`);
  const languages = new Map<string, number>([[baseOf(library), 0]]);
  for (const row of rows) {
    const language = baseOf(row.language ?? '') || baseOf(library);
    languages.set(language, (languages.get(language) ?? 0) + row.users);
  }
  return [...languages]
    .map(([language, users]) => ({ language, users }))
    .sort((a, b) => b.users - a.users || (a.language < b.language ? -1 : 1));
}

export interface MissingLanguage extends WishedLanguage {
  /** Language of the letter that these users get instead; null: none. */
  readonly gets: string | null;
}

/** `available`: languages in which the type has a published letter. */
export function missingLanguages(wished: readonly WishedLanguage[], available: readonly string[], library: string): MissingLanguage[] {
  return wished.flatMap(({ language, users }) => {
    const gets = chooseLanguage(available, language, library) ?? null;
    return gets !== null && baseOf(gets) === language ? [] : [{ language, users, gets }];
  });
}

function baseOf(tag: string): string {
  return canonicalTag(tag).split('-')[0] ?? '';
}
