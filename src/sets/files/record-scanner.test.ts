import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileRecord } from './file-record.ts';
import { detectLayout, type Layout, MAX_RECORD_BYTES, RecordScanner } from './record-scanner.ts';

const LINES: Layout = { delimiter: null, newline: 10 };
const COMMAS: Layout = { delimiter: 0x2c, newline: 10 };

interface Read {
  readonly line: number;
  readonly fields: readonly string[];
}

/** Reads `bytes` in pieces of the given sizes (the last one repeats). */
function read(bytes: Buffer | string, layout: Layout, sizes: readonly number[] = [bytes.length || 1]): Read[] {
  const source = Buffer.from(bytes);
  const scanner = new RecordScanner('list.csv', layout);
  const found: Read[] = [];
  const take = (record: FileRecord): void => {
    found.push({ line: record.line, fields: record.texts() });
  };
  for (let at = 0, piece = 0; at < source.length; piece += 1) {
    const size = sizes[Math.min(piece, sizes.length - 1)] ?? 1;
    scanner.push(source.subarray(at, at + size), false, take);
    at += size;
  }
  scanner.push(Buffer.alloc(0), true, take);
  return found;
}

const fieldsOf = (bytes: Buffer | string, layout: Layout): (readonly string[])[] => read(bytes, layout).map(({ fields }) => fields);

const cell = fc.string({
  unit: fc.constantFrom('a', '0', '"', ',', ';', '\n', '\r\n', '\t', ' ', 'ß', '中', '🙂', '\\'),
  maxLength: 6,
});

describe('the record scanner', () => {
  it('reads what csv-parse reads, however the bytes are cut into pieces', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 6 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
        (rows, recordDelimiter, quoted, sizes) => {
          const text = stringify(rows, {
            record_delimiter: recordDelimiter,
            quoted,
            quoted_empty: quoted,
            quoted_match: /[\r\n]/,
          });
          const expected = (parse(text, { relax_column_count: true, record_delimiter: recordDelimiter }) as string[][])
            .map((row) => row.map((value) => value.trim()))
            .filter((row) => row.some((value) => value !== ''));
          expect(read(text, COMMAS, sizes).map(({ fields }) => fields)).toEqual(expected);
        },
      ),
    );
  });

  it('tells the line in which a record begins', () => {
    expect(read('a,"two\nlines"\n\n  \nb\r\n"c"', COMMAS)).toEqual([
      { line: 1, fields: ['a', 'two\nlines'] },
      { line: 5, fields: ['b'] },
      { line: 6, fields: ['c'] },
    ]);
  });

  it('takes blanks off both ends, quoted or not, and keeps zeros', () => {
    expect(fieldsOf(' 007 , "  008 " ,\u00a0009\u00a0\n', COMMAS)).toEqual([['007', '008', '009']]);
  });

  it('keeps a quotation mark that stands inside a field', () => {
    expect(fieldsOf('5" disk,x\n', COMMAS)).toEqual([['5" disk', 'x']]);
  });

  it('reads lines that only a carriage return ends', () => {
    expect(fieldsOf('a\rb\rc', detectLayout(Buffer.from('a\rb\rc')))).toEqual([['a'], ['b'], ['c']]);
  });

  it('names the line that is not UTF-8', () => {
    const text = Buffer.concat([Buffer.from('a\nb\n'), Buffer.from([0x4d, 0xfc, 0x6c, 0x0a]), Buffer.from('c\n')]);
    expect(() => read(text, LINES)).toThrowError(
      expect.objectContaining({ code: 'sets.file_encoding', params: { file: 'list.csv', line: 3 } }),
    );
    expect(() => read(text.subarray(0, -3), LINES, [1])).toThrowError(expect.objectContaining({ code: 'sets.file_encoding' }));
  });

  it('refuses a surrogate written in UTF-8', () => {
    expect(() => read(Buffer.from([0x61, 0x0a, 0xed, 0xa0, 0x80, 0x0a]), LINES)).toThrowError(
      expect.objectContaining({ code: 'sets.file_encoding', params: { file: 'list.csv', line: 2 } }),
    );
  });

  it('refuses a NUL byte and names its line', () => {
    expect(() => read('a\nb\0c\n', LINES)).toThrowError(
      expect.objectContaining({ code: 'sets.file_nul', params: { file: 'list.csv', line: 2 } }),
    );
  });

  it('refuses a line without an end before it fills the memory', () => {
    const scanner = new RecordScanner('list.csv', LINES);
    const chunk = Buffer.alloc(64 * 1024, 'a');
    let pushed = 0;
    expect(() => {
      for (;;) {
        scanner.push(chunk, false, () => undefined);
        pushed += chunk.length;
      }
    }).toThrowError(expect.objectContaining({ code: 'sets.line_too_long' }));
    expect(pushed).toBeLessThanOrEqual(MAX_RECORD_BYTES);
  });

  it('refuses a quotation mark that is never closed, in a short file and in a long one', () => {
    expect(() => read('a,b\n"c,d\ne,f\n', COMMAS)).toThrowError(
      expect.objectContaining({ code: 'sets.quote_not_closed', params: { file: 'list.csv', line: 2 } }),
    );
    const long = `a,b\n"c,d\n${'e,f\n'.repeat(400_000)}`;
    expect(() => read(long, COMMAS, [65_536])).toThrowError(expect.objectContaining({ code: 'sets.line_too_long' }));
  });

  it('refuses text after a closing quotation mark', () => {
    expect(() => read('a\n"b"c\n', COMMAS)).toThrowError(
      expect.objectContaining({ code: 'sets.quote_misplaced', params: { file: 'list.csv', line: 2 } }),
    );
  });
});

describe('the layout of a file', () => {
  const delimiterOf = (text: string): string | null => {
    const { delimiter } = detectLayout(Buffer.from(text));
    return delimiter === null ? null : String.fromCharCode(delimiter);
  };

  it('is told from what every line has', () => {
    expect(delimiterOf('a,b\n1,2\n3,4\n')).toBe(',');
    expect(delimiterOf('a;b\n1;2,5\n3;4,5\n')).toBe(';');
    expect(delimiterOf('a\tb\n1\t2\n')).toBe('\t');
    expect(delimiterOf('"x,y";1\r\n"z,w";2\r\n')).toBe(';');
    expect(delimiterOf('a,b')).toBe(',');
  });

  it('is one column when a delimiter occurs in single lines only', () => {
    expect(delimiterOf('a\nb\nc,d\ne\n')).toBeNull();
    expect(delimiterOf('"a,b"\n"c,d"\n')).toBeNull();
    expect(delimiterOf('a,b\nc\nd\ne\nf\n')).toBeNull();
    expect(delimiterOf('')).toBeNull();
  });
});
