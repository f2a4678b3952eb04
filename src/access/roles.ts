import sql, { raw, type Sql } from 'sql-template-tag';
import {
  type Actor,
  type ActorRole,
  FIELD_GROUPS,
  type FieldGroup,
  type GrantRule,
  PRIVILEGES,
  type Privilege,
  type Queryable,
  type Rights,
  settingValue,
} from '../core/index.ts';
import { MANAGERS_NO_STAFF_ROLES, MANAGERS_NO_STAFF_USERS } from './settings.ts';

/** Alma's numbers of the roles that Muster itself has to know. */
export const ROLE = {
  userManager: '21',
  systemAdministrator: '26',
  userAdministrator: '50',
  patron: '200',
} as const;

/** One row of `access_roles`. */
interface RoleRights {
  readonly role: string;
  readonly privileges: readonly string[];
  readonly grants_all: boolean;
  readonly grant_roles: readonly string[];
  readonly closed: readonly string[];
}

/** What works on the whole institution; a role for a single library does not give it (as in Alma). */
const INSTITUTION_WIDE: ReadonlySet<Privilege> = new Set([
  'users:import',
  'users:delete',
  'jobs:run',
  'jobs:approve',
  'letters:write',
  'access:write',
  'access:keys',
  'settings:write',
]);

const EVERYTHING: GrantRule = { all: true, roles: [] };
const NOTHING: GrantRule = { all: false, roles: [] };
const PATRON_ONLY: GrantRule = { all: false, roles: [ROLE.patron] };

