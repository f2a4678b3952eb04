import { readFileSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../core/index.ts';

const SHORTEST_PASSWORD = 8;
/** Hashing takes no longer for a longer one; but nobody types it, and a request has to end somewhere. */
export const LONGEST_PASSWORD = 128;

/** Shorter names stand in many words by chance. */
const SHORTEST_NAME = 3;

/** Why a password is refused; its sentence is the text `access.password_weak.REASON`. */
type Weakness = 'short' | 'long' | 'name' | 'common' | 'same';

let common: ReadonlySet<string> | undefined;

/** Read when a password is first set: most processes never need it. */
function commonPasswords(): ReadonlySet<string> {
  common ??= new Set(
    readFileSync(path.join(import.meta.dirname, 'common-passwords.txt'), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#')),
  );
  return common;
}

/**
 * Throws `access.password_weak` for a password that is shorter than 8 characters or longer than 128,
 * contains one of `names` (of the user: names, primary id, identifiers; upper or lower case), or is one
 * that many people use. What is "a character" is what a person would count.
 */
export function checkPassword(password: string, names: readonly (string | null)[]): void {
  const weakness = weaknessOf(password, names);
  if (weakness !== null) throw weak(weakness);
}

export function weak(reason: Weakness): AppError<'access.password_weak'> {
  return new AppError('access.password_weak', { reason });
}

function weaknessOf(password: string, names: readonly (string | null)[]): Weakness | null {
  const plain = folded(password);
  const length = [...plain].length;
  if (length < SHORTEST_PASSWORD) return 'short';
  if (length > LONGEST_PASSWORD) return 'long';
  if (names.some((name) => name !== null && contains(plain, folded(name)))) return 'name';
  if (commonPasswords().has(plain) || new Set(plain).size <= 2) return 'common';
  return null;
}

function contains(password: string, name: string): boolean {
  return [...name].length >= SHORTEST_NAME && password.includes(name);
}

function folded(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase();
}
