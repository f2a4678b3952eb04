/**
 * Who is signed in, and the token that everything which writes has to carry. When the session ends in
 * the middle, calls wait here until somebody has signed in again, and then go on: nothing on the page is lost.
 */
import { addressOf } from './address.ts';
import { asProblem, problemOf } from './problem.ts';
import type { Session } from './types.ts';

let present: Session | null = null;
/** The wait for signing in again, shared by all calls that were refused. */
let waiting: { readonly promise: Promise<void>; resolve(): void; reject(error: unknown): void } | null = null;
const listeners = new Set<() => void>();

export function currentSession(): Session | null {
  return present;
}

export function isSessionOver(): boolean {
  return waiting !== null;
}

/** For `useSyncExternalStore`: told when somebody has signed in, or has to. */
export function onSessionChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(): void {
  for (const listener of listeners) listener();
}

export async function loadSession(): Promise<Session> {
  return keep(await ask('GET'));
}

/** Signs in at the dialog that comes up when the session has ended; what waited goes on. */
export async function signInAgain(identifier: string, password: string): Promise<void> {
  const before = present;
  resume(before, await ask('POST', { identifier, password }));
}

/** Looks whether somebody has signed in elsewhere meanwhile, e.g. in another tab. True when they have. */
export async function lookForSession(): Promise<boolean> {
  const before = present;
  try {
    resume(before, await ask('GET'));
    return true;
  } catch (error) {
    if (asProblem(error).status === 401) return false;
    throw error;
  }
}

/** What one person had open is not shown to the next. */
function resume(before: Session | null, session: Session): void {
  if (before !== null && before.user.primary_id !== session.user.primary_id) {
    location.assign(addressOf('/'));
    return;
  }
  keep(session);
  const done = waiting;
  waiting = null;
  done?.resolve();
  tell();
}

/** Set once the person signs out: what the page still wanted to ask is not asked any more. */
let leaving = false;

export function isLeaving(): boolean {
  return leaving;
}

/** Ends the session; the browser then leaves the page. */
export async function signOut(): Promise<void> {
  leaving = true;
  const answer = await fetch(addressOf('/api/session'), { method: 'DELETE', headers: csrfHeader() });
  const body = (await answer.json().catch(() => null)) as { readonly provider_sign_out?: string | null } | null; // whatever came
  location.assign(body?.provider_sign_out ?? addressOf('/sign-in?signed_out=1'));
}

/** Resolves once there is a session again. */
export function sessionAgain(): Promise<void> {
  if (waiting === null) {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    waiting = { promise, resolve, reject };
    tell();
  }
  return waiting.promise;
}

export function csrfHeader(): Record<string, string> {
  return present === null ? {} : { 'x-csrf-token': present.csrf };
}

function keep(session: Session): Session {
  present = session;
  tell();
  return session;
}

async function ask(method: 'GET' | 'POST', body?: object): Promise<Session> {
  const answer = await fetch(addressOf('/api/session'), {
    method,
    headers: {
      accept: 'application/json',
      'accept-language': document.documentElement.lang,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const said: unknown = await answer.json().catch(() => null);
  if (!answer.ok) throw problemOf(answer.status, said, answer.headers);
  return said as Session; // this server's own schema
}
