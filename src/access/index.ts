export { ADMINISTRATOR, actorNamed, resolveActor, systemActor } from './actor.ts';
export { hashPassword, newPassword, verifyPassword } from './passwords.ts';
export { perform } from './perform.ts';
export { canGrant, grantableRoles, grantRuleOf, hasPrivilege, notGrantedSql, outranksSql, privilegesOf, rightsOf, ROLE } from './roles.ts';
