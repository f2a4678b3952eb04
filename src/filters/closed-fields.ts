import { type Actor, AppError, type FieldGroup } from '../core/index.ts';
import { closedTo, groupOf } from '../users/index.ts';
import { USER_SCOPE } from './field-registry.ts';
import type { Filter } from './tree.ts';

/** The groups of fields that a filter asks for. */
export function groupsAsked(filter: Filter): readonly FieldGroup[] {
  if ('and' in filter) return filter.and.flatMap(groupsAsked);
  if ('or' in filter) return filter.or.flatMap(groupsAsked);
  if ('not' in filter) return groupsAsked(filter.not);
  if ('everyone' in filter) return [];
  const name = 'has' in filter ? (USER_SCOPE.children.get(filter.has)?.table ?? filter.has) : filter.field;
  const group = groupOf(name);
  return group === undefined ? [] : [group];
}

/** Who may not see a field may not ask for it either. Throws `access.field_closed`. */
export function checkFilterFor(actor: Actor, filter: Filter): void {
  const closed = closedTo(actor);
  if (closed.length === 0) return;
  const asked = closed.filter((group) => groupsAsked(filter).includes(group));
  if (asked.length > 0) throw new AppError('access.field_closed', { groups: asked.join(', ') });
}
