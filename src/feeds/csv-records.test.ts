import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CodeBook } from './code-book.ts';
import { RecordCheck } from './check-record.ts';
import { CsvReader, csvRows, guessDelimiter, withApostrophe, withoutApostrophe } from './csv-records.ts';
import { dateReader, instantOf, isoDateOf } from './dates.ts';
import type { ReadRecord } from './from-alma.ts';
import { checkMapping, loadMapping } from './mapping.ts';

const BOOK: CodeBook = {
  closedCode: () => undefined,
  listed: () => '',
  codeOfLabel: (table, label) => (table === 'CountryCodes' && label === 'Germany' ? 'DEU' : undefined),
  knows: () => false,
  learn: () => undefined,
};

function read(
  mapping: object,
  header: readonly string[],
  cells: readonly string[],
): { record: ReadRecord; problems: string[]; reader: CsvReader } {
  const reader = new CsvReader(checkMapping(mapping, 'test'), header, BOOK.codeOfLabel);
  const check = new RecordCheck(BOOK);
  const record = reader.read({ line: 2, cells }, check);
  return { record, problems: check.problems.map((p) => `${p.field} ${p.code}`), reader };
}

describe('formulas', () => {
  it('any text comes back, and none begins like a formula', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^['=+\-@\t\r]{1,4}x?$/)), (text) => {
        expect(withApostrophe(text)).not.toMatch(/^[=+\-@\t\r\n]/);
        expect(withoutApostrophe(withApostrophe(text))).toBe(text);
      }),
    );
  });
});

