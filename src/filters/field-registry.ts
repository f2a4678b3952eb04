import { CHILD_TABLES, type ChildTable, type Field, type FieldType, PROTECTED_SCALARS, SCALARS } from '../users/index.ts';
import { nearest } from './nearest.ts';
import { excerpt, Problem } from './problem.ts';
import { EMPTINESS_OPERATORS, type Operator, ORDER_OPERATORS, TEXT_OPERATORS } from './tree.ts';

/** A field one can ask for: of a user, or of one kind of child row. */
export interface FilterField {
  /** Name in filters. */
  readonly name: string;
  readonly column: string;
  readonly type: FieldType;
  readonly label: { readonly en: string; readonly de: string };
  readonly codeTable?: string;
  /** All values that there are, where it is Muster that says so and no code table. */
  readonly values?: readonly FieldValue[];
  readonly operators: readonly Operator[];
  /** Loans, requests, fees: a user nobody told us about has none. Emptiness is still told apart. */
  readonly emptyIsZero: boolean;
}

export interface FieldValue {
  readonly value: string;
  readonly label: { readonly en: string; readonly de: string };
}

/** The fields that a condition may name, and the child rows it may ask for (none inside a child row). */
export interface Scope {
  /** `user`, or the child's name. */
  readonly of: string;
  readonly fields: ReadonlyMap<string, FilterField>;
  readonly children: ReadonlyMap<string, ChildScope>;
}

export interface ChildScope extends Scope {
  readonly table: string;
  readonly label: { readonly en: string; readonly de: string };
}

/** What is compared how. Texts have no order here: alphabets differ, and `contains` is what staff need. */
export const OPERATORS_BY_TYPE: Readonly<Record<FieldType, readonly Operator[]>> = {
  text: ['=', '!=', 'in', ...TEXT_OPERATORS, ...EMPTINESS_OPERATORS],
  code: ['=', '!=', 'in', ...TEXT_OPERATORS, ...EMPTINESS_OPERATORS],
  date: [...ORDER_OPERATORS, 'in', ...EMPTINESS_OPERATORS],
  instant: [...ORDER_OPERATORS, 'in', ...EMPTINESS_OPERATORS],
  boolean: ['=', '!=', ...EMPTINESS_OPERATORS],
  integer: [...ORDER_OPERATORS, 'in', ...EMPTINESS_OPERATORS],
  amount: [...ORDER_OPERATORS, 'in', ...EMPTINESS_OPERATORS],
  codes: ['=', '!=', 'in', ...EMPTINESS_OPERATORS],
  json: ['contains', ...EMPTINESS_OPERATORS],
};

/** Short names that the text form takes as well. */
const ALIASES: Readonly<Record<string, string>> = {
  campus: 'campus_code',
  language: 'preferred_language',
  title: 'user_title',
};

const SEGMENT: Field = { name: 'segment', type: 'code', label: { en: 'Segment', de: 'Segment' }, required: true };

function filterField(field: Field, emptyIsZero: boolean): FilterField {
  return {
    name: field.name,
    column: field.name,
    type: field.type,
    label: field.label,
    ...(field.codeTable === undefined ? {} : { codeTable: field.codeTable }),
    operators: OPERATORS_BY_TYPE[field.type],
    emptyIsZero,
  };
}

/** Which protected fields the library holds against the feed. */
const HELD: FilterField = {
  name: 'held',
  column: 'held_fields',
  type: 'codes',
  label: { en: 'Held against the feed', de: 'Gegen den Abgleich festgehalten' },
  values: PROTECTED_SCALARS.map(({ name, label }) => ({ value: name, label })),
  operators: OPERATORS_BY_TYPE.codes,
  emptyIsZero: false,
};

function byName<T extends { readonly name: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.name, item]));
}

function childScope(child: ChildTable): ChildScope {
  const fields: readonly Field[] = child.segmented ? [SEGMENT, ...child.fields] : child.fields;
  return {
    of: child.name,
    table: child.table,
    label: child.label,
    fields: byName(fields.map((field) => filterField(field, false))),
    children: new Map(),
  };
}

/** The fields of the user and the child rows, as `users/record.ts` describes them. */
export const USER_SCOPE: Scope = {
  of: 'user',
  fields: byName([
    ...(SCALARS as readonly Field[]).map((field) => filterField(field, field.type === 'integer' || field.type === 'amount')),
    HELD,
  ]),
  children: new Map((CHILD_TABLES as readonly ChildTable[]).map((child) => [child.name, childScope(child)])),
};

/** The field of that name; throws a `Problem` that names near ones. */
export function findField(scope: Scope, name: string): FilterField {
  const field = scope.fields.get(name);
  if (field !== undefined) return field;
  const suggestions = [
    ...nearest(name, [...scope.fields.keys()]),
    ...nearest(name, [...scope.children.keys()]).map((child) => `has ${child}`),
  ];
  if (suggestions.length > 0) {
    throw Problem.of('unknown_field_near', { field: excerpt(name), suggestions: suggestions.slice(0, 3).join(', ') });
  }
  throw Problem.of('unknown_field', { field: excerpt(name), of: scope.of, known: [...scope.fields.keys()].join(', ') });
}

/** As `findField`, with the short names and letter case of the text form. */
export function findFieldInText(scope: Scope, word: string): FilterField {
  const name = word.toLowerCase();
  const alias = scope === USER_SCOPE && Object.hasOwn(ALIASES, name) ? ALIASES[name] : undefined;
  // A name that does not exist is reported as it was written.
  return scope.fields.get(alias ?? name) ?? findField(scope, word);
}

/** The child rows of that name; throws a `Problem` that names near ones. */
export function findChild(scope: Scope, name: string): ChildScope {
  const child = scope.children.get(name);
  if (child !== undefined) return child;
  const suggestions = nearest(name, [...scope.children.keys()]);
  if (suggestions.length > 0) {
    throw Problem.of('unknown_child_near', { name: excerpt(name), suggestions: suggestions.slice(0, 3).join(', ') });
  }
  throw Problem.of('unknown_child', { name: excerpt(name), known: [...scope.children.keys()].join(', ') });
}
