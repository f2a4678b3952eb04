/** What a library can set about signing in. */
import { z } from 'zod';
import { declareSetting } from '../../core/index.ts';

const days = z.number().int().min(1).max(365);

// Read in the statement that makes such a password (changes/credential.ts).
declareSetting({
  name: 'sign_in.temporary_days',
  label: { en: 'Days after which a temporary password ends', de: 'Tage, nach denen ein vorläufiges Passwort endet' },
  schema: days,
  default: 14,
  privilege: 'settings:write',
});

export const LINK_DAYS = declareSetting({
  name: 'sign_in.link_days',
  label: { en: 'Days after which a one-time link ends', de: 'Tage, nach denen ein Einmal-Link endet' },
  schema: days,
  default: 14,
  privilege: 'settings:write',
});

export const FORGOTTEN_HOURS = declareSetting({
  name: 'sign_in.forgotten_hours',
  label: {
    en: 'Hours after which the link for a forgotten password ends',
    de: 'Stunden, nach denen der Link für ein vergessenes Passwort endet',
  },
  schema: z.number().int().min(1).max(168),
  default: 24,
  privilege: 'settings:write',
});

export const SESSION_HOURS = declareSetting({
  name: 'sign_in.session_hours',
  label: { en: 'Hours after which one has to sign in again', de: 'Stunden, nach denen man sich neu anmelden muss' },
  schema: z.number().int().min(1).max(720),
  default: 12,
  privilege: 'settings:write',
});

export const IDLE_MINUTES = declareSetting({
  name: 'sign_in.idle_minutes',
  label: {
    en: 'Minutes without doing anything after which a session ends',
    de: 'Minuten ohne Tätigkeit, nach denen eine Sitzung endet',
  },
  schema: z.number().int().min(5).max(10_080),
  default: 60,
  privilege: 'settings:write',
});
