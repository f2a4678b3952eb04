/**
 * Groups of fields that a library may close to a role (`access_roles.closed`): what belongs to them,
 * and records without them. Changes, filters and imports are refused elsewhere with the same lists.
 */
import type { Actor, FieldGroup } from '../core/index.ts';
import type { UserRecord } from './read-record.ts';
import type { ChildTableName, ScalarName } from './record.ts';

interface GroupFields {
  readonly scalars: readonly ScalarName[];
  readonly tables: readonly ChildTableName[];
}

export const GROUP_FIELDS: Readonly<Record<FieldGroup, GroupFields>> = {
  birth_date: { scalars: ['birth_date'], tables: [] },
  notes: { scalars: [], tables: ['user_notes'] },
  addresses: { scalars: [], tables: ['user_addresses'] },
  letters: { scalars: ['preferred_channel'], tables: ['user_letter_preferences'] },
};

/** The groups that are closed to the actor. */
export function closedTo(actor: Actor): readonly FieldGroup[] {
  return actor.kind === 'user' ? actor.rights.closed : [];
}

/** The group that a column of `users` or a child table belongs to. */
export function groupOf(name: string): FieldGroup | undefined {
  const groups = Object.entries(GROUP_FIELDS) as [FieldGroup, GroupFields][]; // the keys of that very object
  return groups.find(([, { scalars, tables }]) => [...scalars, ...tables].some((own) => own === name))?.[0];
}

/** Whether a column of `users` or a child table is closed to the actor. */
export function isClosedTo(actor: Actor, name: string): boolean {
  const group = groupOf(name);
  return group !== undefined && closedTo(actor).includes(group);
}

/** The record as the actor may see it: closed fields empty, closed tables without rows, and both named in `closed`. */
export function recordFor(actor: Actor, record: UserRecord): UserRecord {
  const groups = closedTo(actor);
  if (groups.length === 0) return record;
  const fields = { ...record.fields };
  const rows = { ...record.rows };
  for (const group of groups) {
    for (const name of GROUP_FIELDS[group].scalars) fields[name] = null;
    for (const table of GROUP_FIELDS[group].tables) rows[table] = [];
  }
  return { ...record, fields, rows, closed: groups.flatMap((group) => [...GROUP_FIELDS[group].scalars, ...GROUP_FIELDS[group].tables]) };
}

interface Difference {
  readonly fields: Readonly<Record<string, readonly [unknown, unknown]>>;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** Before and after as the actor may see them. */
export function differenceFor<D extends Difference>(actor: Actor, difference: D): D {
  if (closedTo(actor).length === 0) return difference;
  return {
    ...difference,
    fields: Object.fromEntries(Object.entries(difference.fields).filter(([name]) => !isClosedTo(actor, name))),
    rows: difference.rows.filter((row) => !isClosedTo(actor, String(row['table']))),
  };
}
