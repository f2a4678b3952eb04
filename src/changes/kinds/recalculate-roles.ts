/**
 * Gives users the roles that the role assignment rules have for them: those of the profiles of the
 * first rule in use whose condition the user meets, else those of the default rule. Conditions read
 * the record as it was before the plan. With `remove_others` roles also go that profiles of the rules
 * name and the user's own rule does not give (any more); roles that no rule names always stay.
 */
import sql, { join, raw, type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { type ChangeEffects, changeKind, type Effect, type ValueOf } from '../kind.ts';
import { choiceSql, type GivenRole, roleRow, rolesGiven, rulesInUse, sameRole, settledRule } from '../role-profiles.ts';
import { checkGrantable, ROLE_IDENTITY } from './role-profile.ts';

const input = z.strictObject({
  remove_others: z.boolean().optional(),
  /** Written in by Muster: the rules in use when the plan is previewed or started. */
  rules: z.array(settledRule).max(1_000).optional(),
});

type Input = z.output<typeof input>;

/** The user's rule is one of these. */
function chosen(value: ValueOf, by: readonly number[]): Sql {
  return sql`${value('choice')} = any (${by}::integer[])`;
}

/** Rows that are one of the roles of the rules, and not one that the user's own rule gives. */
function otherThanGiven(given: readonly GivenRole[], row: string, value: ValueOf): Sql {
  const byRole = new Map<string, { given: GivenRole; by: number[] }>();
  for (const each of given) {
    const known = byRole.get(sameRole(each.role)) ?? { given: each, by: [] };
    known.by.push(...each.by);
    byRole.set(sameRole(each.role), known);
  }
  const tests = [...byRole.values()].map(
    ({ given: { role }, by }) => sql`(${raw(`${row}.type`)} = ${role.type}::text and ${raw(`${row}.scope`)} = ${role.scope}::text
      and ${raw(`${row}.parameters`)} = ${JSON.stringify(role.parameters)}::jsonb and not ${chosen(value, by)})`,
  );
  return tests.length === 0 ? sql`false` : join(tests, ' or ', '(', ')');
}

export const recalculateRoles = changeKind<Input>({
  kind: 'recalculate_roles',
  label: { en: 'Recalculate roles', de: 'Rollen neu berechnen' },
  help: {
    en: 'Gives the roles that the role assignment rules have for the user; takes away what other rules give only with "remove_others". Conditions see the record as it was before the plan.',
    de: 'Vergibt die Rollen, die die Rollenzuweisungsregeln für den Benutzer vorsehen; nimmt, was andere Regeln vergeben, nur mit "remove_others" weg. Bedingungen sehen den Datensatz vor dem Plan.',
  },
  privilege: 'jobs:run',
  input,
  examples: [{ change: 'recalculate_roles' }, { change: 'recalculate_roles', remove_others: true }],
  settledBy: 'rules',
  settle: async (value, db) => ({ ...value, rules: await rulesInUse(db) }),
  codes: (value) => rolesGiven(value.rules ?? []).map(({ role }) => ['UserRoles', role.type] as const),
  describe: (value, language) => {
    const rules = (value.rules ?? []).map((rule) => rule.name).join(', ') || '–';
    const de = language === 'de';
    const also = value.remove_others !== true ? '' : de ? '; Rollen anderer Regeln entfernen' : '; remove roles of other rules';
    return de ? `Rollen neu berechnen nach den Regeln ${rules}${also}` : `Recalculate roles by the rules ${rules}${also}`;
  },
  compile: (value, scope): ChangeEffects => {
    const rules = value.rules ?? [];
    const given = rolesGiven(rules);
    checkGrantable(
      given.map(({ role }) => role),
      scope,
    );
    const adds = given.map(
      ({ role, by }): Effect => ({
        effect: 'add',
        table: 'user_roles',
        row: () => roleRow(role, scope.today),
        identity: ROLE_IDENTITY,
        when: (v) => chosen(v, by),
      }),
    );
    const removal: readonly Effect[] =
      value.remove_others === true ? [{ effect: 'remove', table: 'user_roles', match: (row, v) => otherThanGiven(given, row, v) }] : [];
    return {
      effects: [...removal, ...adds],
      choice: choiceSql(rules, scope.today, 'u'),
      isEmpty: sql`not exists (select from user_roles e where e.user_id = u.id)`,
    };
  },
});
