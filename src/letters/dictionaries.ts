import type { Queryable } from '../core/index.ts';
import { type Dictionary, dictionaryOf } from './contents.ts';
import type { ShelvedLetter } from './shelf.ts';
import { sampleLetter } from './write-letter.ts';

/** What contents of a letter are compressed against, made once per letter; null for one that made-up data does not fill in. */
export function createDictionaries(db: Queryable): (letter: ShelvedLetter, credentials: boolean) => Promise<Dictionary | null> {
  const known = new Map<number, Promise<Dictionary | null>>();
  return (letter, credentials) => {
    let dictionary = known.get(letter.versionId);
    if (dictionary === undefined) {
      const sample = sampleLetter(letter, credentials);
      dictionary = sample === null ? Promise.resolve(null) : dictionaryOf(db, sample);
      known.set(letter.versionId, dictionary);
      dictionary.catch(() => known.delete(letter.versionId));
    }
    return dictionary;
  };
}
