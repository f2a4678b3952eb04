import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { forEachEngine, useTestDatabase } from '../../test/support/database.ts';
import type { Context } from '../core/index.ts';
import { userHistory } from '../users/index.ts';
import { importCirculation } from './circulation.ts';

forEachEngine((engine) => {
  const test = useTestDatabase(engine);
  let directory = '';
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'muster-circulation-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));
  beforeEach(async () => {
    await test.db.pool.query('truncate users, runs, journal restart identity cascade');
    await test.db.pool.query(`
      insert into users (primary_id, account_type, external_id, loans) values
        ('anna', 'INTERNAL', null, null), ('ben', 'EXTERNAL', 'SIS', 5), ('cleo', 'INTERNAL', null, null)`);
    await test.db.pool.query(`
      insert into user_identifiers (user_id, type, value) values
        (1, 'BARCODE', '0001'), (2, 'HOUSEHOLD', 'H1'), (3, 'HOUSEHOLD', 'h1'), (3, 'HOUSEHOLD', 'h2')`);
  });

  const context = (): Context => ({
    db: test.db,
    actor: { kind: 'administrator', name: 'administrator' },
    source: 'cli',
    language: 'en',
    timeZone: 'Europe/Berlin',
    dataDir: directory,
    doorbell: { ring: () => Promise.resolve() },
  });

  async function run(content: string | Buffer, more: { dryRun?: boolean; encoding?: 'windows-1252' } = {}) {
    const file = path.join(directory, 'circulation.csv');
    await writeFile(file, content);
    return importCirculation.run(context(), { file, encoding: undefined, dryRun: false, ...more });
  }

  const HEADER = 'User ID,Kind,Reference,Title,Barcode,Amount,Currency,Due date,As-of date';
  const csv = (...rows: string[]) => `${[HEADER, ...rows].join('\n')}\n`;
  const users = async () =>
    (await test.db.pool.query('select primary_id, loans, requests, fees, circulation_on, version from users order by id')).rows;
  const rows = async () =>
    (
      await test.db.pool.query(`
    select c.user_id, c.kind, c.reference, c.title, c.barcode, c.amount, c.currency, c.due_on, c.true_on from circulation c order by 1, 2, 3`)
    ).rows;

  it('stores what is told, counts it on the users, and journals the counts', async () => {
    const result = await run(
      csv(
        'anna,loan,L1,"Der Turm, Band 2",88001,,,2026-03-01,2026-02-01',
        ' 0001 ,LOAN,L2,,,,,,2026-02-01',
        'ANNA,fee,F1,Late,,"2,50",eur,,2026-02-01',
        'anna,fee,F2,Card,,10,EUR,,2026-02-01',
        'ben,request,R1,"A ""B""\nC",,,,,2026-02-02',
        'h2,loan,L1,,,,,,2026-02-01',
      ),
    );
    expect(result).toMatchObject({
      rows: 6,
      changed: 3,
      unchanged: 0,
      failed: 0,
      held_back: 0,
      rejected: 0,
      errors: [],
      dry_run: false,
      run_id: 1,
    });
    expect(await users()).toEqual([
      { primary_id: 'anna', loans: 2, requests: null, fees: '12.50', circulation_on: '2026-02-01', version: 2 },
      { primary_id: 'ben', loans: 5, requests: 1, fees: null, circulation_on: '2026-02-02', version: 2 },
      { primary_id: 'cleo', loans: 1, requests: null, fees: null, circulation_on: '2026-02-01', version: 2 },
    ]);
    expect((await rows())[0]).toEqual({
      user_id: 1,
      kind: 'fee',
      reference: 'F1',
      title: 'Late',
      barcode: null,
      amount: '2.50',
      currency: 'EUR',
      due_on: null,
      true_on: '2026-02-01',
    });
    expect((await rows()).map((row) => row.title)).toContain('A "B"\nC');
    const { entries } = await userHistory.run(context(), { user: 'anna', limit: 5, before: undefined });
    expect(entries).toMatchObject([
      {
        by: 'administrator',
        run: { id: 1, kind: 'import', name: 'Circulation from circulation.csv' },
        fields: [
          { field: 'fees', label: 'Fees', before: null, after: 12.5 },
          { field: 'loans', before: null, after: 2 },
          { field: 'circulation_on', before: null, after: '2026-02-01' },
        ],
      },
    ]);
    expect((await test.db.pool.query('select state, members, counts from runs')).rows).toEqual([
      { state: 'COMPLETED_SUCCESS', members: 3, counts: { members: 3, changed: 3, unchanged: 0, skipped: 0, failed: 0 } },
    ]);
  });

  it('replaces a user’s history of the kinds in the file and leaves other kinds and users alone', async () => {
    await run(
      csv('anna,loan,L1,,,,,,2026-02-01', 'anna,loan,L2,,,,,,2026-02-01', 'anna,fee,F1,,,5,,,2026-02-01', 'cleo,loan,L9,,,,,,2026-02-01'),
    );
    const result = await run(csv('anna,loan,L2,New title,,,,,2026-02-05', 'anna,loan,L3,,,,,,2026-02-05'));
    expect(result).toMatchObject({ rows: 2, changed: 1 });
    expect((await rows()).map((row) => [row.user_id, row.reference, row.title, row.true_on])).toEqual([
      [1, 'F1', null, '2026-02-01'],
      [1, 'L2', 'New title', '2026-02-05'],
      [1, 'L3', null, '2026-02-05'],
      [3, 'L9', null, '2026-02-01'],
    ]);
    expect((await users())[0]).toMatchObject({ loans: 2, fees: '5.00', circulation_on: '2026-02-05' });
  });

  it('takes a row of user, kind and date alone for "none"', async () => {
    await run(csv('anna,loan,L1,,,,,,2026-02-01'));
    expect(await run(csv('anna,loan,,,,,,,2026-02-02', 'ben,loan,,,,,,,2026-02-02'))).toMatchObject({ rows: 0, changed: 2, rejected: 0 });
    expect(await rows()).toEqual([]);
    expect((await users()).map((user) => user.loans)).toEqual([0, 0, null]);
  });

  it('writes nothing the second time', async () => {
    const file = csv('anna,loan,L1,,,,,,2026-02-01', 'anna,fee,F1,,,1.5,EUR,,2026-02-01');
    await run(file);
    const before = await users();
    expect(await run(file)).toMatchObject({ changed: 0, unchanged: 1, rejected: 0 });
    expect(await users()).toEqual(before);
    expect((await test.db.pool.query('select count(*) as n from journal')).rows).toEqual([{ n: 1 }]);
  });

  it('works a dry run out and writes nothing', async () => {
    expect(await run(csv('anna,loan,L1,,,,,,2026-02-01', 'nobody,loan,L1,,,,,,2026-02-01'), { dryRun: true })).toMatchObject({
      rows: 1,
      changed: 1,
      rejected: 1,
      run_id: null,
      dry_run: true,
    });
    expect(await rows()).toEqual([]);
    expect((await test.db.pool.query('select count(*) as n from runs')).rows).toEqual([{ n: 0 }]);
  });

  it('tells bad rows with line, field and rule, keeps their users’ kind out, and takes the rest', async () => {
    const result = await run(
      csv(
        'anna,loan,L1,,,,,,2026-02-01', //                      2: good, held back by 3
        'anna,loan,L2,,,,,2026-02-30,2026-02-01', //            3
        'anna,request,R1,,,,,,2026-02-01', //                   4: good
        'nobody,loan,L1,,,,,,2026-02-01', //                    5
        'H1,loan,L1,,,,,,2026-02-01', //                        6
        'ben,borrowing,L1,,,,,,2026-02-01', //                  7
        'ben,fee,F1,,,twelve,EUR,,2026-02-01', //               8
        'ben,fee,F2,,,,EUR,,2026-02-01', //                     9
        'ben,loan,,Lost reference,,,,,2026-02-01', //           10
        'ben,request,R1,,,,,,2099-01-01', //                    11
        'cleo,loan,L1,,,,,,2026-02-01', //                      12
        'cleo,loan,L1,,,,,,2026-02-01', //                      13
        'cleo,fee,F1,,,1,EUR,,2026-02-01', //                   14
        'cleo,fee,F2,,,1,CHF,,2026-02-01', //                   15
        'cleo,request,R1,,,,,,2026-02-01', //                   16
        'cleo,request,R2,,,,,,2026-02-02', //                   17
        ',loan,L1,,,,,,2026-02-01', //                          18
        'anna,fee', //                                          19
        'ben,loan,L7,,,,Euro,,', //                             20
        `ben,loan,${'x'.repeat(300)},,,,,,2026-02-01`, //       21
        'ben,loan,L\0,,,,,,2026-02-01', //                      22
      ),
    );
    expect(result.errors.map((error) => [error.line, error.field, error.code])).toEqual([
      [3, 'due_date', 'feeds.bad_date'],
      [5, 'user_id', 'circulation.user_unknown'],
      [6, 'user_id', 'feeds.match_ambiguous'],
      [7, 'kind', 'circulation.unknown_kind'],
      [8, 'amount', 'feeds.bad_number'],
      [9, 'amount', 'feeds.required'],
      [10, 'reference', 'feeds.required'],
      [11, 'as_of_date', 'circulation.in_future'],
      [13, 'reference', 'circulation.reference_twice'],
      [15, 'currency', 'circulation.two_currencies'],
      [16, 'as_of_date', 'circulation.two_dates'],
      [18, 'user_id', 'feeds.required'],
      [19, '', 'feeds.column_count'],
      [19, 'as_of_date', 'feeds.required'],
      [20, 'currency', 'circulation.bad_currency'],
      [20, 'as_of_date', 'feeds.required'],
      [21, 'reference', 'feeds.too_long'],
      [22, 'reference', 'feeds.bad_characters'],
    ]);
    expect(result).toMatchObject({ rows: 1, changed: 1, failed: 2, held_back: 4, rejected: 16 });
    expect(result.errors.find((error) => error.line === 13)?.message).toBe(
      'The reference “L1” of this user and kind is already in line 12.',
    );
    expect(result.errors.find((error) => error.line === 3)?.message).toBe(
      '“2026-02-30” is not a date. Expected is a date like 2027-09-30.',
    );
    expect((await rows()).map((row) => [row.user_id, row.reference])).toEqual([[1, 'R1']]);
    expect((await test.db.pool.query('select state, counts from runs')).rows).toEqual([
      { state: 'COMPLETED_WARNING', counts: { members: 3, changed: 1, unchanged: 0, skipped: 0, failed: 2 } },
    ]);
  });

  it('does not go back behind what is known', async () => {
    await run(csv('anna,loan,L1,,,,,,2026-02-10'));
    expect((await run(csv('anna,loan,L2,,,,,,2026-02-01', 'anna,fee,F1,,,1,,,2026-02-01'))).errors).toMatchObject([
      { line: 2, code: 'circulation.known_later' },
    ]);
    expect((await users())[0]).toMatchObject({ loans: 1, fees: '1.00', circulation_on: '2026-02-10' });
  });

  describe('files', () => {
    it.each([
      [
        'semicolons, CRLF and a byte-order mark',
        `\ufeff${csv('anna,loan,L1,,,,,,2026-02-01').replaceAll(',', ';').replaceAll('\n', '\r\n')}`,
      ],
      ['tabs and other names of columns', 'identifier\tTYPE\tid\tas_of\nanna\tloan\tL1\t2026-02-01'],
      ['blank lines', `\n\n${csv('', 'anna,loan,L1,,,,,,2026-02-01', '')}\n`],
    ])('reads %s', async (_what, content) => {
      expect(await run(content)).toMatchObject({ rows: 1, changed: 1, errors: [] });
    });

    it.each([
      ['an empty file', '', 'feeds.file_empty'],
      ['a file without the columns', 'name,age\nx,1\n', 'circulation.columns_missing'],
      ['an open quotation mark', csv('anna,loan,L1,,,,,,2026-02-01', 'anna,loan,"L2,,,,,,2026-02-01'), 'feeds.csv_broken'],
      ['another encoding', Buffer.from(csv('anna,loan,L1,B\u00fccher,,,,,2026-02-01'), 'latin1'), 'feeds.not_utf8'],
    ])('changes nothing for %s', async (_what, content, code) => {
      await expect(run(content)).rejects.toMatchObject({ code });
      expect(await rows()).toEqual([]);
      expect((await test.db.pool.query('select count(*) as n from runs')).rows).toEqual([{ n: 0 }]);
    });

    it('reads Windows-1252 when told so', async () => {
      await run(Buffer.from(csv('anna,loan,L1,B\u00fccher,,,,,2026-02-01'), 'latin1'), { encoding: 'windows-1252' });
      expect((await rows())[0]).toMatchObject({ title: 'Bücher' });
    });

    it('takes many rows in pieces', async () => {
      const many = Array.from({ length: 9_000 }, (_, i) => `${['anna', 'ben', 'cleo'][i % 3]},loan,L${i},,,,,,2026-02-01`);
      expect(await run(csv(...many))).toMatchObject({ rows: 9_000, changed: 3 });
      expect((await users()).map((user) => user.loans)).toEqual([3_000, 3_000, 3_000]);
    });
  });
});
