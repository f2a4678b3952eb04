/** For which of the set's users a change is meant: in a form that can be clicked together, and as the filter text that a plan has. */
import type { FormValue } from '../../components/index.ts';

/** One comparison, e.g. `user_group = "ALUMNI"`; with `child`, of one of the user's rows. */
export interface FilterRow {
  readonly key: string;
  readonly child: string | null;
  readonly field: string;
  readonly op: string;
  /** As it was typed; several, joined by commas, for `in`. */
  readonly value: string;
  /** Type of the field: what is quoted. */
  readonly type: string;
}

export type Condition =
  | { readonly kind: 'always' | 'if_empty' | 'if_not_empty' | 'earlier' | 'later' }
  | { readonly kind: 'filter'; readonly rows: readonly FilterRow[]; readonly any: boolean }
  | { readonly kind: 'text'; readonly text: string };

const COMPARE = { earlier: '<', later: '>' } as const;

interface Conditioned {
  readonly change: string;
  readonly input: FormValue;
  readonly condition: Condition;
}

/** The `when` of a plan; undefined: for everybody. */
export function whenOf({ change, input, condition }: Conditioned): string | undefined {
  switch (condition.kind) {
    case 'always':
      return undefined;
    case 'if_empty':
    case 'if_not_empty':
      return condition.kind;
    case 'earlier':
    case 'later':
      return typeof input['set'] === 'string' && input['set'] !== '' ? `${change} ${COMPARE[condition.kind]} ${input['set']}` : undefined;
    case 'filter': {
      const text = filterText(condition.rows, condition.any);
      return text === '' ? undefined : text;
    }
    case 'text':
      return condition.text.trim() === '' ? undefined : condition.text.trim();
  }
}

/** What a plan's `when` is here. A filter as JSON stays what it is: the server reads it as text, too. */
export function readCondition(when: unknown, change: string, input: FormValue): Condition {
  if (when === undefined || when === 'always') return { kind: 'always' };
  if (when === 'if_empty' || when === 'if_not_empty') return { kind: when };
  if (typeof when !== 'string') return { kind: 'text', text: JSON.stringify(when) };
  if (typeof input['set'] === 'string') {
    if (when === `${change} < ${input['set']}`) return { kind: 'earlier' };
    if (when === `${change} > ${input['set']}`) return { kind: 'later' };
  }
  return { kind: 'text', text: when };
}

const WITHOUT_VALUE = ['is_empty', 'is_not_empty'];
const BARE = ['date', 'instant', 'integer', 'amount', 'boolean'];
/** Operators whose words in the text form differ from their names. */
const IN_WORDS: Readonly<Record<string, string>> = {
  starts_with: 'starts with',
  ends_with: 'ends with',
  is_empty: 'is empty',
  is_not_empty: 'is not empty',
};

export function needsValue(op: string): boolean {
  return !WITHOUT_VALUE.includes(op);
}

/** A row that says nothing yet is left out. */
export function isWhole(row: FilterRow): boolean {
  if (row.child !== null && row.field === '') return true;
  return row.field !== '' && (!needsValue(row.op) || row.value.trim() !== '');
}

/** The rows in the text form of filters. */
export function filterText(rows: readonly FilterRow[], any: boolean): string {
  return rows
    .filter(isWhole)
    .map(rowText)
    .join(any ? ' or ' : ' and ');
}

function rowText({ child, field, op, value, type }: FilterRow): string {
  if (child !== null && field === '') return `has ${child}`;
  const said = !needsValue(op) ? `${field} ${IN_WORDS[op]}` : `${field} ${IN_WORDS[op] ?? op} ${valueText(op, value, type)}`;
  return child === null ? said : `has ${child}(${said})`;
}

function valueText(op: string, value: string, type: string): string {
  const one = (text: string): string => (BARE.includes(type) ? text.trim() : `"${text.trim().replace(/["\\]/g, '\\$&')}"`);
  if (op !== 'in') return one(value);
  return `(${value
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(one)
    .join(', ')})`;
}
