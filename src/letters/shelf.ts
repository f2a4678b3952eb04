import sql from 'sql-template-tag';
import type { Queryable } from '../core/index.ts';
import { chooseLanguage } from './language.ts';
import { readSurroundings } from './surroundings.ts';
import { type CompiledLetter, compileLetter } from './text/index.ts';

export interface ShelvedLetter {
  readonly language: string;
  /** `letter_versions.id` */
  readonly versionId: number;
  /** Parses on first use; throws what the parser throws, each time. */
  readonly compiled: () => CompiledLetter;
}

/** The published letters of some notification types in all their languages, and the versions that runs have pinned. */
export interface LetterShelf {
  /**
   * The pinned version, if it is on the shelf; else the published letter in the best language there is;
   * undefined when the type has none.
   */
  find(type: string, wishedLanguage: string | null, libraryLanguage: string, pinned?: number | null): ShelvedLetter | undefined;
}

interface Row {
  readonly id: number;
  readonly type: string;
  readonly language: string;
  readonly subject: string;
  readonly body: string;
  readonly sms: string | null;
  readonly published: boolean;
}

/** `pinned`: versions that `find` will be asked for, published or not. */
export async function openShelf(db: Queryable, types: readonly string[], pinned: readonly (number | null)[] = []): Promise<LetterShelf> {
  const { rows } = await db.query<Row>(sql`
    select v.id, v.code as type, v.language, v.subject, v.body, v.sms, h.published is not distinct from v.id as published
    from letter_versions v
    join letter_heads h on h.kind = v.kind and h.code = v.code and h.language = v.language
    where v.kind = 'letter' and (
      (v.code = any(${[...new Set(types)]}::text[]) and v.id = h.published)
      or v.id = any(${[...new Set(pinned.filter((id) => id !== null))]}::bigint[]))`);
  const surroundings = await readSurroundings(db);
  const versions = new Map<number, ShelvedLetter>();
  const shelves = new Map<string, Map<string, ShelvedLetter>>();
  for (const row of rows) {
    const letter = { language: row.language, versionId: row.id, compiled: once(() => compileLetter(surroundings.sourceOf(row))) };
    versions.set(row.id, letter);
    if (!row.published) continue;
    const shelf = shelves.get(row.type) ?? new Map<string, ShelvedLetter>();
    shelf.set(row.language, letter);
    shelves.set(row.type, shelf);
  }
  return {
    find: (type, wished, library, pin) => {
      const kept = pin === undefined || pin === null ? undefined : versions.get(pin);
      if (kept !== undefined) return kept;
      const shelf = shelves.get(type);
      const language = shelf === undefined ? undefined : chooseLanguage([...shelf.keys()], wished, library);
      return language === undefined ? undefined : shelf?.get(language);
    },
  };
}

/** Language → the version that is published in it: what a run is confirmed with. */
export async function publishedVersionsOf(db: Queryable, type: string): Promise<ReadonlyMap<string, number>> {
  const { rows } = await db.query<{ language: string; id: number }>(sql`
    select h.language, h.published as id from letter_heads h
    where h.kind = 'letter' and h.code = ${type}::text and h.published is not null
    order by h.language`);
  return new Map(rows.map((row) => [row.language, row.id]));
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
