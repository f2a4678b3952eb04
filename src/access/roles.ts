import { type Actor, type ActorRole, PRIVILEGES, type Privilege } from '../core/index.ts';

/** Alma's numbers of the roles that mean something here. */
export const ROLE = {
  userManager: '21',
  systemAdministrator: '26',
  circulationDeskOperator: '32',
  userAdministrator: '50',
  requestsOperator: '51',
  fulfillmentAdministrator: '52',
  letterAdministrator: '57',
  circulationDeskManager: '221',
  circulationDeskOperatorLimited: '299',
} as const;

const MANAGES_USERS: readonly Privilege[] = [
  'users:read',
  'users:write',
  'users:import',
  'users:export',
  'sets:read',
  'sets:write',
  'jobs:read',
  'jobs:run',
];

/**
 * What a role may do. A role that is not named here, the patron's (200) among them, may do nothing:
 * this program is for staff.
 */
const PRIVILEGES_OF: ReadonlyMap<string, readonly Privilege[]> = new Map([
  [ROLE.systemAdministrator, PRIVILEGES],
  [ROLE.userAdministrator, MANAGES_USERS],
  [ROLE.userManager, MANAGES_USERS],
  [ROLE.letterAdministrator, ['letters:read', 'letters:write']],
  [ROLE.circulationDeskOperator, ['users:read']],
  [ROLE.requestsOperator, ['users:read']],
  [ROLE.fulfillmentAdministrator, ['users:read']],
  [ROLE.circulationDeskManager, ['users:read']],
  [ROLE.circulationDeskOperatorLimited, ['users:read']],
]);

/** Roles that outrank the others, highest first: nobody grants a role above the highest of their own. */
const RANKS: readonly string[] = [ROLE.systemAdministrator, ROLE.userAdministrator, ROLE.userManager];

/** What works on the whole institution; a role for a single library does not give it (as in Alma). */
const INSTITUTION_WIDE: ReadonlySet<Privilege> = new Set(['jobs:run', 'settings:write']);

export function hasPrivilege(actor: Actor, privilege: Privilege): boolean {
  if (actor.kind !== 'user') return true;
  return actor.roles.some((role) => reaches(role, privilege) && PRIVILEGES_OF.get(role.type)?.includes(privilege) === true);
}

/** Every privilege of the actor, in the order of `PRIVILEGES`. */
export function privilegesOf(actor: Actor): readonly Privilege[] {
  return PRIVILEGES.filter((privilege) => hasPrivilege(actor, privilege));
}

function reaches(role: ActorRole, privilege: Privilege): boolean {
  return role.library !== true || !INSTITUTION_WIDE.has(privilege);
}

/**
 * The roles that this actor may not give or take, because they outrank every role of the actor's
 * own: 'none' for the administrator and role 26, 'all' for somebody who manages no users.
 */
export function rolesAbove(actor: Actor): 'none' | 'all' | readonly string[] {
  if (actor.kind !== 'user') return 'none';
  const own = RANKS.findIndex((type) => actor.roles.some((role) => role.type === type && role.library !== true));
  if (own === -1) return 'all';
  return own === 0 ? 'none' : RANKS.slice(0, own);
}

/** Whether the actor may give this role to somebody, or take it from them. */
export function canGrant(actor: Actor, roleType: string): boolean {
  const above = rolesAbove(actor);
  return above === 'none' || (above !== 'all' && !above.includes(roleType));
}

/** Of the given role types (the code table `UserRoles`), those that the actor may grant. */
export function grantableRoles(actor: Actor, known: readonly string[]): 'all' | readonly string[] {
  return rolesAbove(actor) === 'none' ? 'all' : known.filter((type) => canGrant(actor, type));
}
