export { ADMINISTRATOR, actorNamed, resolveActor, systemActor } from './actor.ts';
export { hashPassword, newPassword, verifyPassword } from './passwords.ts';
export { perform } from './perform.ts';
export { canGrant, grantableRoles, hasPrivilege, privilegesOf, ROLE, rolesAbove } from './roles.ts';
