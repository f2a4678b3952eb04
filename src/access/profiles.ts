/**
 * Role profiles: named lists of roles. A profile is a pattern, not a link: what it gave stays as it is
 * when the profile changes; "recalculate roles" gives what has come since.
 */
import sql from 'sql-template-tag';
import { z } from 'zod';
import { type ProfileRole, profileRole, profileRoles } from '../changes/index.ts';
import { type Actor, AppError, type Context, type Language, operation, type Queryable } from '../core/index.ts';
import { roleLabels } from './rights-operations.ts';
import { canGrant } from './roles.ts';

export const entryName = z.string().trim().min(1).max(120);
const description = z.string().trim().max(2_000);

const profileView = z.strictObject({
  name: z.string(),
  description: z.string().nullable(),
  roles: z.array(
    z.strictObject({
      type: z.string(),
      label: z.string(),
      scope: z.string(),
      parameters: profileRole.shape.parameters,
      /** A day, or one counted from the day of giving; null: the role does not end. */
      expiry_date: z.string().nullable(),
    }),
  ),
  /** Rules that give it. */
  rules: z.array(z.string()),
  modified_at: z.string(),
  modified_by: z.string().nullable(),
});
export type ProfileView = z.output<typeof profileView>;

const byName = z.strictObject({ name: entryName });
const auditProfile = (i: { readonly name: string }) => ({ entity: 'profile', id: i.name });

export const createRoleProfile = operation({
  name: 'profile.create',
  summary: { en: 'Makes a role profile', de: 'Legt ein Rollenprofil an' },
  privilege: 'access:write',
  input: z.strictObject({ name: entryName, description: description.optional(), roles: profileRoles }),
  output: profileView,
  audit: auditProfile,
  run: async (ctx, i) => {
    await checkRoles(ctx.db.pool, ctx.actor, i.roles);
    const made = await ctx.db.pool.query(sql`
      insert into role_profiles (name, description, roles, created_by, modified_by)
      values (${i.name}, ${i.description ?? null}, ${JSON.stringify(i.roles)}::jsonb, ${ctx.actor.name}, ${ctx.actor.name})
      on conflict do nothing`);
    if (made.rowCount === 0) throw new AppError('access.profile_exists', { name: i.name });
    return profileNamed(ctx, i.name);
  },
});

export const listRoleProfiles = operation({
  name: 'profile.list',
  summary: { en: 'Lists the role profiles', de: 'Listet die Rollenprofile' },
  privilege: 'access:read',
  input: z.strictObject({}),
  output: z.strictObject({ profiles: z.array(profileView) }),
  audit: () => ({ entity: 'profile', id: null }),
  run: async (ctx) => ({ profiles: await readProfiles(ctx.db.pool, ctx.language, null) }),
});

export const showRoleProfile = operation({
  name: 'profile.show',
  summary: { en: 'Shows a role profile', de: 'Zeigt ein Rollenprofil' },
  privilege: 'access:read',
  input: byName,
  output: profileView,
  audit: auditProfile,
  run: (ctx, i) => profileNamed(ctx, i.name),
});

export const updateRoleProfile = operation({
  name: 'profile.update',
  summary: {
    en: 'Changes a role profile; users to whom it was applied keep what they got',
    de: 'Ändert ein Rollenprofil; wer es bekommen hat, behält, was er hat',
  },
  privilege: 'access:write',
  input: z.strictObject({
    name: entryName,
    new_name: entryName.optional(),
    /** '' takes the description away. */
    description: description.optional(),
    roles: profileRoles.optional(),
  }),
  output: profileView,
  audit: auditProfile,
  run: (ctx, i) =>
    ctx.db.transaction(async (tx) => {
      const { rows } = await tx.query<{ id: number; name: string; description: string | null; roles: ProfileRole[] }>(sql`
        select p.id, p.name, p.description, p.roles from role_profiles p where fold(p.name) = fold(${i.name}::text) for update`);
      const profile = rows[0];
      if (profile === undefined) throw new AppError('access.profile_not_found', { name: i.name });
      await checkRoles(tx, ctx.actor, [...profile.roles, ...(i.roles ?? [])]);
      const name = i.new_name ?? profile.name;
      const taken = await tx.query(
        sql`select from role_profiles p where fold(p.name) = fold(${name}::text) and p.id <> ${profile.id}::bigint`,
      );
      if (taken.rows.length > 0) throw new AppError('access.profile_exists', { name });
      const words = i.description === undefined ? profile.description : i.description === '' ? null : i.description;
      await tx.query(sql`update role_profiles set name = ${name}, description = ${words}::text, roles = ${JSON.stringify(i.roles ?? profile.roles)}::jsonb,
        modified_at = now(), modified_by = ${ctx.actor.name} where id = ${profile.id}::bigint`);
      return profileNamed(ctx, name, tx);
    }),
});

export const deleteRoleProfile = operation({
  name: 'profile.delete',
  summary: {
    en: 'Deletes a role profile; users to whom it was applied keep what they got',
    de: 'Löscht ein Rollenprofil; wer es bekommen hat, behält, was er hat',
  },
  privilege: 'access:write',
  input: byName,
  output: z.strictObject({ deleted: z.string() }),
  audit: auditProfile,
  run: (ctx, i) =>
    ctx.db.transaction(async (tx) => {
      const profile = await profileNamed(ctx, i.name, tx);
      if (profile.rules.length > 0) throw new AppError('access.profile_in_use', { name: profile.name, rules: profile.rules.join(', ') });
      await tx.query(sql`delete from role_profiles p where fold(p.name) = fold(${i.name}::text)`);
      return { deleted: profile.name };
    }),
});

/** Codes exist and are in use, and nobody puts a role into a profile that they may not give. */
async function checkRoles(db: Queryable, actor: Actor, roles: readonly ProfileRole[]): Promise<void> {
  const { rows } = await db.query<{ code: string }>(sql`
    select x.code from unnest(${roles.map((role) => role.type)}::text[]) as x (code)
    where not exists (select from codes c where c.table_name = 'UserRoles' and c.code = x.code and c.enabled)`);
  const unknown = rows[0];
  if (unknown !== undefined) throw new AppError('access.unknown_code', { table: 'UserRoles', code: unknown.code });
  const above = roles.find((role) => !canGrant(actor, role.type));
  if (above !== undefined) throw new AppError('access.more_than_own', { what: above.type });
}

async function profileNamed(ctx: Context, name: string, db: Queryable = ctx.db.pool): Promise<ProfileView> {
  const [profile] = await readProfiles(db, ctx.language, name);
  if (profile === undefined) throw new AppError('access.profile_not_found', { name });
  return profile;
}

interface ProfileRow extends Omit<ProfileView, 'roles'> {
  readonly roles: readonly ProfileRole[];
}

async function readProfiles(db: Queryable, language: Language, name: string | null): Promise<ProfileView[]> {
  const { rows } = await db.query<ProfileRow>(sql`
    select p.name, p.description, p.roles, p.modified_at, p.modified_by,
      array(select r.name from role_rule_profiles g join role_rules r on r.id = g.rule_id where g.profile_id = p.id
        order by r.is_default, r.position, r.id) as rules
    from role_profiles p where ${name}::text is null or fold(p.name) = fold(${name}::text) order by fold(p.name)`);
  const labels = await roleLabels(db, language);
  return rows.map((row) => ({
    ...row,
    roles: row.roles.map((role) => ({
      type: role.type,
      label: labels.get(role.type) ?? role.type,
      scope: role.scope,
      parameters: role.parameters,
      expiry_date: role.expiry_date ?? null,
    })),
  }));
}
