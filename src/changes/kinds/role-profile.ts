/** Gives users the roles of a role profile; those that they hold already stay as they are. */
import sql from 'sql-template-tag';
import { z } from 'zod';
import { AppError } from '../../core/index.ts';
import { storable } from '../input.ts';
import { type ChangeEffects, changeKind, type CompileScope, type Effect } from '../kind.ts';
import { type ProfileRole, profileRoles, roleRow, rolesOfProfile, roleWords } from '../role-profiles.ts';

/** As `role add` has it. */
export const ROLE_IDENTITY: readonly string[] = ['type', 'scope', 'parameters'];

const input = z.strictObject({
  apply: storable(255),
  /** Written in by Muster: what the profile holds when the plan is previewed or started. */
  roles: profileRoles.optional(),
});

type Input = z.output<typeof input>;

/** Throws `changes.role_not_grantable` for the first role that the author may not give. */
export function checkGrantable(roles: readonly ProfileRole[], scope: CompileScope): void {
  const { grantableRoles } = scope;
  const refused = grantableRoles === 'all' ? undefined : roles.find((role) => !grantableRoles.includes(role.type));
  if (refused !== undefined) throw new AppError('changes.role_not_grantable', { role: refused.type });
}

export const roleProfile = changeKind<Input>({
  kind: 'role_profile',
  label: { en: 'Role profile', de: 'Rollenprofil' },
  help: {
    en: 'Gives the roles of a role profile, each unless the user holds it already.',
    de: 'Vergibt die Rollen eines Rollenprofils, jede nur, wenn der Benutzer sie nicht schon hat.',
  },
  privilege: 'jobs:run',
  input,
  examples: [{ change: 'role_profile', apply: 'Circulation desk' }],
  settledBy: 'roles',
  settle: async (value, db) => ({ ...value, roles: await rolesOfProfile(db, value.apply) }),
  codes: (value) => (value.roles ?? []).map((role) => ['UserRoles', role.type] as const),
  describe: (value, language, name) => {
    const roles = roleWords(value.roles ?? [], name);
    return language === 'de' ? `Rollenprofil „${value.apply}“ anwenden: ${roles}` : `Apply role profile “${value.apply}”: ${roles}`;
  },
  compile: (value, scope): ChangeEffects => {
    const roles = value.roles ?? [];
    checkGrantable(roles, scope);
    const types = roles.map((role) => role.type);
    return {
      effects: roles.map(
        (role): Effect => ({ effect: 'add', table: 'user_roles', row: () => roleRow(role, scope.today), identity: ROLE_IDENTITY }),
      ),
      isEmpty: sql`not exists (select from user_roles e where e.user_id = u.id and e.type = any (${types}::text[]))`,
    };
  },
});
