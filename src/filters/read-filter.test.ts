import { describe, expect, it } from 'vitest';
import { AppError } from '../core/index.ts';
import { type Filter, filterSchema, formatFilter, parseFilter, readFilter } from './index.ts';
import { LIMITS } from './limits.ts';

function refusal(raw: unknown): AppError {
  try {
    readFilter(raw);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  return expect.unreachable('Was read.');
}

const LOANS = { field: 'loans', op: '>', value: 0 };

describe('the JSON form', () => {
  it.each<[string, unknown, Filter]>([
    ['a list of one is that one', { and: [{ or: [{ everyone: true }] }] }, { everyone: true }],
    [
      'zero units are left out',
      { field: 'expiry_date', op: '<', value: { today: { days: 0, months: 1 } } },
      { field: 'expiry_date', op: '<', value: { today: { months: 1 } } },
    ],
    ['minus zero is zero', { field: 'loans', op: '=', value: -0 }, { field: 'loans', op: '=', value: 0 }],
  ])('is canonical: %s', (_, raw, filter) => {
    expect(readFilter(raw)).toEqual(filter);
  });

  it.each<[unknown]>([[{}], [{ and: [] }], [{ or: [] }], [{ not: {} }], [{ and: [LOANS, { or: [] }] }], [{ has: 'block', where: {} }]])(
    'is never empty: %j',
    (raw) => {
      expect(refusal(raw).code).toBe('filters.empty');
    },
  );

  it.each<[unknown, string, Readonly<Record<string, unknown>>]>([
    [null, 'not_a_filter', {}],
    ['everyone', 'not_a_filter', {}],
    [[LOANS], 'not_a_filter', {}],
    [{ nor: [LOANS] }, 'not_a_filter', {}],
    [{ and: [LOANS, 3] }, 'not_a_filter', { path: 'and[1]' }],
    [{ and: LOANS }, 'wrong_shape', { path: 'and' }],
    [{ and: [LOANS], or: [LOANS] }, 'unknown_key', { key: 'or' }],
    [{ everyone: false }, 'wrong_shape', { path: 'everyone' }],
    [{ everyone: true, field: 'loans' }, 'unknown_key', { key: 'field' }],
    [{ ...LOANS, values: [1] }, 'unknown_key', { key: 'values' }],
    [{ field: 'loans', op: 'is_empty', value: 1 }, 'unknown_key', { key: 'value' }],
    [{ not: { has: 'block', were: LOANS } }, 'unknown_key', { path: 'not', key: 'were' }],
    [JSON.parse('{ "everyone": true, "__proto__": {} }'), 'unknown_key', { key: '__proto__' }],
    [{ field: 3, op: '=', value: 1 }, 'wrong_shape', { path: 'field' }],
    [{ field: 'lons', op: '=', value: 1 }, 'unknown_field_near', { path: 'field', suggestions: 'loans' }],
    [{ field: 'Loans', op: '=', value: 1 }, 'unknown_field_near', { suggestions: 'loans' }],
    [{ field: 'id; drop table users', op: 'is_empty' }, 'unknown_field', {}],
    [{ field: 'credential_id', op: 'is_empty' }, 'unknown_field', {}],
    [{ field: '__proto__', op: 'is_empty' }, 'unknown_field', {}],
    [{ field: 'loans', op: '=>', value: 1 }, 'unknown_operator', { path: 'op', operator: '=>' }],
    [{ field: 'loans', op: 'toString', value: 1 }, 'unknown_operator', {}],
    [{ field: 'loans', op: 'contains', value: 1 }, 'operator_unsuitable', { path: 'op' }],
    [{ field: 'loans' }, 'wrong_shape', { path: 'op' }],
    [{ field: 'loans', op: '=' }, 'integer_expected', { path: 'value' }],
    [{ field: 'loans', op: 'in', value: 1 }, 'wrong_shape', { path: 'value' }],
    [{ field: 'loans', op: 'in', value: [] }, 'list_empty', { path: 'value' }],
    [{ field: 'loans', op: 'in', value: [1, '2'] }, 'integer_expected', { path: 'value[1]' }],
    [{ field: 'loans', op: '=', value: Number.NaN }, 'integer_expected', {}],
    [{ field: 'fees', op: '=', value: 1e21 }, 'amount_expected', {}],
    [{ field: 'fees', op: '=', value: 0.001 }, 'amount_expected', {}],
    [{ field: 'fees', op: '=', value: 1e-7 }, 'amount_expected', {}],
    [{ field: 'is_researcher', op: '=', value: 'true' }, 'boolean_expected', {}],
    [{ field: 'last_name', op: '=', value: { raw: 'true' } }, 'text_expected', {}],
    [{ field: 'last_name', op: '=', value: ['a'] }, 'text_expected', {}],
    [{ field: 'last_name', op: '=', value: 'x\0' }, 'bad_characters', { path: 'value' }],
    [{ field: 'last_name', op: '=', value: '\udc00x' }, 'bad_characters', {}],
    [{ field: 'expiry_date', op: '=', value: 'today' }, 'date_expected', {}],
    [{ field: 'expiry_date', op: '=', value: '2027-02-30' }, 'date_not_real', {}],
    [{ field: 'expiry_date', op: '=', value: { today: { hours: 1 } } }, 'date_expected', {}],
    [{ field: 'expiry_date', op: '=', value: { today: { days: 1 }, end_of_month: {} } }, 'date_expected', {}],
    [{ field: 'expiry_date', op: '=', value: { today: { days: 1.5 } } }, 'shift_too_far', {}],
    [{ field: 'expiry_date', op: '=', value: { today: { days: 10 ** 9 } } }, 'shift_too_far', {}],
    [{ has: 'blocks' }, 'unknown_child_near', { path: 'has', suggestions: 'block' }],
    [{ has: ['block'] }, 'wrong_shape', { path: 'has' }],
    [{ has: 'block', where: { has: 'email' } }, 'users_only', { path: 'where' }],
    [{ has: 'block', where: LOANS }, 'unknown_field', { path: 'where.field', of: 'block' }],
    [{ has: 'block', count: 2 }, 'wrong_shape', { path: 'count' }],
    [{ has: 'block', count: { op: 'in', value: 2 } }, 'count_expected', { path: 'count' }],
    [{ has: 'block', count: { op: '>', value: -1 } }, 'count_expected', {}],
    [{ has: 'block', count: { op: '>', value: 1, of: 2 } }, 'unknown_key', { path: 'count', key: 'of' }],
  ])('refuses %j', (raw, code, params) => {
    const error = refusal(raw);
    expect(error.code).toBe(`filters.json.${code}`);
    expect(error.params).toMatchObject(params);
    expect(filterSchema.safeParse(raw).error?.issues).toEqual([expect.objectContaining({ message: error.message })]);
  });
});

describe('a hostile tree', () => {
  it('nested a hundred thousand times is refused', () => {
    let raw: unknown = { everyone: true };
    for (let level = 0; level < 100_000; level++) raw = level % 2 === 0 ? { not: raw } : { and: [raw] };
    expect(refusal(raw).code).toBe('filters.too_deep');
  });

  it('with a million parts is refused', () => {
    expect(refusal({ or: Array(1_000_000).fill(LOANS) }).code).toBe('filters.too_large');
    expect(refusal({ field: 'loans', op: 'in', value: Array(1_000_000).fill(1) }).code).toBe('filters.too_large');
  });

  it('that just keeps to the limits can be written as text and read again', () => {
    const values = Array(149).fill('"\n'.repeat(500));
    const list: Filter = { field: 'last_name', op: 'in', value: values };
    const wide: Filter = {
      or: [list, ...Array<Filter>(LIMITS.conditions - 1).fill({ has: 'letter_preference', count: { op: '>=', value: 1_000_000 } })],
    };
    expect(parseFilter(formatFilter(wide))).toEqual(wide);
    let deep: Filter = { everyone: true };
    for (let level = 1; level < LIMITS.depth; level++)
      deep = level % 2 === 0 ? { and: [deep, { everyone: true }] } : { or: [deep, { everyone: true }] };
    expect(parseFilter(formatFilter(deep))).toEqual(deep);
  });
});
