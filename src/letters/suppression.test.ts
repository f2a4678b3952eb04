import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { createLettersBench, type LettersBench, perform } from '../../test/support/letters.ts';
import { suppressedAmong } from './suppression.ts';
import { exportSuppressions, importSuppressions } from './suppression-files.ts';
import { liftAddress, listSuppressions, suppressAddress } from './suppression-operations.ts';

const test = useTestDatabase();
let bench: LettersBench;
let directory: string;

beforeAll(async () => {
  bench = await createLettersBench(test.db);
  directory = await mkdtemp(path.join(tmpdir(), 'suppressions-'));
});
afterAll(async () => {
  await bench.close();
  await rm(directory, { recursive: true, force: true });
});

const list = (input: object = {}) => perform(bench.ctx, listSuppressions, input);
const add = (address: string, more: object = {}) => perform(bench.ctx, suppressAddress, { address, ...more });
const lift = (address: string, more: object = {}) => perform(bench.ctx, liftAddress, { address, ...more });
const file = (name: string): string => path.join(directory, name);

describe('the list of addresses that nothing is sent to', () => {
  it('is kept by staff, with who did it and why', async () => {
    await bench.user({ primary_id: 'anna', emails: [{ address: 'Anna@Example.org' }] });
    expect(await add(' ANNA@example.org ', { detail: 'asked for it' })).toEqual({ address: 'anna@example.org', added: true });
    expect(await add('anna@example.org')).toEqual({ address: 'anna@example.org', added: false });
    expect(await list()).toMatchObject({
      total: 1,
      suppressions: [{ address: 'anna@example.org', reason: 'manual', detail: 'asked for it', by: 'administrator', users: ['anna'] }],
      next: null,
    });
    expect(await lift('Anna@EXAMPLE.org')).toEqual({ address: 'anna@example.org' });
    await expect(lift('anna@example.org')).rejects.toMatchObject({ code: 'letters.suppression_not_found' });
    expect((await list()).total).toBe(0);
    const { rows } = await test.db.pool.query(
      `select operation, actor, entity_id from audit where operation like 'suppression.%t' and outcome = 'done' and entity = 'address'`,
    );
    expect(rows).toEqual([{ operation: 'suppression.lift', actor: 'administrator', entity_id: 'anna@example.org' }]);
  });

  it('has telephone numbers however they are written', async () => {
    expect(await add('030 12 34 56', { channel: 'sms' })).toMatchObject({ address: '+4930123456' });
    expect(await suppressedAmong(test.db.pool, 'sms', ['0049 30 123456', '(030) 123456', '+4930123457'])).toEqual(
      new Set(['0049 30 123456', '(030) 123456']),
    );
    await lift('+49 30 123456', { channel: 'sms' });
  });

  it('takes no address that cannot be', async () => {
    for (const address of ['anna', 'a@b', 'a b@example.org', 'a@example.org, b@example.org', "'; drop table users"]) {
      await expect(add(address)).rejects.toMatchObject({ code: 'letters.impossible_address' });
    }
    await expect(add('12', { channel: 'sms' })).rejects.toMatchObject({ code: 'letters.impossible_address' });
  });

  it('says of addresses, as they were given, which are on it', async () => {
    await add('x@example.org');
    expect(await suppressedAmong(test.db.pool, 'email', ['X@example.org', 'y@example.org', ' x@Example.ORG '])).toEqual(
      new Set(['X@example.org', ' x@Example.ORG ']),
    );
    expect(await suppressedAmong(test.db.pool, 'email', [])).toEqual(new Set());
    await lift('x@example.org');
  });

  it('is read page by page, each address once, and searched', async () => {
    await test.db.pool.query(`insert into suppressed_addresses (channel, address, reason, suppressed_at)
      select 'email', 'p' || n || '@example.org', 'bounce', now() - make_interval(secs => n / 3) from generate_series(1, 25) n`);
    const seen: string[] = [];
    for (let after: string | undefined; ; ) {
      const page = await list({ limit: 4, ...(after === undefined ? {} : { after }) });
      expect(page.total).toBe(25);
      seen.push(...page.suppressions.map(({ address }) => address));
      if (page.next === null) break;
      after = page.next;
    }
    expect(new Set(seen).size).toBe(25);
    expect(seen).toHaveLength(25);
    expect((await list({ search: 'P2' })).total).toBe(7);
    expect((await list({ search: '%' })).total).toBe(0);
    expect((await list({ reason: 'manual' })).total).toBe(0);
    await expect(list({ after: 'nonsense' })).rejects.toMatchObject({ code: 'input.invalid' });
    await test.db.pool.query('delete from suppressed_addresses');
  });
});

describe('the list as a file', () => {
  it('comes back as it went out', async () => {
    await add('one@example.org', { detail: '=2+3, "quoted"\nand a second line' });
    await add('030 999', { channel: 'sms' }).catch(() => undefined);
    await add('+4930999999', { channel: 'sms' });
    const before = await list();
    expect(await perform(bench.ctx, exportSuppressions, { file: file('out.csv') })).toMatchObject({ addresses: before.total });
    expect((await stat(file('out.csv'))).mode & 0o077).toBe(0);
    expect(await readFile(file('out.csv'), 'utf8')).toContain("'=2+3");
    await test.db.pool.query('delete from suppressed_addresses');
    expect(await perform(bench.ctx, importSuppressions, { file: file('out.csv') })).toEqual({ read: before.total, added: before.total });
    const after = await list();
    expect(after.suppressions.map(({ by: _, ...rest }) => rest)).toEqual(before.suppressions.map(({ by: _, ...rest }) => rest));
    expect(await perform(bench.ctx, importSuppressions, { file: file('out.csv') })).toEqual({ read: before.total, added: 0 });
    await test.db.pool.query('delete from suppressed_addresses');
  });

  it('needs no more than addresses', async () => {
    await writeFile(file('plain.csv'), '\ufeffAddress\r\nA@example.org\r\na@example.org\r\n\r\nb@example.org\r\n');
    expect(await perform(bench.ctx, importSuppressions, { file: file('plain.csv') })).toEqual({ read: 3, added: 2 });
    await test.db.pool.query('delete from suppressed_addresses');
  });

  it.each([
    ['an address that cannot be', 'address\na@example.org\nnobody\n', 3, 'nobody'],
    ['a channel that there is not', 'address,channel\na@example.org,fax\n', 2, 'channel'],
    ['a reason that there is not', 'address,reason\na@example.org,bounce\nb@example.org,whim\n', 3, 'reason'],
    ['a day that is none', 'address,since\na@example.org,2026-13-01\n', 2, 'since'],
    ['no column of addresses', 'mail\na@example.org\n', 2, 'address'],
    ['a line that is too long', 'address,reason\na@example.org\n', 2, 'CSV_'],
    ['quotation marks that do not close', 'address\n"a@example.org\n', 2, 'CSV_'],
  ])('with %s is not read at all', async (_, content, line, problem) => {
    await writeFile(file('wrong.csv'), content);
    const error: unknown = await perform(bench.ctx, importSuppressions, { file: file('wrong.csv') }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'letters.suppression_line', params: { line, problem: expect.stringContaining(problem) } });
    expect((await list()).total).toBe(0);
  });

  it('that is not there is told', async () => {
    await expect(perform(bench.ctx, importSuppressions, { file: file('none.csv') })).rejects.toMatchObject({
      code: 'feeds.file_unreadable',
    });
  });
});
