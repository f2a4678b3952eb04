/** Random tokens for sessions, links and keys. The database keeps their SHA-256 alone: 256 random bits need no salt and no slow hash. */
import { createHash, createHmac, randomBytes } from 'node:crypto';

/** 43 characters, safe in a URL and a cookie. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** As the database keeps a token. */
export function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/**
 * What a page of this session has to send along with every write. It follows from the session's token,
 * which only the browser has, and tells nothing about it; so it is kept nowhere.
 */
export function csrfOf(token: string): string {
  return createHmac('sha256', token).update('muster csrf').digest('base64url');
}
