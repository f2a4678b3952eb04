/** Resets the passwords of internal users; the letter brings the new one. */
import sql from 'sql-template-tag';
import { z } from 'zod';
import { type ChangeEffects, changeKind } from '../kind.ts';

const input = z.strictObject({
  reset: z.enum(['password', 'link']),
  letter: z.boolean().optional(),
});

export const password = changeKind<z.output<typeof input>>({
  kind: 'password',
  label: { en: 'Password', de: 'Passwort' },
  help: {
    en: 'Ends the password of internal users and sends a new one (or a one-time link) with the credentials letter.',
    de: 'Beendet das Passwort interner Benutzer und schickt mit dem Zugangsbrief ein neues (oder einen Einmal-Link).',
  },
  privilege: 'jobs:run',
  input,
  examples: [{ change: 'password', reset: 'password' }],
  describe: (value, language) =>
    value.reset === 'link'
      ? language === 'de'
        ? 'Passwort zurücksetzen, mit Einmal-Link'
        : 'Reset the password, with a one-time link'
      : language === 'de'
        ? 'Passwort zurücksetzen'
        : 'Reset the password',
  compile: (value): ChangeEffects => ({
    effects: [
      { effect: 'set', column: 'credential_state', next: () => sql`'pending'` },
      { effect: 'set', column: 'force_password_change', next: () => sql`true` },
    ],
    skip: [{ reason: 'changes.not_internal', when: (v) => sql`${v('account_type')} <> 'INTERNAL'` }],
    warn: value.letter === false ? [{ reason: 'changes.credentials_pending', when: () => sql`true` }] : [],
    credentials: { letter: value.letter === false ? 'none' : value.reset },
    isEmpty: sql`u.credential_state = 'none'`,
  }),
});
