import { useSyncExternalStore } from 'react';
import { currentSession, onSessionChange, type Privilege, type Session } from '../api/index.ts';

/** Who is signed in. Nothing is drawn before that is known. */
export function useSession(): Session {
  const session = useSyncExternalStore(onSessionChange, currentSession);
  if (session === null) throw new Error('The page is drawn before its session is there.');
  return session;
}

/** Whether the person may do what needs this privilege. What they may not is not shown; the server decides in any case. */
export function useCan(): (privilege: Privilege) => boolean {
  const { user } = useSession();
  return (privilege) => user.privileges.includes(privilege);
}
