/**
 * Roles. Nobody grants or takes away a role that they may not grant; a role that needs a parameter
 * (a desk, a service unit; property `parameter` of its code) is counted as a warning without one.
 */
import sql, { raw } from 'sql-template-tag';
import { AppError } from '../../core/index.ts';
import { type ChildInput, childKind } from '../child-kind.ts';
import type { CompileScope } from '../kind.ts';

/** Where a role holds when a plan doesn't say: the whole institution. */
const INSTITUTION = 'INSTITUTION';

export const role = childKind({
  name: 'role',
  help: {
    en: 'Adds roles (scope, expiry, parameters); edits, activates, deactivates or removes those that match.',
    de: 'Fügt Rollen hinzu (Geltungsbereich, Ablauf, Parameter); ändert, aktiviert, deaktiviert oder entfernt passende.',
  },
  verbs: ['add', 'remove', 'edit', 'activate', 'deactivate'],
  defaults: { scope: INSTITUTION, status: 'ACTIVE', parameters: [] },
  key: 'type',
  examples: [
    { change: 'role', add: { type: '200', expiry_date: '2027-09-30' } },
    { change: 'role', add: { type: '32', parameters: [{ type: 'CirculationDesk', scope: 'MAIN', value: 'DEFAULT_CIRC_DESK' }] } },
    { change: 'role', edit: { match: { type: '200' }, set: { expiry_date: 'today + 1 year' } } },
    { change: 'role', deactivate: { type: '32' } },
    { change: 'role', remove: { type: '221' } },
  ],
  rules: (input, scope) => {
    const grantable = scope.grantableRoles;
    for (const type of namedTypes(input)) {
      if (grantable !== 'all' && !grantable.includes(type)) throw new AppError('changes.role_not_grantable', { role: type });
    }
    return {
      ...(grantable === 'all' ? {} : { matchAlso: (row: string) => sql`${raw(`${row}.type`)} = any (${grantable}::text[])` }),
      ...(lacksParameter(input, scope) ? { warn: [{ reason: 'changes.role_needs_parameter', when: () => sql`true` }] } : {}),
      addIdentity: ['type', 'scope', 'parameters'],
    };
  },
});

function namedTypes(input: ChildInput): string[] {
  return [
    input.add?.['type'],
    input.remove?.['type'],
    input.edit?.match['type'],
    input.edit?.set['type'],
    input.activate?.['type'],
    input.deactivate?.['type'],
  ].filter((t): t is string => typeof t === 'string');
}

function lacksParameter(input: ChildInput, scope: CompileScope): boolean {
  const type = input.add?.['type'];
  if (typeof type !== 'string') return false;
  const given = input.add?.['parameters'];
  return scope.codeProperties('UserRoles', type)['parameter'] !== undefined && !(Array.isArray(given) && given.length > 0);
}
