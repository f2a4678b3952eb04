/** A filter as the page handles it: the server's tree (JSON), looked at from the top. What a text means only the server knows. */

export type Shift = Readonly<Record<string, number>>;
export type Value = string | number | boolean | { readonly today: Shift } | { readonly end_of_month: Shift };

export interface Comparison {
  readonly field: string;
  readonly op: string;
  readonly value?: Value | readonly Value[];
}

export interface Has {
  readonly has: string;
  readonly where?: Node;
  readonly count?: { readonly op: string; readonly value: number };
}

export type Node =
  | Comparison
  | Has
  | { readonly not: Node }
  | { readonly and: readonly Node[] }
  | { readonly or: readonly Node[] }
  | { readonly everyone: true };

/** What the server has sent; null without a filter. */
export function nodeOf(filter: unknown): Node | null {
  return typeof filter === 'object' && filter !== null ? (filter as Node) : null; // the server's own tree
}

/** All conditions have to hold, or one is enough. */
export type Joint = 'and' | 'or';

export function jointOf(filter: Node | null): Joint {
  return filter !== null && 'or' in filter ? 'or' : 'and';
}

/** The conditions that are joined at the top: each becomes a pill. */
export function partsOf(filter: Node | null): readonly Node[] {
  if (filter === null || 'everyone' in filter) return [];
  if ('or' in filter) return filter.or;
  return 'and' in filter ? filter.and : [filter];
}

/** How the sentence begins: of everybody, of what the users are, or of what they have. */
export function startOf(parts: readonly Node[]): 'start_all' | 'start' | 'start_who' {
  const [first] = parts;
  if (first === undefined) return 'start_all';
  if ('and' in first || 'or' in first) return startOf(partsOf(first));
  return 'has' in first || ('not' in first && 'has' in first.not) ? 'start_who' : 'start';
}

export function ofParts(parts: readonly Node[], joint: Joint): Node | null {
  const [first] = parts;
  if (first === undefined) return null;
  if (parts.length === 1) return first;
  return joint === 'or' ? { or: parts } : { and: parts };
}

/** A condition as the form has it. */
export interface Condition {
  /** Kind of row, e.g. `block`; null: a field of the user. */
  readonly child: string | null;
  /** With a kind of row: none such. */
  readonly none: boolean;
  /** Empty with a kind of row: any such row. */
  readonly field: string;
  readonly op: string;
  readonly value: Value | readonly Value[] | undefined;
}

export const NEW_CONDITION: Condition = { child: null, none: false, field: '', op: '', value: undefined };

/** Null of what the form cannot show: it is edited as text. */
export function conditionOf(node: Node): Condition | null {
  if ('field' in node) return { ...NEW_CONDITION, field: node.field, op: node.op, value: node.value };
  const none = 'not' in node;
  const has = none ? node.not : node;
  if (!('has' in has) || has.count !== undefined) return null;
  if (has.where === undefined) return { ...NEW_CONDITION, child: has.has, none };
  if (!('field' in has.where)) return null;
  return { child: has.has, none, field: has.where.field, op: has.where.op, value: has.where.value };
}

export function nodeOfCondition({ child, none, field, op, value }: Condition): Node {
  const comparison: Comparison = { field, op, ...(needsValue(op) && value !== undefined ? { value } : {}) };
  if (child === null) return comparison;
  const has: Has = { has: child, ...(field === '' ? {} : { where: comparison }) };
  return none ? { not: has } : has;
}

export function needsValue(op: string): boolean {
  return op !== 'is_empty' && op !== 'is_not_empty';
}

export function isWhole({ child, field, op, value }: Condition): boolean {
  if (field === '') return child !== null;
  if (op === '') return false;
  if (!needsValue(op)) return true;
  if (op === 'in') return Array.isArray(value) && value.length > 0;
  return value !== undefined && value !== '';
}

/** A text in the filter's text form. */
export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
