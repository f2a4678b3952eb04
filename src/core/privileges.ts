/** Every privilege there is; roles are sets of these (see `access`). */
export const PRIVILEGES = [
  'users:read',
  'users:write',
  'users:import',
  'users:export',
  'sets:read',
  'sets:write',
  'jobs:read',
  'jobs:run',
  'letters:read',
  'letters:write',
  'settings:write',
] as const;

export type Privilege = (typeof PRIVILEGES)[number];
