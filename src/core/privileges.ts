import type { Text } from './texts/index.ts';

/**
 * Every privilege there is, with its words for the permissions page. An operation names the one it
 * needs; which roles have it stands in the database (`access_roles`).
 */
export const PRIVILEGE_LABELS = {
  'own:read': { en: 'See one’s own record', de: 'Den eigenen Datensatz sehen' },
  'users:read': { en: 'See and search users', de: 'Benutzer sehen und suchen' },
  'users:write': { en: 'Change users', de: 'Benutzer ändern' },
  'users:import': { en: 'Import users', de: 'Benutzer importieren' },
  'users:export': { en: 'Export users', de: 'Benutzer exportieren' },
  'users:delete': { en: 'Erase and purge users for good', de: 'Benutzer endgültig löschen' },
  'users:personal': { en: 'Hand out everything held on a person', de: 'Auskunft über alle Daten einer Person geben' },
  'sets:read': { en: 'See sets', de: 'Sets sehen' },
  'sets:write': { en: 'Make and change sets', de: 'Sets anlegen und ändern' },
  'jobs:read': { en: 'See jobs and their reports', de: 'Prozesse und Berichte sehen' },
  'jobs:run': { en: 'Run and undo jobs', de: 'Prozesse starten und rückgängig machen' },
  'jobs:approve': { en: 'Approve jobs of others', de: 'Prozesse anderer freigeben' },
  'letters:read': { en: 'See letters and what was sent', de: 'Briefe und Versandtes sehen' },
  'letters:write': { en: 'Change letters', de: 'Briefe ändern' },
  'access:read': { en: 'See who may do what', de: 'Sehen, wer was darf' },
  'access:write': { en: 'Change rights, role profiles and rules', de: 'Rechte, Rollenprofile und Regeln ändern' },
  'access:sign-in': {
    en: 'Issue passwords and sign-in links, end sessions',
    de: 'Passwörter und Anmeldelinks ausstellen, Sitzungen beenden',
  },
  'access:keys': { en: 'Manage API keys', de: 'API-Schlüssel verwalten' },
  'audit:read': { en: 'Read the audit', de: 'Das Protokoll lesen' },
  'settings:read': { en: 'See the library’s settings', de: 'Einstellungen sehen' },
  'settings:write': { en: 'Change the library’s settings', de: 'Einstellungen ändern' },
} as const satisfies Readonly<Record<string, Text>>;

export type Privilege = keyof typeof PRIVILEGE_LABELS;

export const PRIVILEGES = Object.keys(PRIVILEGE_LABELS) as readonly Privilege[]; // the keys of that very object
