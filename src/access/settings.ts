/** Settings about rights. All are off as long as nobody has set them. */
import { z } from 'zod';
import { declareSetting } from '../core/index.ts';

export const MANAGERS_NO_STAFF_ROLES = declareSetting({
  name: 'access.managers_no_staff_roles',
  label: {
    en: 'User Managers give and take away the role Patron only, no staff role',
    de: 'Benutzer-Manager vergeben und entziehen nur die Rolle Benutzer (Patron), keine Personalrolle',
  },
  schema: z.boolean(),
  default: false,
  privilege: 'access:write',
});

export const MANAGERS_NO_STAFF_USERS = declareSetting({
  name: 'access.managers_no_staff_users',
  label: {
    en: 'User Managers do not edit users who hold a staff role, and so give nobody one',
    de: 'Benutzer-Manager bearbeiten keine Benutzer, die eine Personalrolle haben, und vergeben also auch keine',
  },
  schema: z.boolean(),
  default: false,
  privilege: 'access:write',
});
