import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatFilter } from '../../filters/index.ts';
import { AlmaError } from '../wire/index.ts';
import { readQuery } from './query.ts';

const asText = (query: string) => formatFilter(readQuery(query));

describe('the query of a logical set', () => {
  it.each([
    ['USER where USER ((user_group EQUAL "11"))', 'user_group = "11"'],
    ['user WHERE user(userGroup equal 11)', 'user_group = "11"'],
    ['USER where USER ((user_group CONTAIN ((FACULTY) or (STAFF))))', 'user_group = "FACULTY" or user_group = "STAFF"'],
    ['USER where USER ((last_name CONTAIN "Müller \\"x\\""))', String.raw`last_name contains "Müller \"x\""`],
    [
      'USER where USER ((expiry_date AFTER "2027-01-31") AND USER (expiry_date BEFORE "20280101"))',
      'expiry_date > 2027-01-31 and expiry_date < 2028-01-01',
    ],
    ['USER where USER ((expiration_date LESS_EQUAL today))', 'expiry_date <= today'],
    ['USER where USER ((purge_date IS_EMPTY))', 'purge_date is empty'],
    ['USER where USER ((campus NOT_EQUAL "MED"))', 'not campus_code = "MED"'],
    [
      'USER where USER ((status EQUAL "ACTIVE") AND USER ((gender EQUAL "MALE") OR (gender EQUAL "FEMALE")))',
      'status = "ACTIVE" and (gender = "MALE" or gender = "FEMALE")',
    ],
    ['USER where USER ((status EQUAL "ACTIVE") NOT (user_group EQUAL "X"))', 'status = "ACTIVE" and not user_group = "X"'],
    ['USER where NOT (status EQUAL "ACTIVE")', 'not status = "ACTIVE"'],
    ['USER where USER ((fines_fees_sum GREATER_THAN "5.50"))', 'fees > 5.5'],
    ['USER where USER ((block_description EQUAL "02-GLOBAL"))', 'has block(description = "02-GLOBAL")'],
    ['USER where USER ((email CONTAINS "@example.org"))', 'has email(address contains "@example.org")'],
    ['USER where USER ((role IS_EMPTY))', 'not has role'],
  ])('%s', (query, text) => {
    expect(asText(query)).toBe(text);
  });

  it('looks everywhere when it asks for all', () => {
    expect(readQuery('USER where USER ((all_full CONTAIN "test"))')).toMatchObject({
      or: expect.arrayContaining([
        { field: 'primary_id', op: 'contains', value: 'test' },
        { has: 'identifier', where: { field: 'value', op: 'contains', value: 'test' } },
      ]),
    });
  });

  it('is as the guide for operators shows it', () => {
    const guide = readFileSync(path.resolve(import.meta.dirname, '../../../docs/operate/alma-jobs.md'), 'utf8');
    const [whole] = guide.match(/USER where .*?(?=`)/) ?? [];
    expect(asText(whole ?? '')).toBe('user_group = "FACULTY" and expiry_date < 2027-01-01');
    const named = (guide.match(/`[A-Z_]+`(?=[,.])/g) ?? []).map((word) => word.replaceAll('`', ''));
    for (const word of ['CONTAIN', 'NOT_EQUAL', 'AFTER', 'IS_NOT_EMPTY']) expect(named).toContain(word);
  });

  it('may be our own text form, in which sets are shown', () => {
    const text = 'user_group = "11" and not has block(type = "X")';
    expect(asText(text)).toBe(text);
  });

  it.each([
    ['USER where USER ((shoe_size EQUAL "43"))', ['shoe_size', 'user_group', 'all_full']],
    ['USER where USER ((status SOUNDS_LIKE "x"))', ['SOUNDS_LIKE', 'CONTAIN']],
    ['USER where BIB_MMS ((all CONTAIN "x"))', ['BIB_MMS']],
    ['USER where USER ((status EQUAL "x")', ['parenthesis']],
    ['USER where USER ((status EQUAL "x")) extra', ['extra']],
    ['USER where USER ((status EQUAL "x', ['quotation']],
    ['USER where USER ((status EQUAL ""))', ['status']],
    ['USER where USER ((last_name GREATER_THAN "x"))', ['order']],
    ['USER where USER ((expiry_date CONTAIN "2027"))', ['expiry_date']],
    ['USER where USER ((expiry_date EQUAL "soon"))', ['soon']],
    ['USER where USER ((expiry_date EQUAL "2027-02-31"))', ['2027-02-31']],
    ['USER where USER ((fees EQUAL "many"))', ['many']],
    ['USER where', ['expected']],
    [`USER where ${'('.repeat(60)}status EQUAL "x"${')'.repeat(60)}`, ['deep']],
    ['nonsense', ['not valid']],
  ])('is refused with what is wrong: %s', (query, words) => {
    let thrown: unknown;
    try {
      readQuery(query);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(AlmaError);
    expect(thrown).toMatchObject({ code: '402266' });
    for (const word of words) expect((thrown as AlmaError).message).toContain(word);
  });
});
