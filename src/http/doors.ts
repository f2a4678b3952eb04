import { AppError } from '../core/index.ts';
import type { Doors } from './identify.ts';
import { sessionCookieOf } from './sign-in/cookies.ts';
import { checkCsrf } from './sign-in/csrf.ts';

const closed = async (): Promise<never> => {
  throw new AppError('http.not_signed_in', {});
};

/** Muster's own keys and sessions. */
export const DOORS: Doors = { resolveKey: closed, resolveSession: closed, sessionCookieOf, checkCsrf };
