import { resolveKey, resolveSession } from '../access/index.ts';
import type { Doors } from './identify.ts';
import { checkCsrf, sessionCookieOf } from './sign-in/index.ts';

/** Muster's own keys and sessions. */
export const DOORS: Doors = { resolveKey, resolveSession, sessionCookieOf, checkCsrf };
