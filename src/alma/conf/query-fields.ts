/** What a logical set's query may name, and what it means in our filters; spellings are compared by `bare`. */
import type { Filter, Value } from '../../filters/index.ts';

export type Meaning =
  | { readonly kind: 'text' | 'code' | 'date' | 'number'; readonly field: string }
  /** A child row's field. */
  | { readonly kind: 'row'; readonly has: string; readonly field: string; readonly type: 'text' | 'code' }
  /** Whatever one finds a user by. */
  | { readonly kind: 'all' };

const text = (field: string): Meaning => ({ kind: 'text', field });
const code = (field: string): Meaning => ({ kind: 'code', field });
const date = (field: string): Meaning => ({ kind: 'date', field });
const number = (field: string): Meaning => ({ kind: 'number', field });
const row = (has: string, field: string, type: 'text' | 'code' = 'text'): Meaning => ({ kind: 'row', has, field, type });

const MEANINGS: readonly (readonly [names: readonly string[], meaning: Meaning])[] = [
  [['all_full', 'all'], { kind: 'all' }],
  [['primary_id', 'primary_identifier', 'user_name', 'username'], text('primary_id')],
  [['first_name'], text('first_name')],
  [['middle_name'], text('middle_name')],
  [['last_name'], text('last_name')],
  [['user_group', 'group'], code('user_group')],
  [['status', 'user_status'], code('status')],
  [['record_type', 'user_record_type'], code('record_type')],
  [['account_type', 'user_type', 'user_account_type'], code('account_type')],
  [['external_id'], text('external_id')],
  [['campus', 'campus_code'], code('campus_code')],
  [['job_category', 'job_title'], code('job_category')],
  [['job_description'], text('job_description')],
  [['user_title', 'title'], code('user_title')],
  [['gender'], code('gender')],
  [['preferred_language', 'language'], code('preferred_language')],
  [['cataloger_level'], code('cataloger_level')],
  [['expiry_date', 'expiration_date'], date('expiry_date')],
  [['purge_date'], date('purge_date')],
  [['birth_date'], date('birth_date')],
  [['status_date'], date('status_date')],
  [['fines_fees_sum', 'fees', 'fine_fees_sum'], number('fees')],
  [['loans'], number('loans')],
  [['requests'], number('requests')],
  [['identifiers', 'identifier', 'identifier_value', 'user_identifier', 'barcode'], row('identifier', 'value')],
  [['identifier_type', 'id_type'], row('identifier', 'type', 'code')],
  [['email', 'email_address'], row('email', 'address')],
  [['phone', 'phone_number'], row('phone', 'number')],
  [['block_type'], row('block', 'type', 'code')],
  [['block_description', 'block'], row('block', 'description', 'code')],
  [['note', 'note_text', 'notes'], row('note', 'text')],
  [['note_type'], row('note', 'type', 'code')],
  [['statistic_category', 'statistical_category', 'statistics'], row('statistic', 'category', 'code')],
  [['role', 'role_type', 'user_role'], row('role', 'type', 'code')],
];

const BY_NAME: ReadonlyMap<string, Meaning> = new Map(
  MEANINGS.flatMap(([names, meaning]) => names.map((name) => [bareName(name), meaning] as const)),
);

/** One name for each thing that a query may ask for. */
export const QUERY_FIELDS: readonly string[] = MEANINGS.map(([names]) => names[0] ?? '');

export function meaningOf(name: string): Meaning | undefined {
  return BY_NAME.get(bareName(name));
}

function bareName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '');
}

/** The operators of a query: how a value is compared, and whether the outcome is turned round. */
export type QueryOperator = { readonly op: '=' | '<' | '<=' | '>' | '>=' | 'contains' | 'starts_with' | 'is_empty'; readonly not: boolean };

const OPERATORS: Readonly<Record<string, QueryOperator>> = {
  CONTAIN: { op: 'contains', not: false },
  CONTAINS: { op: 'contains', not: false },
  CONTAINS_PHRASE: { op: 'contains', not: false },
  NOT_CONTAIN: { op: 'contains', not: true },
  NOT_CONTAINS: { op: 'contains', not: true },
  STARTS_WITH: { op: 'starts_with', not: false },
  EQUAL: { op: '=', not: false },
  EQUALS: { op: '=', not: false },
  OUTER_EQUAL: { op: '=', not: false },
  NOT_EQUAL: { op: '=', not: true },
  NOT_EQUALS: { op: '=', not: true },
  LESS_THAN: { op: '<', not: false },
  BEFORE: { op: '<', not: false },
  LESS_EQUAL: { op: '<=', not: false },
  GREATER_THAN: { op: '>', not: false },
  AFTER: { op: '>', not: false },
  GREATER_EQUAL: { op: '>=', not: false },
  IS_EMPTY: { op: 'is_empty', not: false },
  IS_NULL: { op: 'is_empty', not: false },
  IS_NOT_EMPTY: { op: 'is_empty', not: true },
  IS_NOT_NULL: { op: 'is_empty', not: true },
};

export const QUERY_OPERATORS: readonly string[] = Object.keys(OPERATORS);

export function operatorOf(word: string): QueryOperator | undefined {
  const name = word.toUpperCase();
  return Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
}

/** What `all_full` looks into. */
export function anywhere(op: 'contains' | 'starts_with' | '=', value: Value): Filter {
  const own = ['primary_id', 'first_name', 'middle_name', 'last_name', 'pref_first_name', 'pref_last_name'];
  return {
    or: [
      ...own.map((field): Filter => ({ field, op, value })),
      { has: 'identifier', where: { field: 'value', op, value } },
      { has: 'email', where: { field: 'address', op, value } },
    ],
  };
}
