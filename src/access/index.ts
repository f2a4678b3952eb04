export { ADMINISTRATOR, actorNamed, resolveActor, systemActor } from './actor.ts';
export { hashPassword, newPassword, verifyPassword } from './passwords.ts';
export {
  beginSignIn,
  callbackPath,
  createDiscovery,
  createProvider,
  deleteProvider,
  type Discovery,
  finishSignIn,
  listProviders,
  PROVIDER_OPERATIONS,
  type ProviderChoice,
  type ProviderView,
  providerChoices,
  recordReturn,
  type SignOut,
  signOutThere,
  testProvider,
  updateProvider,
} from './oidc/index.ts';
export { type OwnCard, ownCard } from './own-card.ts';
export { assertAdministratorsRemain, lastAdministratorAmong } from '../users/index.ts';
export { perform } from './perform.ts';
export { type OwnRights, type RoleView, setRole, showOwnRights, showRoles } from './rights-operations.ts';
export {
  createRoleProfile,
  deleteRoleProfile,
  listRoleProfiles,
  type ProfileView,
  showRoleProfile,
  updateRoleProfile,
} from './profiles.ts';
export { exportHolders } from './export-report.ts';
export { type HeldRole, type HoldersReport, reportHolders } from './report.ts';
export { createRule, deleteRule, listRules, type RuleView, showRule, updateRule } from './rules.ts';
export { getSetting, listSettings, setSetting, type SettingView } from './settings-operations.ts';
export {
  type KeptRights,
  canGrant,
  grantableRoles,
  grantRuleOf,
  hasPrivilege,
  keptRights,
  narrowedTo,
  notGrantedSql,
  outranks,
  outranksSql,
  privilegesOf,
  rightsOf,
  ROLE,
} from './roles.ts';
export * from './audit/index.ts';
export * from './keys/index.ts';
export * from './sign-in/index.ts';
