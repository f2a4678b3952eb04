import sql from 'sql-template-tag';
import type { Queryable } from '../core/index.ts';
import { chooseLanguage } from './language.ts';
import { type CompiledLetter, compileLetter, type LetterTemplate } from './letter.ts';

export interface ShelvedLetter {
  readonly language: string;
  /** Parses on first use; throws what the parser throws, each time. */
  readonly compiled: () => CompiledLetter;
}

/** The letters of some notification types, in all their languages. */
export interface LetterShelf {
  /** The letter in the best language there is; undefined when the type has none. */
  find(type: string, wishedLanguage: string | null, libraryLanguage: string): ShelvedLetter | undefined;
}

export async function openShelf(db: Queryable, types: readonly string[]): Promise<LetterShelf> {
  const { rows } = await db.query<LetterTemplate & { type: string; language: string }>(sql`
    select l.type, l.language, l.subject, l.text_body, l.html_body
    from letters l
    where l.type = any(${[...new Set(types)]}::text[])`);
  const shelves = new Map<string, Map<string, ShelvedLetter>>();
  for (const row of rows) {
    const shelf = shelves.get(row.type) ?? new Map<string, ShelvedLetter>();
    shelf.set(row.language, { language: row.language, compiled: once(() => compileLetter(row)) });
    shelves.set(row.type, shelf);
  }
  return {
    find: (type, wished, library) => {
      const shelf = shelves.get(type);
      const language = shelf === undefined ? undefined : chooseLanguage([...shelf.keys()], wished, library);
      return language === undefined ? undefined : shelf?.get(language);
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
