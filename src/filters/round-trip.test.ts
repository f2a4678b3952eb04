import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyFilter } from '../../test/support/filter-arbitraries.ts';
import { AppError } from '../core/index.ts';
import { filterSchema, formatFilter, parseFilter, readFilter } from './index.ts';

describe('a filter as JSON and as text', () => {
  it('comes back from the text form as the same tree', () => {
    fc.assert(
      fc.property(anyFilter, (filter) => {
        const text = formatFilter(filter);
        expect(parseFilter(text)).toEqual(filter);
        expect(formatFilter(parseFilter(text))).toBe(text);
      }),
      { numRuns: 1_000 },
    );
  });

  it('comes back from JSON as the same tree', () => {
    fc.assert(
      fc.property(anyFilter, (filter) => {
        expect(readFilter(JSON.parse(JSON.stringify(filter)))).toEqual(filter);
        expect(filterSchema.parse(filter)).toEqual(filter);
      }),
      { numRuns: 300 },
    );
  });

  it('does not mind letter case of keywords and fields, or space between words', () => {
    fc.assert(
      fc.property(anyFilter, (filter) => {
        const text = formatFilter(filter);
        // What stands in quotes is kept: pieces at odd places of the split.
        const shouted = text
          .split(/("(?:[^"\\]|\\.)*")/s)
          .map((piece, index) => (index % 2 === 1 ? piece : piece.toUpperCase().replaceAll(' ', ' \n\t ')))
          .join('');
        expect(parseFilter(shouted)).toEqual(filter);
      }),
      { numRuns: 300 },
    );
  });

  it('reads any other text either as a filter or refuses it with its own error', () => {
    const words = fc.constantFrom(
      'and',
      'or',
      'not',
      'has',
      'no',
      'count',
      'in',
      'is',
      'empty',
      'contains',
      'starts',
      'with',
      'everyone',
      'today',
      'end',
      'of',
      'month',
      'days',
      'loans',
      'last_name',
      'expiry_date',
      'block',
      'status',
      '(',
      ')',
      ',',
      '=',
      '<',
      '-',
      '+',
      '3',
      '2032-01-31',
      '"a"',
      "'b",
      '""',
      'true',
      '\\',
      'ä',
      '\0',
      '\ud800',
    );
    const soup = fc.oneof(
      fc.array(words, { maxLength: 12 }).map((list) => list.join(' ')),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(soup, (text) => {
        try {
          const filter = parseFilter(text);
          expect(parseFilter(formatFilter(filter))).toEqual(filter);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
          expect(error).toHaveProperty('code', expect.stringMatching(/^filters\./));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('refuses any other JSON with its own error', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        try {
          readFilter(value);
          expect.unreachable('No filter comes out of random JSON.');
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
          expect(error).toHaveProperty('code', expect.stringMatching(/^filters\./));
        }
      }),
    );
  });
});
