/** What roles may do: shown, changed, and one's own. */
import type { PoolClient } from 'pg';
import sql from 'sql-template-tag';
import { z } from 'zod';
import {
  type Actor,
  AppError,
  type Context,
  FIELD_GROUPS,
  type FieldGroup,
  type GrantRule,
  type Language,
  operation,
  PRIVILEGE_LABELS,
  PRIVILEGES,
  type Privilege,
  type Queryable,
  sayAny,
} from '../core/index.ts';
import { allows, canGrant, grantRuleOf, hasPrivilege, privilegesOf, rightsOf, ROLE } from './roles.ts';

const privilegeName = z.enum(Object.keys(PRIVILEGE_LABELS) as [Privilege, ...Privilege[]]);
const fieldGroup = z.enum(FIELD_GROUPS);
const grantRule = z.strictObject({
  /** True: all roles but those of `roles`; false: those of `roles` alone. */
  all: z.boolean(),
  roles: z.array(z.string().trim().min(1).max(100)).max(500),
});

const roleView = z.strictObject({
  role: z.string(),
  label: z.string(),
  privileges: z.array(privilegeName),
  grants: grantRule,
  closed: z.array(fieldGroup),
  modified_at: z.string().nullable(),
  modified_by: z.string().nullable(),
});
export type RoleView = z.output<typeof roleView>;

const word = z.strictObject({ name: z.string(), label: z.string() });

interface RoleRow {
  readonly role: string;
  readonly label_en: string;
  readonly label_de: string;
  readonly privileges: readonly string[];
  readonly grants_all: boolean;
  readonly grant_roles: string[];
  readonly closed: FieldGroup[];
  readonly modified_at: string | null;
  readonly modified_by: string | null;
}

const rolesInput = z.strictObject({
  /** One role, also one that may do nothing; all that may do something when left out. */
  role: z.string().trim().min(1).max(100).optional(),
});

const rolesOutput = z.strictObject({ roles: z.array(roleView), privileges: z.array(word), field_groups: z.array(word) });

export const showRoles = operation({
  name: 'access.roles',
  summary: { en: 'Shows what each role may do', de: 'Zeigt, was jede Rolle darf' },
  privilege: 'access:read',
  input: rolesInput,
  output: rolesOutput,
  audit: ({ role }) => ({ entity: 'role', id: role ?? null }),
  run: async (ctx, { role }) => ({
    roles: role === undefined ? await allRoles(ctx) : [await roleNamed(ctx.db.pool, role, ctx.language)],
    privileges: PRIVILEGES.map((name) => ({ name, label: PRIVILEGE_LABELS[name][ctx.language] })),
    field_groups: FIELD_GROUPS.map((name) => ({ name, label: sayAny(ctx.language, `access.group.${name}`) })),
  }),
});

const COLUMNS = sql`c.code as role, c.label_en, c.label_de, coalesce(a.privileges, '{}') as privileges, coalesce(a.grants_all, false) as grants_all,
  coalesce(a.grant_roles, '{}') as grant_roles, coalesce(a.closed, '{}') as closed, a.modified_at, a.modified_by`;

async function allRoles(ctx: Context): Promise<RoleView[]> {
  const { rows } = await ctx.db.pool.query<RoleRow>(sql`
    select ${COLUMNS} from codes c join access_roles a on a.role = c.code where c.table_name = 'UserRoles' order by c.position, c.code`);
  return rows.map((row) => viewOf(row, ctx.language));
}

async function roleNamed(db: Queryable, role: string, language: Language): Promise<RoleView> {
  const { rows } = await db.query<RoleRow>(sql`
    select ${COLUMNS} from codes c left join access_roles a on a.role = c.code where c.table_name = 'UserRoles' and c.code = ${role}::text`);
  const row = rows[0];
  if (row === undefined) throw new AppError('access.unknown_role', { role });
  return viewOf(row, language);
}

function viewOf(row: RoleRow, language: Language): RoleView {
  return {
    role: row.role,
    label: language === 'de' ? row.label_de : row.label_en,
    privileges: PRIVILEGES.filter((privilege) => row.privileges.includes(privilege)),
    grants: { all: row.grants_all, roles: row.grant_roles },
    closed: FIELD_GROUPS.filter((group) => row.closed.includes(group)),
    modified_at: row.modified_at,
    modified_by: row.modified_by,
  };
}

const setInput = z
  .strictObject({
    role: z.string().trim().min(1).max(100),
    /** All that the role is to have from now on; what is left out of the input stays as it is. */
    privileges: z.array(privilegeName).max(PRIVILEGES.length).optional(),
    grants: grantRule.optional(),
    closed: z.array(fieldGroup).max(FIELD_GROUPS.length).optional(),
  })
  .refine((i) => i.privileges !== undefined || i.grants !== undefined || i.closed !== undefined, {
    message: 'needs privileges, grants or closed',
  });

