/**
 * The role assignment rules where users are made: in the merge of a file (set-based, see
 * `giveRuleRoles`), and for a single user who was written just now (`applyRoleRules`). What an actor
 * may not give by hand, the rules do not give in their name either; it is left out and told.
 */
import type { PoolClient } from 'pg';
import sql, { join, type Sql } from 'sql-template-tag';
import { choiceSql, type GivenRole, type ProfileRole, roleRow, rolesGiven, rulesInUse, type SettledRule } from './role-profiles.ts';

export interface RuleRoles {
  /** Roles that were given. */
  readonly given: number;
  /** Roles that the rules have for the user and the actor may not give. */
  readonly leftOut: number;
}

/** `(by, type, scope, status, parameters, expiry_date, place)`: every role of the rules, and the numbers of the rules that give it. */
function givenRows(given: readonly GivenRole[], today: string): Sql {
  const rows = given.map(({ role, by }, place) => {
    const row = roleRow(role, today);
    return sql`(${by}::integer[], ${row.type}, ${row.scope}, ${row.status}, ${row.parameters}, ${row.expiry_date}, ${place}::integer)`;
  });
  return sql`(values ${join(rows, ', ')}) as g (by, type, scope, status, parameters, expiry_date, place)`;
}

/** The rules, when there are any that give something. */
export async function rulesThatGive(tx: PoolClient): Promise<readonly SettledRule[]> {
  const rules = await rulesInUse(tx);
  return rules.some((rule) => rule.roles.length > 0) ? rules : [];
}

/**
 * In a merge: plans the rules' roles for the new users without roles in the file, who and whose other
 * rows are written already. `range` is a condition over `merge_touched t`.
 */
export async function giveRuleRoles(
  tx: PoolClient,
  rules: readonly SettledRule[],
  options: { readonly today: string; readonly range: Sql; readonly notGranted: (type: Sql) => Sql },
): Promise<RuleRoles> {
  const { rows } = await tx.query<RuleRoles>(sql`
    with chosen as (
      select t.no, ${choiceSql(rules, options.today, 'u')} as choice
      from merge_touched t join users u on u.id = t.user_id
      where t.is_new and ${options.range} and not exists (select from staged_user_roles s where s.no = t.no)),
    wanted as (
      select c.no, g.*, coalesce(${options.notGranted(sql`g.type`)}, false) as above
      from chosen c join ${givenRows(rolesGiven(rules), options.today)} on c.choice = any (g.by)),
    planned as (
      insert into merge_user_roles (no, op, id, pos, type, scope, status, parameters, expiry_date)
      select w.no, 'add', nextval(pg_get_serial_sequence('user_roles', 'id')), w.place, w.type, w.scope, w.status, w.parameters, w.expiry_date
      from wanted w where not w.above)
    select count(*) filter (where not w.above)::integer as given, count(*) filter (where w.above)::integer as "leftOut" from wanted w`);
  return rows[0] ?? { given: 0, leftOut: 0 };
}

export interface ApplyRulesOptions {
  readonly userId: number;
  readonly today: string;
  /** Name of whoever acts. */
  readonly actor: string;
  /** Which roles they may give. */
  readonly mayGive: (type: string) => boolean;
  /** The run that wrote the user just now, in this transaction; null: none did, and one is made when there is something to give. */
  readonly runId: number | null;
  /** Name of that run. */
  readonly name: string;
}

/**
 * Gives one user, written before in this transaction, the roles that the rules have for them, unless
 * they hold them; journalled with the run.
 */
export async function applyRoleRules(tx: PoolClient, options: ApplyRulesOptions): Promise<RuleRoles> {
  const rules = await rulesThatGive(tx);
  if (rules.length === 0) return { given: 0, leftOut: 0 };
  const { rows } = await tx.query<{ choice: number }>(sql`
    select ${choiceSql(rules, options.today, 'u')} as choice from users u where u.id = ${options.userId}::bigint`);
  const own = rolesGiven(rules.slice((rows[0]?.choice ?? 0) - 1, rows[0]?.choice ?? 0)).map(({ role }) => role);
  const allowed = own.filter((role) => options.mayGive(role.type));
  const entries = await addRoles(tx, allowed, options);
  if (entries.length > 0) await note(tx, entries, options);
  return { given: entries.length, leftOut: own.length - allowed.length };
}

async function addRoles(tx: PoolClient, roles: readonly ProfileRole[], { userId, today }: ApplyRulesOptions): Promise<object[]> {
  if (roles.length === 0) return [];
  const added = await tx.query<{ entry: object }>(sql`
    insert into user_roles as r (user_id, type, scope, status, parameters, expiry_date)
    select ${userId}::bigint, g.type, g.scope, g.status, g.parameters, g.expiry_date
    from ${givenRows(
      roles.map((role) => ({ role, by: [1] })),
      today,
    )}
    where not exists (select from user_roles h where h.user_id = ${userId}::bigint and h.type = g.type and h.scope = g.scope and h.parameters = g.parameters)
    order by g.place
    returning jsonb_build_object('table', 'user_roles', 'op', 'add', 'id', r.id, 'change', 0, 'changes', jsonb_build_array(0),
      'after', jsonb_strip_nulls(to_jsonb(r) - 'user_id')) as entry`);
  return added.rows.map((row) => row.entry);
}

async function note(tx: PoolClient, entries: readonly object[], options: ApplyRulesOptions): Promise<void> {
  const json = JSON.stringify(entries);
  if (options.runId !== null) {
    await tx.query(sql`update journal j set diff = jsonb_set(j.diff, '{rows}', coalesce(j.diff -> 'rows', '[]') || ${json}::jsonb)
      where j.run_id = ${options.runId}::bigint and j.user_id = ${options.userId}::bigint`);
    await tx.query(sql`update runs r set touches = jsonb_set(r.touches, '{tables}', (r.touches -> 'tables') || '"user_roles"')
      where r.id = ${options.runId}::bigint and not r.touches -> 'tables' ? 'user_roles'`);
    return;
  }
  const counts = JSON.stringify({ members: 1, changed: 1, unchanged: 0, skipped: 0, failed: 0 });
  const user = sql`${options.userId}::bigint`;
  await tx.query(sql`
    with run as (
      insert into runs (kind, name, state, plan, today, touches, words, members, counts, created_by, started_at, finished_at)
      values ('edit', ${options.name}::text, 'COMPLETED_SUCCESS', ${'{"changes":[{"change":"recalculate_roles"}]}'}::jsonb, ${options.today}::date,
        ${'{"scalars":{},"tables":["user_roles"]}'}::jsonb,
        ${'[{"kind":"recalculate_roles","en":"Recalculate roles","de":"Rollen neu berechnen"}]'}::jsonb,
        1, ${counts}::jsonb, ${options.actor}::text, now(), clock_timestamp())
      returning id),
    chunk as (
      insert into run_chunks (run_id, no, first_user, last_user, members, user_ids, state, counts, finished_at)
      select r.id, 0, ${user}, ${user}, 1, array[${user}], 'done', ${counts}::jsonb, now() from run r),
    written as (update users u set version = u.version + 1, modified_at = now(), modified_by = ${options.actor}::text where u.id = ${user})
    insert into journal (run_id, user_id, diff)
    select r.id, ${user}, jsonb_build_object('fields', '{}'::jsonb, 'rows', ${json}::jsonb) from run r`);
}
