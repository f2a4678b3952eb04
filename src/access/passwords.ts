import { randomInt } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

/**
 * argon2id with 19 MiB, two passes, one lane: OWASP's recommendation for servers (Password Storage
 * Cheat Sheet). argon2id is the library's default algorithm; the tests pin it.
 */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Letters and digits that cannot be taken for one another in print: without 0 O o, 1 I i l. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789';

/** Characters of a made password: 10 of 55 are 57 bits. */
const LENGTH = 10;

/** Hash of a password in PHC form (`$argon2id$…`). Runs on a thread of its own, about 20 ms. */
export async function hashPassword(password: string): Promise<string> {
  return hash(canonical(password), COST);
}

/** Whether the password is the one that was hashed. Throws when `hashed` is not a PHC string. */
export async function verifyPassword(hashed: string, password: string): Promise<boolean> {
  return verify(hashed, canonical(password));
}

/** A new random password of ten characters with at least one letter and one digit. */
export function newPassword(): string {
  for (;;) {
    // Drawing again, instead of putting a digit somewhere, leaves all valid passwords equally likely.
    const password = Array.from({ length: LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
    if (/[A-Za-z]/.test(password) && /[0-9]/.test(password)) return password;
  }
}

/** One person's keyboard composes "é", another's sends two characters: both mean the same password. */
function canonical(password: string): string {
  return password.normalize('NFKC');
}