export const setRole = operation({
  name: 'access.set_role',
  summary: {
    en: 'Says what a role may do; nobody gives a role more than they have themselves',
    de: 'Legt fest, was eine Rolle darf; niemand gibt einer Rolle mehr, als er selbst hat',
  },
  privilege: 'access:write',
  input: setInput,
  output: roleView,
  audit: (i, output) => ({
    entity: 'role',
    id: i.role,
    ...(output === undefined ? {} : { detail: { privileges: output.privileges, grants: output.grants, closed: output.closed } }),
  }),
  run: (ctx, i) =>
    ctx.db.transaction(async (tx) => {
      await tx.query(sql`insert into access_roles (role) select c.code from codes c where c.table_name = 'UserRoles' and c.code = ${i.role}::text
        on conflict do nothing`);
      await tx.query(sql`select from access_roles a where a.role = ${i.role}::text for update`);
      const before = await roleNamed(tx, i.role, ctx.language);
      const after = { privileges: i.privileges ?? before.privileges, grants: i.grants ?? before.grants, closed: i.closed ?? before.closed };
      if (!canGrant(ctx.actor, i.role)) throw new AppError('access.role_above', { role: i.role });
      if (i.role === ROLE.systemAdministrator && !after.privileges.includes('access:write')) {
        throw new AppError('access.administrator_role', { privilege: 'access:write' });
      }
      await checkNoMore(tx, ctx.actor, before, after);
      await tx.query(sql`update access_roles set privileges = ${after.privileges}::text[], grants_all = ${after.grants.all}::boolean,
        grant_roles = ${after.grants.roles}::text[], closed = ${after.closed}::text[], modified_at = now(), modified_by = ${ctx.actor.name}::text
        where role = ${i.role}::text`);
      await checkStillIn(tx, ctx.actor);
      return roleNamed(tx, i.role, ctx.language);
    }),
});

type RoleContent = Pick<RoleView, 'privileges' | 'grants' | 'closed'>;

/** What the role gets beyond what it had, its giver has too. */
async function checkNoMore(tx: PoolClient, actor: Actor, before: RoleContent, after: RoleContent): Promise<void> {
  const lacking = after.privileges.find((privilege) => !before.privileges.includes(privilege) && !hasPrivilege(actor, privilege));
  if (lacking !== undefined) throw new AppError('access.more_than_own', { what: lacking });
  const { rows } = await tx.query<{ code: string }>(sql`select c.code from codes c where c.table_name = 'UserRoles'`);
  const known = new Set(rows.map((row) => row.code));
  const unknown = after.grants.roles.find((role) => !known.has(role));
  if (unknown !== undefined) throw new AppError('access.unknown_role', { role: unknown });
  const granted = [...known].find((role) => allows(after.grants, role) && !allows(before.grants, role) && !canGrant(actor, role));
  if (granted !== undefined) throw new AppError('access.more_than_own', { what: granted });
  // "All but" also covers roles that do not exist yet.
  if (after.grants.all && !before.grants.all && !grantRuleOf(actor).all) throw new AppError('access.more_than_own', { what: 'all' });
  const opened = before.closed.find((group) => !after.closed.includes(group) && closedGroupsOf(actor).includes(group));
  if (opened !== undefined) throw new AppError('access.more_than_own', { what: opened });
}

function closedGroupsOf(actor: Actor): readonly FieldGroup[] {
  return actor.kind === 'user' ? actor.rights.closed : [];
}

/** Nobody shuts themselves out of this very operation. */
async function checkStillIn(tx: PoolClient, actor: Actor): Promise<void> {
  if (actor.kind !== 'user') return;
  const rights = await rightsOf(tx, actor.roles);
  if (!rights.privileges.includes('access:write')) throw new AppError('access.own_rights', { privilege: 'access:write' });
}

const meOutput = z.strictObject({
  name: z.string(),
  kind: z.enum(['administrator', 'user', 'system']),
  roles: z.array(z.strictObject({ type: z.string(), label: z.string(), scope: z.string(), library: z.boolean() })),
  privileges: z.array(word.extend({ name: privilegeName })),
  /** Which roles one may give and take away. */
  grants: grantRule,
  /** Groups of fields that one neither sees nor changes. */
  closed: z.array(fieldGroup),
  /** False: users with a staff role are not one's to edit. */
  edits_staff: z.boolean(),
  /** The API key that the call came with. */
  key: z.string().nullable(),
});
export type OwnRights = z.output<typeof meOutput>;

export const showOwnRights = operation({
  name: 'access.me',
  summary: { en: 'Shows who one is and what one may do', de: 'Zeigt, wer man ist und was man darf' },
  privilege: 'own:read',
  input: z.strictObject({}),
  output: meOutput,
  audit: () => ({ entity: 'role', id: null }),
  run: async (ctx): Promise<OwnRights> => {
    const { actor, language } = ctx;
    const roles = actor.kind === 'user' ? actor.roles : [];
    const labels = await roleLabels(ctx.db.pool, language);
    return {
      name: actor.name,
      kind: actor.kind,
      roles: roles.map((role) => ({
        type: role.type,
        label: labels.get(role.type) ?? role.type,
        scope: role.scope,
        library: role.library === true,
      })),
      privileges: privilegesOf(actor).map((name) => ({ name, label: PRIVILEGE_LABELS[name][language] })),
      grants: copyOf(grantRuleOf(actor)),
      closed: [...closedGroupsOf(actor)],
      edits_staff: actor.kind !== 'user' || actor.rights.editsStaff,
      key: actor.kind === 'user' ? (actor.key?.name ?? null) : null,
    };
  },
});

function copyOf(rule: GrantRule): { all: boolean; roles: string[] } {
  return { all: rule.all, roles: [...rule.roles] };
}

/** Role → its name in that language. */
export async function roleLabels(db: Queryable, language: Language): Promise<ReadonlyMap<string, string>> {
  const label = language === 'de' ? sql`c.label_de` : sql`c.label_en`;
  const { rows } = await db.query<{ code: string; label: string }>(sql`
    select c.code, ${label} as label from codes c where c.table_name = 'UserRoles'`);
  return new Map(rows.map((row) => [row.code, row.label]));
}
