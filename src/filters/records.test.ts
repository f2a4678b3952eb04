import { describe, expect, it } from 'vitest';
import { compileFilter } from './compile.ts';
import { compileRecords } from './records.ts';
import { parseFilter } from './parse.ts';

const today = '2026-11-24';
const narrowed = (text: string): boolean => {
  const filter = parseFilter(text);
  return compileRecords(filter, { today }).text !== compileFilter(filter, { today }).text;
};

describe('a filter over all users', () => {
  it.each([
    'user_group = "GRAD"',
    'status = "ACTIVE"',
    'has email',
    'expiry_date < today and not has block',
    'loans > 0 and user_group in ("A", "B")',
  ])('costs nothing where no emptied row can meet it: %s', (text) => expect(narrowed(text)).toBe(false));

  it.each([
    'everyone',
    'status = "INACTIVE"',
    'not has email',
    'user_group is empty',
    'user_group != "GRAD"',
    'not user_group = "GRAD"',
    'user_group = "GRAD" or account_type = "INTERNAL"',
    'loans = 0',
    'count role = 0',
    'created_at < today',
  ])('leaves emptied rows out where one could meet it: %s', (text) => expect(narrowed(text)).toBe(true));
});