describe('rows', () => {
  it('begin where an editor says they begin, whatever is inside the quotes', async () => {
    const cell = fc.array(fc.constantFrom('a', '"', ',', '\n', '\r\n', ' '), { maxLength: 6 }).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(
        fc.array(cell, { minLength: 1, maxLength: 8 }),
        fc.constantFrom('\n', '\r\n'),
        fc.integer({ min: 1, max: 9 }),
        async (cells, end, size) => {
          const text = ['h', ...cells.map((c) => `"${c.replaceAll('"', '""')}"`)].map((line) => `${line}${end}`).join('');
          const pieces = (async function* () {
            for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
          })();
          const found = [];
          for await (const row of csvRows(pieces, ',')) found.push(row);
          let line = 2;
          for (const [i, given] of cells.entries()) {
            expect(found[i + 1]).toEqual({ line, cells: [given] });
            line += 1 + given.split('\n').length - 1;
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('are what a parser of the whole text makes of it, or refused as it refuses', async () => {
    const part = fc.constantFrom('a', 'ä', '"', '""', ',', '\n', ' ', '"b"', '"c\n,"');
    await fc.assert(
      fc.asyncProperty(
        fc.array(part, { maxLength: 30 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.integer({ min: 1, max: 9 }),
        async (parts, end, size) => {
          const text = `h,i${end}${parts.join('').replaceAll('\n', end)}`;
          const pieces = (async function* () {
            for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
          })();
          const found: unknown[] = [];
          const told = (async () => {
            for await (const row of csvRows(pieces, ',')) found.push(row.cells);
            return found;
          })();
          let whole: unknown;
          try {
            whole = parse(text, { relax_column_count: true, skip_empty_lines: true });
          } catch {
            await expect(told).rejects.toMatchObject({ code: 'feeds.csv_broken' });
            return;
          }
          expect(await told).toEqual(whole);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('are refused with the line on which they begin', async () => {
    const refused = async (text: string) => {
      const rows = csvRows(
        (async function* () {
          yield text;
        })(),
        ',',
      );
      return (async () => {
        for await (const _ of rows);
      })().catch((error: unknown) => error);
    };
    expect(await refused('h\n"a\nb"\n\n"c"d\n')).toMatchObject({ code: 'feeds.csv_broken', params: { line: 5 } });
    expect(await refused('h\na\n"b\nc\n')).toMatchObject({ code: 'feeds.csv_broken', params: { line: 3 } });
    expect(await refused(`h\na\nb"\n${'c\n'.repeat(2_500_000)}`)).toMatchObject({ code: 'feeds.csv_broken', params: { line: 3 } });
    expect(await refused(`h\na\n"${'c\n'.repeat(2_500_000)}`)).toMatchObject({ code: 'feeds.record_too_long', params: { line: 3 } });
  });

  it('that are passed over are not taken apart, and the others keep their lines and marks', async () => {
    const text = 'h,i\r\nold,1\r\n\r\nnew,"2\r\n3"\r\nold,"4"\r\nnew,5';
    const asked: string[] = [];
    const rows = csvRows(
      (async function* () {
        yield text;
      })(),
      ',',
      (record, line, header) => {
        asked.push(`${header} ${line}`);
        return record.startsWith('old') ? null : `m${line}`;
      },
    );
    const found = [];
    for await (const row of rows) found.push(row);
    expect(asked).toEqual(['h,i 2', 'h,i 4', 'h,i 6', 'h,i 7']);
    expect(found).toEqual([
      { line: 1, cells: ['h', 'i'] },
      { line: 4, cells: ['new', '2\r\n3'], mark: 'm4' },
      { line: 7, cells: ['new', '5'], mark: 'm7' },
    ]);
  });

  it('are divided by what the header is divided by', () => {
    expect(guessDelimiter('a;b;"c,d,e,f"\r\n1,2,3,4,5')).toBe(';');
    expect(guessDelimiter('a\tb')).toBe('\t');
    expect(guessDelimiter('a')).toBe(',');
  });
});

describe('a mapping', () => {
  const HEADER = ['id', 'born', 'group', 'street', 'country', 'mails', 'extra'];
  const MAPPING = {
    name: 'test',
    constants: { record_type: 'PUBLIC' },
    new_users: { account_type: 'INTERNAL' },
    fields: {
      primary_id: 'id',
      birth_date: { column: 'born', date: 'DD.MM.YYYY', empty: 'clear' },
      user_group: { column: 'group', codes: { S: 'STUDENT' } },
    },
    rows: [
      { row: 'address', with: { types: ['home'] }, from: { line1: 'street', country: { column: 'country', by_label: true } } },
      {
        row: 'email',
        packed: { column: 'mails', rows: '|', parts: ';', escape: '\\', fields: ['address', 'types', null] },
        empty: 'clear',
      },
    ],
  };

  it('translates dates, codes, labels and packed rows', () => {
    const { record, problems, reader } = read(MAPPING, HEADER, [
      'x',
      '1.2.1990',
      'S',
      'Weg 1',
      'Germany',
      'a@example.org;work,home;7| b\\;c@example.org ;;',
      '',
    ]);
    expect(problems).toEqual([]);
    expect(record.fields).toEqual({ record_type: 'PUBLIC', primary_id: 'x', birth_date: '1990-02-01', user_group: 'STUDENT' });
    expect(record.forNew).toEqual({ account_type: 'INTERNAL' });
    expect(record.lists.user_addresses?.[0]?.values).toMatchObject({ line1: 'Weg 1', country: 'DEU', types: ['home'] });
    expect(record.lists.user_emails?.map((r) => r.values)).toMatchObject([
      { address: 'a@example.org', types: ['work', 'home'] },
      { address: 'b;c@example.org', types: [] },
    ]);
    expect(record.slots).toBe(3);
    expect(reader.unread).toEqual(['extra']);
    expect(reader.slots()).toEqual([
      { table: 'user_addresses', where: { types: ['home'] } },
      { table: 'user_emails', where: {} },
    ]);
  });

  it('leaves fields of empty cells alone, unless it says clear', () => {
    const { record } = read(MAPPING, HEADER, ['x', '', '', '', '', '', '']);
    expect(record.fields).toEqual({ record_type: 'PUBLIC', primary_id: 'x', birth_date: null });
    expect(record.lists).toEqual({ user_emails: [] });
    expect(record.slots).toBe(2);
  });

  it('tells the column of every problem', () => {
    const { problems } = read(MAPPING, HEADER, ['x', '31.2.1990', 'S', 'x'.repeat(300), '', 'a@example.org;work', '']);
    expect(problems).toEqual(['born feeds.bad_date', 'street feeds.too_long', 'mails feeds.packed_parts']);
  });

  it('for FOLIO reads several packed addresses', async () => {
    const mapping = await loadMapping('folio');
    const header = [
      'User name',
      'User id',
      'External system id',
      'Barcode',
      'Active',
      'Patron group',
      'Last name',
      'First name',
      'Middle name',
      'Preferred first name',
      'Email',
      'Phone',
      'Mobile phone',
      'Date of birth',
      'Expiration date',
      'Addresses',
    ];
    const { record, problems } = read(mapping, header, [
      'sample',
      '',
      '',
      '007',
      'false',
      'g',
      'L',
      'F',
      '',
      'P',
      '',
      '',
      '+49 1',
      '1988-10-09 00:00:00.000Z',
      '',
      'a1;Germany;Weg 1;;Bonn;;53111;true;Home Address|a2;Atlantis;;;Poseidonia;;;false;Work',
    ]);
    expect(problems).toEqual([]);
    expect(record.fields).toMatchObject({ primary_id: 'sample', status: 'INACTIVE', pref_first_name: 'P', birth_date: '1988-10-09' });
    expect(record.fields).not.toHaveProperty('expiry_date');
    expect(record.lists.user_addresses?.map((r) => r.values)).toMatchObject([
      { country: 'DEU', line1: 'Weg 1', city: 'Bonn', postal_code: '53111', preferred: true, types: ['home'] },
      { country: 'Atlantis', line1: null, city: 'Poseidonia', preferred: false, types: ['work'] },
    ]);
    expect(record.lists.user_phones?.map((r) => r.values)).toMatchObject([{ number: '+49 1', types: ['mobile'] }]);
  });
});

describe('dates', () => {
  it('are days of the calendar as they are written, whatever zone follows', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
        const day = date.toISOString().slice(0, 10);
        const [y, m, d] = day.split('-');
        for (const text of [day, `${day}Z`, `${day}+14:00`, `${day}T23:59:59.999Z`, `${day} 00:00:00.000Z`, `${day}T00:30:00-0500`])
          expect(isoDateOf(text)).toBe(day);
        expect(dateReader('DD.MM.YYYY')?.(`${d}.${m}.${y}`)).toBe(day);
        expect(dateReader('YYYYMMDD')?.(`${y}${m}${d}`)).toBe(day);
        expect(dateReader('M/DD/YYYY')).toBeUndefined();
        expect(new Date(instantOf(date.toISOString()) ?? '').getTime()).toBe(date.getTime());
      }),
    );
  });

  it.each([
    '',
    '2027-02-29',
    '2027-13-01',
    '0999-01-01',
    '27-01-01',
    '2027-1-1',
    '2027-01-01x',
    '2027-01-01T25',
    '１２３４-01-01',
    'today',
  ])('%s is none', (text) => {
    expect(isoDateOf(text)).toBeUndefined();
  });

  it.each(['2027-01-01T24:00:00Z', '2027-01-01T10:60Z', '2027-01-01T10:00:00+15:00', '2027-02-30T10:00Z'])('%s is no instant', (text) => {
    expect(instantOf(text)).toBeUndefined();
  });
});