/** What rights are worked out from: rows of `access_roles`, and the settings that narrow them. */
export interface RightsSource {
  readonly roles: readonly RoleRights[];
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A `RightsSource` for the role types in the array `types`, as one value: so that who acts is read in one statement. */
export function rightsSourceSql(types: Sql): Sql {
  return sql`jsonb_build_object(
    'roles', (select coalesce(jsonb_agg(to_jsonb(a)), '[]') from access_roles a where a.role = any (${types})),
    'settings', (select coalesce(jsonb_object_agg(s.name, s.value), '{}') from settings s
      where s.name in (${NARROWING})))`;
}

/** Names of our own, as literals: whoever asks has the same statement each time. */
const NARROWING = raw([MANAGERS_NO_STAFF_ROLES, MANAGERS_NO_STAFF_USERS].map(({ name }) => `'${name}'`).join(', '));

/** The rights that these roles give together; see `rightsFrom`. */
export async function rightsOf(db: Queryable, roles: readonly ActorRole[]): Promise<Rights> {
  const { rows } = await db.query<{ source: RightsSource }>(
    sql`select ${rightsSourceSql(sql`${roles.map((role) => role.type)}::text[]`)} as source`,
  );
  return rightsFrom(rows[0]?.source ?? { roles: [], settings: {} }, roles);
}

/**
 * The rights that these roles give together: privileges add up, whatever one role may grant can be
 * granted, and a group of fields is closed only when every role that sees users has it closed. Roles
 * for a single library give nothing that works on the whole institution, and no right to grant.
 */
export function rightsFrom(source: RightsSource, roles: readonly ActorRole[]): Rights {
  const held = source.roles.map((row) => ({ row, wide: roles.some((role) => role.type === row.role && role.library !== true) }));
  const privileges = PRIVILEGES.filter((privilege) =>
    held.some(({ row, wide }) => row.privileges.includes(privilege) && (wide || !INSTITUTION_WIDE.has(privilege))),
  );
  const seeing = source.roles.filter((row) => row.privileges.includes('users:read'));
  const narrowed = narrowing(
    source.settings,
    held.filter(({ wide }) => wide).map(({ row }) => row.role),
  );
  return {
    privileges,
    grants: held
      .filter(({ wide }) => wide)
      .map(({ row }) => (row.role === ROLE.userManager && (narrowed.noStaffRoles || narrowed.noStaffUsers) ? PATRON_ONLY : ruleOf(row)))
      .reduce(either, NOTHING),
    closed: FIELD_GROUPS.filter((group: FieldGroup) => seeing.length > 0 && seeing.every((row) => row.closed.includes(group))),
    editsStaff: !narrowed.noStaffUsers,
  };
}

function ruleOf(row: RoleRights): GrantRule {
  return { all: row.grants_all, roles: row.grant_roles };
}

/** What the library's settings take from User Managers; whoever is a User Administrator or above beside is not meant. */
function narrowing(
  settings: RightsSource['settings'],
  wide: readonly string[],
): { readonly noStaffRoles: boolean; readonly noStaffUsers: boolean } {
  const meant = wide.includes(ROLE.userManager) && !wide.includes(ROLE.userAdministrator) && !wide.includes(ROLE.systemAdministrator);
  const holds = (setting: typeof MANAGERS_NO_STAFF_ROLES): boolean => meant && settingValue(setting, settings[setting.name]);
  return { noStaffRoles: holds(MANAGERS_NO_STAFF_ROLES), noStaffUsers: holds(MANAGERS_NO_STAFF_USERS) };
}

/** What one of two rules allows. */
function either(one: GrantRule, other: GrantRule): GrantRule {
  if (one.all && other.all) return { all: true, roles: one.roles.filter((role) => other.roles.includes(role)) };
  if (one.all) return { all: true, roles: one.roles.filter((role) => !other.roles.includes(role)) };
  if (other.all) return either(other, one);
  return { all: false, roles: [...new Set([...one.roles, ...other.roles])] };
}

export function hasPrivilege(actor: Actor, privilege: Privilege): boolean {
  return actor.kind !== 'user' || actor.rights.privileges.includes(privilege);
}

/** What both of two rules allow. */
function both(one: GrantRule, other: GrantRule): GrantRule {
  if (one.all && other.all) return { all: true, roles: [...new Set([...one.roles, ...other.roles])] };
  const [list, rule] = one.all ? [other, one] : [one, other];
  return { all: false, roles: list.roles.filter((role) => allows(rule, role)) };
}

/** What a run keeps of its author's rights: what its work never goes beyond. */
export type KeptRights = Pick<Rights, 'grants' | 'closed' | 'editsStaff'>;

export function keptRights(actor: Actor): KeptRights | null {
  if (actor.kind !== 'user') return null;
  const { grants, closed, editsStaff } = actor.rights;
  return { grants, closed, editsStaff };
}

/** The actor with no more rights than were kept; null: nothing narrows them. */
export function narrowedTo(actor: Actor, kept: KeptRights | null): Actor {
  if (kept === null || actor.kind !== 'user') return actor;
  const { rights } = actor;
  return {
    ...actor,
    rights: {
      ...rights,
      grants: both(rights.grants, kept.grants),
      closed: FIELD_GROUPS.filter((group) => rights.closed.includes(group) || kept.closed.includes(group)),
      editsStaff: rights.editsStaff && kept.editsStaff,
    },
  };
}

/** Every privilege of the actor, in the order of `PRIVILEGES`. */
export function privilegesOf(actor: Actor): readonly Privilege[] {
  return PRIVILEGES.filter((privilege) => hasPrivilege(actor, privilege));
}

/** Which roles the actor may give to somebody, or take from them. */
export function grantRuleOf(actor: Actor): GrantRule {
  return actor.kind === 'user' ? actor.rights.grants : EVERYTHING;
}

export function canGrant(actor: Actor, roleType: string): boolean {
  return allows(grantRuleOf(actor), roleType);
}

export function allows({ all, roles }: GrantRule, roleType: string): boolean {
  return all !== roles.includes(roleType);
}

/** Of the given role types (the code table `UserRoles`), those that the actor may grant. */
export function grantableRoles(actor: Actor, known: readonly string[]): 'all' | readonly string[] {
  const { all, roles } = grantRuleOf(actor);
  return all && roles.length === 0 ? 'all' : known.filter((type) => canGrant(actor, type));
}

/**
 * Users whom the actor may not edit, since they hold a staff role that the actor may not grant: a new
 * password or address would make the actor that person. A condition over their id; null for nobody.
 */
export function outranksSql(actor: Actor, userId: Sql): Sql | null {
  const rule = grantRuleOf(actor);
  const staff = actor.kind === 'user' && !actor.rights.editsStaff ? sql`true` : notGrantedSql(rule, sql`outranking.type`);
  if (rule.all && rule.roles.length === 0 && (actor.kind !== 'user' || actor.rights.editsStaff)) return null;
  return sql`exists (select from user_roles outranking where outranking.user_id = ${userId}
    and outranking.status <> 'INACTIVE' and outranking.type <> ${ROLE.patron} and ${staff})`;
}

/** As `outranksSql`, for a user whose roles have been read. */
export function outranks(actor: Actor, roles: readonly { readonly type: string; readonly status: string }[]): boolean {
  const anyStaff = actor.kind === 'user' && !actor.rights.editsStaff;
  return roles.some(({ type, status }) => status !== 'INACTIVE' && type !== ROLE.patron && (anyStaff || !canGrant(actor, type)));
}

/** Whether the rule does not allow to grant the role `type`. */
export function notGrantedSql({ all, roles }: GrantRule, type: Sql): Sql {
  return all ? sql`${type} = any (${roles}::text[])` : sql`${type} <> all (${roles}::text[])`;
}
