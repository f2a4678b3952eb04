/**
 * Role assignment rules: the first rule in use whose condition a user meets says which profiles they
 * get; the default rule counts when no other does. Rules are applied to users who are created without
 * roles, and on demand by the change `recalculate_roles`.
 */
import type { PoolClient } from 'pg';
import sql, { type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { type Actor, AppError, operation, type Queryable } from '../core/index.ts';
import { checkFilterFor, type Filter, filterSchema, formatFilter, parseFilter } from '../filters/index.ts';
import { entryName } from './profiles.ts';
import { canGrant } from './roles.ts';

const description = z.string().trim().max(2_000);

const ruleView = z.strictObject({
  name: z.string(),
  description: z.string().nullable(),
  /** From 1; null: the default rule, after all others. */
  position: z.number().int().nullable(),
  enabled: z.boolean(),
  is_default: z.boolean(),
  /** The condition in the text form of filters; null for the default rule. */
  when: z.string().nullable(),
  /** The same as JSON. */
  condition: z.unknown(),
  profiles: z.array(z.string()),
  modified_at: z.string(),
  modified_by: z.string().nullable(),
});
export type RuleView = z.output<typeof ruleView>;

const content = {
  description: description.optional(),
  /** Condition in the text form of filters … */
  when: z.string().min(1).max(10_000).optional(),
  /** … or as JSON. */
  condition: filterSchema.optional(),
  /** Names of the profiles, in their order. */
  profiles: z.array(entryName).max(50),
  /** Place in the order, from 1; last when left out. */
  position: z.number().int().min(1).max(10_000).optional(),
  enabled: z.boolean(),
};

const byName = z.strictObject({ name: entryName });
const auditRule = (i: { readonly name: string }) => ({ entity: 'rule', id: i.name });

export const createRule = operation({
  name: 'rule.create',
  summary: {
    en: 'Makes a role assignment rule; without a condition it is the default rule',
    de: 'Legt eine Rollenzuweisungsregel an; ohne Bedingung ist es die Standardregel',
  },
  privilege: 'access:write',
  input: z.strictObject({ name: entryName, ...content, enabled: content.enabled.default(true) }),
  output: ruleView,
  audit: auditRule,
  run: (ctx, i) =>
    ctx.db.transaction(async (tx) => {
      await lockRules(tx);
      const condition = conditionOf(ctx.actor, i) ?? null;
      await checkFree(tx, i.name, null);
      if (condition === null) await checkNoDefault(tx, null);
      const profiles = await profileIds(tx, ctx.actor, i.profiles);
      const { rows } = await tx.query<{ id: number }>(sql`
        insert into role_rules (name, description, position, enabled, is_default, condition, created_by, modified_by)
        values (${i.name}, ${i.description ?? null}, 2147483647, ${i.enabled}::boolean, ${condition === null}::boolean,
          ${jsonOf(condition)}::jsonb, ${ctx.actor.name}, ${ctx.actor.name}) returning id`);
      const id = rows[0]?.id ?? 0;
      await setProfiles(tx, id, profiles);
      await renumber(tx, id, i.position);
      return ruleNamed(tx, i.name);
    }),
});

export const listRules = operation({
  name: 'rule.list',
  summary: { en: 'Lists the role assignment rules in their order', de: 'Listet die Rollenzuweisungsregeln in ihrer Reihenfolge' },
  privilege: 'access:read',
  input: z.strictObject({}),
  output: z.strictObject({ rules: z.array(ruleView) }),
  audit: () => ({ entity: 'rule', id: null }),
  run: async (ctx) => ({ rules: await readRules(ctx.db.pool, null) }),
});

export const showRule = operation({
  name: 'rule.show',
  summary: { en: 'Shows a role assignment rule', de: 'Zeigt eine Rollenzuweisungsregel' },
  privilege: 'access:read',
  input: byName,
  output: ruleView,
  audit: auditRule,
  run: (ctx, i) => ruleNamed(ctx.db.pool, i.name),
});

export const updateRule = operation({
  name: 'rule.update',
  summary: { en: 'Changes a role assignment rule; what is left out stays', de: 'Ändert eine Rollenzuweisungsregel; was fehlt, bleibt' },
  privilege: 'access:write',
  input: z.strictObject({
    name: entryName,
    new_name: entryName.optional(),
    ...content,
    profiles: content.profiles.optional(),
    enabled: content.enabled.optional(),
  }),
  output: ruleView,
  audit: auditRule,
  run: (ctx, i) =>
    ctx.db.transaction(async (tx) => {
      await lockRules(tx);
      const { rows } = await tx.query<{ id: number; name: string; description: string | null; enabled: boolean; is_default: boolean }>(sql`
        select r.id, r.name, r.description, r.enabled, r.is_default from role_rules r where fold(r.name) = fold(${i.name}::text)`);
      const rule = rows[0];
      if (rule === undefined) throw new AppError('access.rule_not_found', { name: i.name });
      const before = await ruleNamed(tx, rule.name);
      const condition = conditionOf(ctx.actor, i);
      if (condition !== undefined && rule.is_default) throw new AppError('access.rule_condition', {});
      const name = i.new_name ?? rule.name;
      await checkFree(tx, name, rule.id);
      const profiles = await profileIds(tx, ctx.actor, i.profiles ?? before.profiles);
      const words = i.description === undefined ? rule.description : i.description === '' ? null : i.description;
      const next = condition === undefined ? sql`condition` : sql`${jsonOf(condition)}::jsonb`;
      await tx.query(sql`update role_rules set name = ${name}, description = ${words}::text, enabled = ${i.enabled ?? rule.enabled}::boolean,
        condition = ${next}, modified_at = now(), modified_by = ${ctx.actor.name} where id = ${rule.id}::bigint`);
      if (i.profiles !== undefined) await setProfiles(tx, rule.id, profiles);
      if (i.position !== undefined) await renumber(tx, rule.id, i.position);
      return ruleNamed(tx, name);
    }),
});

export const deleteRule = operation({
  name: 'rule.delete',
  summary: { en: 'Deletes a role assignment rule', de: 'Löscht eine Rollenzuweisungsregel' },
  privilege: 'access:write',
  input: byName,
  output: z.strictObject({ deleted: z.string() }),
  audit: auditRule,
  run: (ctx, i) =>
    ctx.db.transaction(async (tx) => {
      await lockRules(tx);
      const rule = await ruleNamed(tx, i.name);
      await tx.query(sql`delete from role_rules r where fold(r.name) = fold(${i.name}::text)`);
      await renumber(tx, null, undefined);
      return { deleted: rule.name };
    }),
});

/** Rules have an order, so only one person at a time changes any of them. */
async function lockRules(tx: PoolClient): Promise<void> {
  await tx.query('lock table role_rules in share row exclusive mode');
}

interface Given {
  readonly when?: string | undefined;
  readonly condition?: Filter | undefined;
}

/** Undefined: none was given. */
function conditionOf(actor: Actor, { when, condition }: Given): Filter | undefined {
  if (when !== undefined && condition !== undefined) throw new AppError('access.rule_condition', {});
  const filter = when === undefined ? condition : parseFilter(when);
  if (filter !== undefined) checkFilterFor(actor, filter);
  return filter;
}

function jsonOf(value: Filter | null): string | null {
  return value === null ? null : JSON.stringify(value);
}

async function checkFree(tx: PoolClient, name: string, id: number | null): Promise<void> {
  const { rows } = await tx.query(
    sql`select from role_rules r where fold(r.name) = fold(${name}::text) and r.id is distinct from ${id}::bigint`,
  );
  if (rows.length > 0) throw new AppError('access.rule_exists', { name });
}

async function checkNoDefault(tx: PoolClient, id: number | null): Promise<void> {
  const { rows } = await tx.query<{ name: string }>(
    sql`select r.name from role_rules r where r.is_default and r.id is distinct from ${id}::bigint`,
  );
  const other = rows[0];
  if (other !== undefined) throw new AppError('access.default_rule_exists', { name: other.name });
}

/** Numbers of the profiles; nobody has a rule give a role that they may not give. */
async function profileIds(tx: PoolClient, actor: Actor, names: readonly string[]): Promise<number[]> {
  const ids: number[] = [];
  for (const name of names) {
    const { rows } = await tx.query<{ id: number; roles: { type: string }[] }>(
      sql`select p.id, p.roles from role_profiles p where fold(p.name) = fold(${name}::text) for share`,
    );
    const profile = rows[0];
    if (profile === undefined) throw new AppError('access.profile_not_found', { name });
    const above = profile.roles.find((role) => !canGrant(actor, role.type));
    if (above !== undefined) throw new AppError('access.more_than_own', { what: above.type });
    if (!ids.includes(profile.id)) ids.push(profile.id);
  }
  return ids;
}

async function setProfiles(tx: PoolClient, ruleId: number, profiles: readonly number[]): Promise<void> {
  await tx.query(sql`delete from role_rule_profiles g where g.rule_id = ${ruleId}::bigint`);
  await tx.query(sql`insert into role_rule_profiles (rule_id, profile_id, position)
    select ${ruleId}::bigint, x.id, x.place from unnest(${profiles}::bigint[]) with ordinality as x (id, place)`);
}

/** Places count from 1 without gaps; `moved` goes to `position`, or to the end. */
async function renumber(tx: PoolClient, moved: number | null, position: number | undefined): Promise<void> {
  const { rows } = await tx.query<{ id: number }>('select r.id from role_rules r where not r.is_default order by r.position, r.id');
  const ids = rows.map((row) => row.id).filter((id) => id !== moved || position === undefined);
  if (moved !== null && position !== undefined && rows.some((row) => row.id === moved)) ids.splice(position - 1, 0, moved);
  await tx.query(
    sql`update role_rules r set position = x.place from unnest(${ids}::bigint[]) with ordinality as x (id, place) where r.id = x.id`,
  );
}

async function ruleNamed(db: Queryable, name: string): Promise<RuleView> {
  const [rule] = await readRules(db, name);
  if (rule === undefined) throw new AppError('access.rule_not_found', { name });
  return rule;
}

async function readRules(db: Queryable, name: string | null): Promise<RuleView[]> {
  const only: Sql = name === null ? sql`true` : sql`fold(r.name) = fold(${name}::text)`;
  const { rows } = await db.query<Omit<RuleView, 'when'> & { condition: Filter | null }>(sql`
    select r.name, r.description, case when not r.is_default then r.position end as position, r.enabled, r.is_default, r.condition,
      array(select p.name from role_rule_profiles g join role_profiles p on p.id = g.profile_id where g.rule_id = r.id order by g.position) as profiles,
      r.modified_at, r.modified_by
    from role_rules r where ${only} order by r.is_default, r.position, r.id`);
  return rows.map((row) => ({ ...row, when: row.condition === null ? null : formatFilter(row.condition) }));
}
