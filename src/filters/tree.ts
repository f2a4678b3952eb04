/**
 * The filter tree: what a logical set, a search and a plan's condition are made of. It is data
 * (JSON), closed, and means the same everywhere; `compileFilter` makes SQL of it.
 *
 * Two-valued: an empty field is never equal, less, greater or containing; `!=` is `not =` and so
 * true of an empty field.
 */

export type Filter = Everyone | AllOf | AnyOf | Not | Comparison | Has;

export interface Everyone {
  readonly everyone: true;
}

export interface AllOf {
  readonly and: readonly Filter[];
}

export interface AnyOf {
  readonly or: readonly Filter[];
}

export interface Not {
  readonly not: Filter;
}

/** One field against nothing, one value or a list. */
export type Comparison =
  | { readonly field: string; readonly op: EmptinessOperator }
  | { readonly field: string; readonly op: 'in'; readonly value: readonly Value[] }
  | { readonly field: string; readonly op: ValueOperator; readonly value: Value };

/** A child row of the user (`block`, `role`, …) that meets `where`; with `count`, how many such rows there are. */
export interface Has {
  readonly has: string;
  /** Over the child's own fields; absent: any row. */
  readonly where?: Filter;
  /** Absent: at least one. */
  readonly count?: Count;
}

export interface Count {
  readonly op: OrderOperator;
  readonly value: number;
}

export const ORDER_OPERATORS = ['=', '!=', '<', '<=', '>', '>='] as const;
export type OrderOperator = (typeof ORDER_OPERATORS)[number];

export const TEXT_OPERATORS = ['contains', 'starts_with', 'ends_with'] as const;
export type TextOperator = (typeof TEXT_OPERATORS)[number];

export const EMPTINESS_OPERATORS = ['is_empty', 'is_not_empty'] as const;
export type EmptinessOperator = (typeof EMPTINESS_OPERATORS)[number];

export type ValueOperator = OrderOperator | TextOperator;
export type Operator = ValueOperator | EmptinessOperator | 'in';

/** A text or code, a date `YYYY-MM-DD`, a number, a truth value, or a date counted from today. */
export type Value = string | number | boolean | RelativeDate;

/** `today` moved by the shift; or the last day of the month in which that lies. */
export type RelativeDate = { readonly today: Shift } | { readonly end_of_month: Shift };

/** Whole numbers, negative ones for the past. Years and months are added first, then weeks and days. */
export interface Shift {
  readonly years?: number;
  readonly months?: number;
  readonly weeks?: number;
  readonly days?: number;
}

export const SHIFT_UNITS = ['years', 'months', 'weeks', 'days'] as const;
export type ShiftUnit = (typeof SHIFT_UNITS)[number];
