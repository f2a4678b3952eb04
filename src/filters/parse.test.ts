import { describe, expect, it } from 'vitest';
import { AppError } from '../core/index.ts';
import { type Filter, formatFilter, parseFilter } from './index.ts';

function refusal(text: string): AppError {
  try {
    parseFilter(text);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  return expect.unreachable(`Was read: ${text.slice(0, 80)}`);
}

describe('the text form', () => {
  it.each<[string, Filter]>([
    ['everyone', { everyone: true }],
    [
      'expiry_date = 2032-01-31 and job_description = "x"',
      {
        and: [
          { field: 'expiry_date', op: '=', value: '2032-01-31' },
          { field: 'job_description', op: '=', value: 'x' },
        ],
      },
    ],
    [
      'user_group in ("A", "B") and expiry_date < today + 30 days',
      {
        and: [
          { field: 'user_group', op: 'in', value: ['A', 'B'] },
          { field: 'expiry_date', op: '<', value: { today: { days: 30 } } },
        ],
      },
    ],
    [
      'not has block(description = "02-GLOBAL" and status = "ACTIVE")',
      {
        not: {
          has: 'block',
          where: {
            and: [
              { field: 'description', op: '=', value: '02-GLOBAL' },
              { field: 'status', op: '=', value: 'ACTIVE' },
            ],
          },
        },
      },
    ],
    ['loans > 0', { field: 'loans', op: '>', value: 0 }],
    ['has email', { has: 'email' }],
    ['not has email', { not: { has: 'email' } }],
    ['first_name is empty', { field: 'first_name', op: 'is_empty' }],
    ['first_name is not empty', { field: 'first_name', op: 'is_not_empty' }],
    ['last_name contains "ä"', { field: 'last_name', op: 'contains', value: 'ä' }],
    ['last_name starts with "Mc"', { field: 'last_name', op: 'starts_with', value: 'Mc' }],
    ['last_name ends with "son"', { field: 'last_name', op: 'ends_with', value: 'son' }],
    ['last_name = "say \\"hi\\" \\\\ \\n\\t\\r"', { field: 'last_name', op: '=', value: 'say "hi" \\ \n\t\r' }],
    ['last_name = "李小龍 محمد 👩‍👩‍👧"', { field: 'last_name', op: '=', value: '李小龍 محمد 👩‍👩‍👧' }],
    ['external_id = "2032-01-31"', { field: 'external_id', op: '=', value: '2032-01-31' }],
    ['external_id = "today"', { field: 'external_id', op: '=', value: 'today' }],
    ['fees >= -12.5', { field: 'fees', op: '>=', value: -12.5 }],
    ['is_researcher != true', { field: 'is_researcher', op: '!=', value: true }],
    ['expiry_date <= today', { field: 'expiry_date', op: '<=', value: { today: {} } }],
    [
      'expiry_date = today + 1 year - 2 months + 1 week - 10 days',
      { field: 'expiry_date', op: '=', value: { today: { years: 1, months: -2, weeks: 1, days: -10 } } },
    ],
    ['expiry_date > end of month - 1 month', { field: 'expiry_date', op: '>', value: { end_of_month: { months: -1 } } }],
    [
      'count block(status = "ACTIVE") >= 2',
      { has: 'block', where: { field: 'status', op: '=', value: 'ACTIVE' }, count: { op: '>=', value: 2 } },
    ],
    ['count email != 1', { has: 'email', count: { op: '!=', value: 1 } }],
    [
      'has role(type = "200" and expiry_date < today + 30 days)',
      {
        has: 'role',
        where: {
          and: [
            { field: 'type', op: '=', value: '200' },
            { field: 'expiry_date', op: '<', value: { today: { days: 30 } } },
          ],
        },
      },
    ],
    [
      'not (loans > 0 or requests > 0)',
      {
        not: {
          or: [
            { field: 'loans', op: '>', value: 0 },
            { field: 'requests', op: '>', value: 0 },
          ],
        },
      },
    ],
  ])('%s is read, and written again in the same words', (text, filter) => {
    expect(parseFilter(text)).toEqual(filter);
    expect(formatFilter(filter)).toBe(text);
  });

  it.each([
    ['has no email', 'not has email'],
    ['HAS NO Email', 'not has email'],
    ['NOT (((loans>0)))', 'not loans > 0'],
    ['user_group not in ("A")', 'not user_group in ("A")'],
    ['last_name not contains "x"', 'not last_name contains "x"'],
    ['loans <> 1', 'loans != 1'],
    ['campus = "MAIN"', 'campus_code = "MAIN"'],
    ['language = "de"', 'preferred_language = "de"'],
    ['Title is empty', 'user_title is empty'],
    ["last_name = 'O''Brien'", 'last_name = "O\'Brien"'],
    ["last_name = 'O\\'Brien'", 'last_name = "O\'Brien"'],
    ['last_name = """"', 'last_name = "\\""'],
    ['last_name starts_with "x"', 'last_name starts with "x"'],
    ['expiry_date = "2032-01-31"', 'expiry_date = 2032-01-31'],
    ['expiry_date < today + 1 day + 0 weeks - 1 month', 'expiry_date < today - 1 month + 1 day'],
    ['expiry_date < today + 3 days - 3 days', 'expiry_date < today'],
    ['fees = 12.50', 'fees = 12.5'],
    ['fees = -0', 'fees = 0'],
    ['loans > 0 and fees > 0 or requests > 0', '(loans > 0 and fees > 0) or requests > 0'],
    ['loans > 0 and (fees > 0 and requests > 0)', 'loans > 0 and (fees > 0 and requests > 0)'],
    ['\r\n\tloans\u00a0>\u20030\n', 'loans > 0'],
  ])('%s means %s', (text, canonical) => {
    expect(formatFilter(parseFilter(text))).toBe(canonical);
  });
});

describe('a text that is no filter', () => {
  it.each(['', ' ', '\n\t'])('is empty: %j', (text) => {
    expect(refusal(text).code).toBe('filters.empty');
  });

  const cases: readonly [string, string, Readonly<Record<string, unknown>>][] = [
    ['expiry_dat = 2032-01-31', 'unknown_field_near', { line: 1, column: 1, field: 'expiry_dat', suggestions: 'expiry_date' }],
    ['loans > 0 and\n  lats_name = "x"', 'unknown_field_near', { line: 2, column: 3, suggestions: 'last_name' }],
    ['email = "x"', 'unknown_field_near', { suggestions: 'has email' }],
    ['toString = "x"', 'unknown_field', { field: 'toString', of: 'user' }],
    ['__proto__ is empty', 'unknown_field', {}],
    ['has block(loans > 0)', 'unknown_field', { column: 11, of: 'block' }],
    ['has blok', 'unknown_child_near', { line: 1, column: 5, suggestions: 'block' }],
    ['has constructor', 'unknown_child', { name: 'constructor' }],
    ['has block(has email)', 'users_only', { column: 11, word: 'has' }],
    ['has block(everyone)', 'users_only', { word: 'everyone' }],
    ['first_name < "a"', 'operator_unsuitable', { column: 12, operator: '<', field: 'first_name' }],
    ['expiry_date contains "2032"', 'operator_unsuitable', { operator: 'contains' }],
    ['user_group = STUDENT', 'text_expected', { column: 14, field: 'user_group' }],
    ['user_group = 007', 'text_expected', {}],
    ['status contains', 'text_expected', { column: 16 }],
    ['user_group in ("A", )', 'text_expected', { column: 21 }],
    ['expiry_date = 31.01.2032', 'date_expected', { column: 15 }],
    ['expiry_date = 2032-1-31', 'date_expected', {}],
    ['expiry_date = 2031-02-29', 'date_not_real', { value: '2031-02-29' }],
    ['expiry_date < today + 201 years', 'shift_too_far', { amount: '201', unit: 'years' }],
    ['loans > "1"', 'integer_expected', { column: 9 }],
    ['loans > 1.5', 'integer_expected', {}],
    ['loans > 2147483648', 'integer_expected', {}],
    ['loans > 1e3', 'integer_expected', {}],
    ['fees > 1.005', 'amount_expected', {}],
    ['fees > 10000000000', 'amount_expected', {}],
    ['is_researcher = "yes"', 'boolean_expected', {}],
    ['first_name = ""', 'value_empty', { field: 'first_name' }],
    ['first_name = "a\0b"', 'bad_characters', {}],
    ['first_name = "a\ud800"', 'bad_characters', {}],
    [`first_name = "${'x'.repeat(4_001)}"`, 'value_too_long', { length: 4_001 }],
    ['user_group in ()', 'list_empty', { field: 'user_group' }],
    ['count block > -1', 'count_expected', {}],
    ['count block > "1"', 'count_expected', {}],
    ['loans', 'unfinished', { column: 6, expected: expect.stringContaining('>=') }],
    ['(loans > 0', 'unfinished', { column: 11, expected: 'and / or / )' }],
    ['expiry_date < today + 30', 'unfinished', { expected: 'days / weeks / months / years' }],
    ['user_group in ("A"', 'unfinished', { expected: ', / )' }],
    ['loans > 0 and', 'condition_missing', { column: 14 }],
    ['not', 'condition_missing', {}],
    ['()', 'condition_expected', { column: 2, found: ')' }],
    ['loans > 0 and "x"', 'condition_expected', { column: 15, found: '"x"' }],
    ['loans like 1', 'operator_expected', { column: 7, found: 'like', field: 'loans' }],
    ['first_name is null', 'expected', { column: 15, expected: 'empty / not empty', found: 'null' }],
    ['(loans > 0))', 'expected', { column: 12, found: ')' }],
    ['loans > 0 loans > 1', 'expected', { column: 11, expected: 'and / or' }],
    ['has (status = "x")', 'expected', { column: 5, expected: expect.stringContaining('block') }],
    ['first_name = "abc', 'quote_missing', { column: 14 }],
    ['first_name = "a\\', 'quote_missing', { column: 14 }],
    ['first_name = "a\\d"', 'bad_escape', { column: 16, escape: '\\d' }],
    ['first_name = “abc”', 'curly_quote', { column: 14, found: '“' }],
    ['loans > 0; drop table users', 'bad_character', { column: 10, found: ';' }],
    ['loans > 0 -- all', 'expected', { found: '-' }],
    ['"👩‍👩‍👧" \ud800', 'bad_character', { column: 9, found: 'U+D800' }],
  ];
  for (const [text, code, params] of cases) {
    it(`is told what is wrong: ${JSON.stringify(text).slice(1, 80)}`, () => {
      const error = refusal(text);
      expect(error.code).toBe(`filters.text.${code}`);
      expect(error.params).toMatchObject(params);
      for (const language of ['en', 'de'] as const) expect(error.in(language)).not.toMatch(/[{}]/);
    });
  }

  it('says in both languages where the trouble is', () => {
    const error = refusal('loans > 0 and\nexpiry_dat < today');
    expect(error.in('en')).toBe('Filter, line 2, column 1: There is no field “expiry_dat” here. Did you mean expiry_date?');
    expect(error.in('de')).toBe(
      'Filter, Zeile 2, Spalte 1: Ein Feld „expiry_dat“ gibt es hier nicht. Gemeint ist vielleicht: expiry_date?',
    );
  });
});

describe('a hostile text', () => {
  it.each<[string, string, string]>([
    ['a megabyte', 'x'.repeat(1_000_000), 'filters.too_long'],
    ['ten thousand brackets', '('.repeat(10_000), 'filters.too_deep'],
    ['ten thousand times not', `${'not '.repeat(10_000)}everyone`, 'filters.too_deep'],
    ['a hundred thousand conditions', Array(100_000).fill('everyone').join(' and ').slice(0, 400_000), 'filters.too_large'],
    ['a long list', `user_group in (${Array(20_000).fill('"A"').join(', ')})`, 'filters.too_large'],
    [
      'large values',
      `user_group in (${Array(100)
        .fill(`"${'x'.repeat(3_000)}"`)
        .join(', ')})`,
      'filters.too_large',
    ],
    ['a name of 400,000 letters', `${'x'.repeat(400_000)} = 1`, 'filters.text.unknown_field'],
  ])('of $0 is refused in a sentence', (_, text, code) => {
    const error = refusal(text);
    expect(error.code).toBe(code);
    expect(error.message.length).toBeLessThan(1_500);
  });

  it('may reach the limits', () => {
    const deep = `${'('.repeat(99)}everyone${')'.repeat(99)}`;
    expect(parseFilter(deep)).toEqual({ everyone: true });
    expect(refusal(`(${deep})`).code).toBe('filters.too_deep');
    const wide = Array(1_000).fill('everyone').join(' or ');
    expect(parseFilter(wide)).toEqual({ or: Array(1_000).fill({ everyone: true }) });
    expect(refusal(`${wide} or everyone`).code).toBe('filters.too_large');
  });
});
