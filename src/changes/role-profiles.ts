/**
 * Role profiles and role assignment rules as the changes need them: read from the library, and as SQL.
 * What a plan takes from them is written into the plan when it is previewed and when it starts
 * (`settleChanges`), so that a run does what was previewed, whatever becomes of profiles and rules.
 */
import sql, { join, type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { AppError, type Queryable } from '../core/index.ts';
import { compileFilter, filterSchema } from '../filters/index.ts';
import { dateOrRelative, dateSql, storable } from './input.ts';
import type { NameOf } from './sentence.ts';

/** A role as a profile gives it. */
export const profileRole = z.strictObject({
  type: storable(100),
  scope: storable(255).default('INSTITUTION'),
  parameters: z
    .array(z.strictObject({ type: storable(255), scope: storable(255).nullish(), value: storable(255).nullish() }))
    .max(100)
    .default([]),
  /** A day, or one counted from the day on which the profile is applied: `today + 1 year`. Without it the role does not end. */
  expiry_date: dateOrRelative.optional(),
});
export type ProfileRole = z.output<typeof profileRole>;

export const profileRoles = z.array(profileRole).min(1).max(100);

/** A rule with the roles of all its profiles; without a condition it is the default rule. */
export const settledRule = z.strictObject({
  name: z.string().min(1).max(255),
  condition: filterSchema.optional(),
  roles: z.array(profileRole).max(1_000),
});
export type SettledRule = z.output<typeof settledRule>;

/** The roles of the profile of that name; throws `access.profile_not_found`. */
export async function rolesOfProfile(db: Queryable, name: string): Promise<ProfileRole[]> {
  const { rows } = await db.query<{ roles: unknown }>(sql`select p.roles from role_profiles p where fold(p.name) = fold(${name}::text)`);
  const [profile] = rows;
  if (profile === undefined) throw new AppError('access.profile_not_found', { name });
  return profileRoles.parse(profile.roles);
}

/** The rules in use, in their order, the default rule last. */
export async function rulesInUse(db: Queryable): Promise<SettledRule[]> {
  const { rows } = await db.query<{ name: string; condition: unknown; roles: unknown[] }>(sql`
    select r.name, r.condition, coalesce((
        select jsonb_agg(e.role order by g.position, p.id, e.place)
        from role_rule_profiles g join role_profiles p on p.id = g.profile_id
        cross join lateral jsonb_array_elements(p.roles) with ordinality as e (role, place)
        where g.rule_id = r.id), '[]') as roles
    from role_rules r where r.enabled order by r.is_default, r.position, r.id`);
  return rows.map((row) =>
    settledRule.parse({ name: row.name, ...(row.condition === null ? {} : { condition: row.condition }), roles: row.roles }),
  );
}

/** Over a users row: the number (from 1) of the first rule that counts for the user; 0 when none does. */
export function choiceSql(rules: readonly SettledRule[], today: string, alias: string): Sql {
  const cases = rules.map((rule, i) => {
    const holds = rule.condition === undefined ? sql`true` : compileFilter(rule.condition, { today, alias });
    return sql`when ${holds} then ${i + 1}::integer`;
  });
  return cases.length === 0 ? sql`0` : sql`case ${join(cases, ' ')} else 0 end`;
}

/** A role that rules give, and the numbers of those that do. */
export interface GivenRole {
  readonly role: ProfileRole;
  readonly by: readonly number[];
}

/** Every role of the rules once. Two that differ in their end only are one held role, but two that can be given. */
export function rolesGiven(rules: readonly SettledRule[]): readonly GivenRole[] {
  const found = new Map<string, { role: ProfileRole; by: number[] }>();
  rules.forEach(({ roles }, i) => {
    const seen = new Set<string>();
    for (const role of roles) {
      // A rule whose profiles name a role twice gives it once, as the first profile has it.
      if (seen.has(sameRole(role))) continue;
      seen.add(sameRole(role));
      const key = `${sameRole(role)} ${role.expiry_date ?? ''}`;
      const known = found.get(key) ?? { role, by: [] };
      known.by.push(i + 1);
      found.set(key, known);
    }
  });
  return [...found.values()];
}

/** What makes two roles the same: type, scope, parameters. */
export function sameRole(role: ProfileRole): string {
  return JSON.stringify([role.type, role.scope, role.parameters]);
}

/** The columns of a row of `user_roles`. */
export function roleRow(
  role: ProfileRole,
  today: string,
): Readonly<Record<'type' | 'scope' | 'status' | 'parameters' | 'expiry_date', Sql>> {
  return {
    type: sql`${role.type}::text`,
    scope: sql`${role.scope}::text`,
    status: sql`'ACTIVE'`,
    parameters: sql`${JSON.stringify(role.parameters)}::jsonb`,
    expiry_date: role.expiry_date === undefined ? sql`null::date` : dateSql(role.expiry_date, today),
  };
}

/** "Patron, Circulation Desk Operator (Main Library)" for sentences. */
export function roleWords(roles: readonly ProfileRole[], name: NameOf): string {
  return roles
    .map(({ type, scope }) => {
      const role = name('UserRoles', type);
      return scope === 'INSTITUTION' ? role : `${role} (${name('Scopes', scope)})`;
    })
    .join(', ');
}
