import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sql from 'sql-template-tag';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { useTestDatabase } from '../../../test/support/database.ts';
import { createLettersBench, type LettersBench, perform, type TestUser, verifyPassword } from '../../../test/support/letters.ts';
import { readPdf } from '../../../test/support/pdf.ts';
import { createMailboxChannel, showMessage } from '../index.ts';
import { cancelMessages, cancelQueued } from '../outbox.ts';
import type { SenderPorts } from '../secret.ts';
import { deletePrint, downloadPrint, expirePrints, listPrints, makePrint, makePrints, showPrint } from './index.ts';
import type { MakeOptions } from './maker.ts';

const database = useTestDatabase();
let bench: LettersBench;
let ports: SenderPorts;
let out: string;
beforeAll(async () => {
  bench = await createLettersBench(database.db);
  ports = bench.ports(createMailboxChannel(bench.dataDir));
  await bench.setting('library.name', 'Stadtbibliothek Beispiel');
  out = await mkdtemp(path.join(tmpdir(), 'prints-'));
});
afterAll(async () => {
  await bench.close();
  await rm(out, { recursive: true, force: true });
});
beforeEach(() =>
  database.db.pool.query('delete from message_contents; delete from print_letters; delete from outbox; delete from print_batches'),
);

interface Address {
  readonly line1?: string | null;
  readonly city?: string | null;
  readonly postal_code?: string | null;
  readonly country?: string | null;
  readonly preferred?: boolean;
  readonly types?: readonly string[];
  readonly end_date?: string;
}

let people = 0;
async function person(user: Partial<TestUser>, ...addresses: readonly Address[]): Promise<number> {
  people += 1;
  const id = await bench.user({ primary_id: `p${people}`, last_name: `Person${people}`, preferred_language: 'de', ...user });
  for (const a of addresses) {
    await database.db.pool.query(sql`
      insert into user_addresses (user_id, line1, city, postal_code, country, preferred, types, end_date)
      values (${id}, ${a.line1 === undefined ? 'Am Weg 1' : a.line1}, ${a.city === undefined ? 'Bonn' : a.city},
        ${a.postal_code === undefined ? '53111' : a.postal_code}, ${a.country ?? null}, ${a.preferred ?? null}, ${a.types ?? ['home']}::text[], ${a.end_date ?? null}::date)`);
  }
  return id;
}

/** A run whose letters are to be printed. */
async function printRun(letter: string, users: readonly number[]): Promise<number> {
  const run = await bench.run(letter, users);
  await database.db.pool.query(sql`update outbox set channel = 'print' where run_id = ${run}`);
  return run;
}

async function makeAll(options: MakeOptions = {}): Promise<void> {
  while (await makePrints(bench.ctx, ports, options));
}

const fileOf = (batch: number, part = 1): string => path.join(bench.dataDir, 'print', String(batch), `letters-${part}.pdf`);

async function make(input: { run?: number } = {}, options: MakeOptions = {}): Promise<number> {
  const { batches } = await perform(bench.ctx, makePrint, input);
  await makeAll(options);
  return batches[0]?.id ?? 0;
}

async function states(run: number): Promise<readonly string[]> {
  return (await bench.outbox(run)).map((row) => row.state);
}

async function statesOfFiles(batch: number): Promise<readonly string[]> {
  return readdir(path.join(bench.dataDir, 'print', String(batch))).catch(() => []);
}

describe('a batch', () => {
  test('is one PDF in the order of country and postal code; its letters are sent', async () => {
    const vienna = await person({ first_name: 'Vera' }, { city: 'Wien', postal_code: '1010', country: 'AUT' });
    const munich = await person({ first_name: 'Maria' }, { city: 'München', postal_code: '80331', country: 'DEU' });
    const berlin = await person({ first_name: 'Bertha' }, { city: 'Berlin', postal_code: '10115' });
    const run = await printRun('GENERAL_NOTICE', [vienna, munich, berlin]);
    const id = await make();
    expect(await states(run)).toEqual(['sent', 'sent', 'sent']);
    const { pages, info, metadata } = await readPdf(fileOf(id));
    expect(pages.map((page) => /Bertha|Maria|Vera/.exec(page.text)?.[0])).toEqual(['Bertha', 'Maria', 'Vera']);
    expect(pages[2]?.text).toContain('1010 Wien\nAUSTRIA');
    expect(pages[1]?.text).not.toContain('GERMANY');
    expect(info['Title']).toContain('Stadtbibliothek Beispiel');
    expect(metadata).toContain('<pdfuaid:part>1</pdfuaid:part>');
    expect((await stat(fileOf(id))).mode & 0o777).toBe(0o600);

    const shown = await perform(bench.ctx, showPrint, { id });
    expect(shown).toMatchObject({
      state: 'ready',
      layout: 'din5008',
      messages: 3,
      done: 3,
      printed: 3,
      left_out: 0,
      pages: 3,
      remarks: [],
    });
    expect(shown.parts).toEqual([{ part: 1, letters: 3, there: true }]);
    const days = ((shown.expires_at === null ? 0 : Date.parse(shown.expires_at)) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(29.9);
    expect(days).toBeLessThan(30.1);
    for (const { id: message } of await bench.outbox(run)) {
      const told = await perform(bench.ctx, showMessage, { id: message });
      expect(told).toMatchObject({ state: 'sent', language: 'de', print_batch: id, file: fileOf(id), content_of: 'sent' });
    }
    const { rows: kept } = await database.db.pool.query('select outbox_id from message_contents');
    expect(kept).toHaveLength(3);
  });

  test('leaves out whom nothing can be sent to, and lists them with the reason', async () => {
    const users = [
      await person({ primary_id: 'no-line' }, { line1: null }),
      await person({ primary_id: 'no-city' }, { city: null }),
      await person({ primary_id: 'none' }),
      await person({ primary_id: 'over' }, { end_date: '2020-01-01' }),
      await person({ primary_id: 'bad-code' }, { postal_code: '1234', country: 'DEU' }),
      await person({ primary_id: 'nowhere' }, { country: 'Atlantis' }),
      await person({ primary_id: 'good' }, {}),
    ];
    const run = await printRun('GENERAL_NOTICE', users);
    const id = await make();
    expect(await states(run)).toEqual([...Array.from({ length: 6 }, () => 'no_address'), 'sent']);
    const { remarks, ...batch } = await perform(bench.ctx, showPrint, { id });
    expect(batch).toMatchObject({ state: 'ready', messages: 7, printed: 1, left_out: 6 });
    expect(Object.fromEntries(remarks.map((remark) => [remark.user, remark.remark]))).toEqual({
      'no-line': 'Not printed: the user has no postal address that is valid today.',
      'no-city': 'Not printed: the address has no street line or no place.',
      none: 'Not printed: the user has no postal address that is valid today.',
      over: 'Not printed: the user has no postal address that is valid today.',
      'bad-code': 'Not printed: 1234 is no postcode of that country.',
      nowhere: 'Not printed: Atlantis is no country.',
    });
    // They may go into another batch once they are queued again.
    await database.db.pool.query(sql`update outbox set state = 'queued' where run_id = ${run} and state = 'no_address'`);
    expect((await perform(bench.ctx, listPrints, {})).waiting).toEqual({ ordinary: 6, credentials: 0 });
  });

  test('says whose letter lacks characters', async () => {
    await printRun('GENERAL_NOTICE', [
      await person({ primary_id: 'thai', first_name: 'สมชาย' }, {}),
      await person({ primary_id: 'kim', first_name: '철수' }, {}),
    ]);
    const { remarks } = await perform(bench.ctx, showPrint, { id: await make() });
    expect(remarks).toMatchObject([{ user: 'thai', printed: true, part: 1, page: 1 }]);
    expect(remarks[0]?.remark).toContain('ส');
  });

  test('is cut into files; each letter knows its page', async () => {
    const users = [];
    for (let n = 0; n < 5; n += 1) users.push(await person({}, { postal_code: `1000${n}` }));
    await printRun('GENERAL_NOTICE', users);
    const id = await make({}, { perFile: 2 });
    const { parts, pages } = await perform(bench.ctx, showPrint, { id });
    expect(parts.map((part) => part.letters)).toEqual([2, 2, 1]);
    expect(pages).toBe(5);
    expect((await readPdf(fileOf(id, 3))).pages).toHaveLength(1);
    const { rows } = await database.db.pool.query(sql`select part, page from print_letters where batch_id = ${id} order by position`);
    expect(rows).toEqual([
      { part: 1, page: 1 },
      { part: 1, page: 2 },
      { part: 2, page: 1 },
      { part: 2, page: 2 },
      { part: 3, page: 1 },
    ]);
  });

  test('without a letter to print fails, and there is no file', async () => {
    await printRun('GENERAL_NOTICE', [await person({})]);
    const id = await make();
    expect(await perform(bench.ctx, showPrint, { id })).toMatchObject({ state: 'failed', printed: 0, left_out: 1, parts: [] });
    expect(await statesOfFiles(id)).toEqual([]);
  });

  test('takes only what waits: not the letters of a paused run, not those of another batch', async () => {
    const first = await printRun('GENERAL_NOTICE', [await person({}, {})]);
    const paused = await printRun('GENERAL_NOTICE', [await person({}, {})]);
    await database.db.pool.query(sql`insert into outbox_pauses (run_id, reason) values (${paused}, 'person')`);
    const { batches } = await perform(bench.ctx, makePrint, {});
    expect(batches).toMatchObject([{ messages: 1, credentials: false }]);
    await expect(perform(bench.ctx, makePrint, {})).rejects.toMatchObject({ code: 'print.nothing_waits' });
    await makeAll();
    expect([await states(first), await states(paused)]).toEqual([['sent'], ['queued']]);
  });
});

describe('making', () => {
  test('is done by one of several makers, each letter once', async () => {
    const users = [];
    for (let n = 0; n < 30; n += 1) users.push(await person({}, { postal_code: String(20_000 + n) }));
    const run = await printRun('GENERAL_NOTICE', users);
    const { batches } = await perform(bench.ctx, makePrint, {});
    await Promise.all([makeAll({ perFile: 5 }), makeAll({ perFile: 5 }), makeAll({ perFile: 5 })]);
    // Those who came while another held the batch found nothing to do.
    await makeAll({ perFile: 5 });
    const id = batches[0]?.id ?? 0;
    expect(await perform(bench.ctx, showPrint, { id })).toMatchObject({ state: 'ready', printed: 30, pages: 30 });
    expect((await statesOfFiles(id)).length).toBe(6);
    expect(new Set(await states(run))).toEqual(new Set(['sent']));
    const seen: string[] = [];
    for (let part = 1; part <= 6; part += 1)
      for (const page of (await readPdf(fileOf(id, part))).pages) seen.push(/Person\d+/.exec(page.text)?.[0] ?? '');
    expect(new Set(seen).size).toBe(30);
  });

  test('that is stopped leaves the letters queued and no file; the next one makes it', async () => {
    const run = await printRun('GENERAL_NOTICE', [await person({}, {})]);
    const { batches } = await perform(bench.ctx, makePrint, {});
    const id = batches[0]?.id ?? 0;
    expect(await makePrints(bench.ctx, ports, { signal: AbortSignal.abort() })).toBe(false);
    expect([await states(run), await statesOfFiles(id)]).toEqual([['queued'], []]);
    await makeAll();
    expect(await states(run)).toEqual(['sent']);
  });

  test('whose process died is taken over when its lease has ended; its draft is gone', async () => {
    const run = await printRun('GENERAL_NOTICE', [await person({}, {})]);
    const { batches } = await perform(bench.ctx, makePrint, {});
    const id = batches[0]?.id ?? 0;
    // As a maker leaves it that is killed while it writes.
    await database.db.pool.query(sql`update print_batches set lease = now() + interval '1 minute', attempts = 1 where id = ${id}`);
    await rm(path.join(bench.dataDir, 'print', String(id)), { recursive: true, force: true });
    const { mkdir } = await import('node:fs/promises');
    await mkdir(path.join(bench.dataDir, 'print', String(id)), { recursive: true });
    await writeFile(`${fileOf(id)}.draft`, '%PDF-1.7 half');
    expect(await makePrints(bench.ctx, ports)).toBe(false);
    expect(await states(run)).toEqual(['queued']);
    await database.db.pool.query(sql`update print_batches set lease = now() - interval '1 second' where id = ${id}`);
    await makeAll();
    expect([await states(run), await statesOfFiles(id)]).toEqual([['sent'], ['letters-1.pdf']]);
    expect((await readPdf(fileOf(id))).pages).toHaveLength(1);
  });

  test('does without a letter that is cancelled after its page was written', async () => {
    const [stays, goes] = [
      await person({ first_name: 'Bleibt' }, { postal_code: '10000' }),
      await person({ first_name: 'Geht' }, { postal_code: '20000' }),
    ];
    const run = await printRun('GENERAL_NOTICE', [stays, goes]);
    const { batches } = await perform(bench.ctx, makePrint, {});
    const id = batches[0]?.id ?? 0;
    // The moment between the pages and the ledger: the file is there, nothing is settled.
    const db = { ...database.db, transaction: database.db.transaction.bind(database.db) };
    let once = true;
    const slow = {
      ...bench.ctx,
      db: {
        ...db,
        transaction: async <T>(work: Parameters<typeof db.transaction<T>>[0]) => {
          if (once) {
            once = false;
            await database.db.transaction((tx) => cancelQueued(tx, run, [goes]));
          }
          return database.db.transaction(work);
        },
      },
    };
    await makePrints(slow, ports);
    expect(await states(run)).toEqual(['queued', 'cancelled']);
    expect(await statesOfFiles(id)).toEqual([]);
    await makeAll();
    expect(await states(run)).toEqual(['sent', 'cancelled']);
    const { pages } = await readPdf(fileOf(id));
    expect(pages).toHaveLength(1);
    expect(pages[0]?.text).toContain('Bleibt');
  });

  test('that fails again and again gives the letters back', async () => {
    const run = await printRun('GENERAL_NOTICE', [await person({}, {})]);
    const { batches } = await perform(bench.ctx, makePrint, {});
    const id = batches[0]?.id ?? 0;
    // No directory can be made where a file lies.
    await rm(path.join(bench.dataDir, 'print'), { recursive: true, force: true });
    await writeFile(path.join(bench.dataDir, 'print'), '');
    try {
      for (let attempt = 0; attempt < 5; attempt += 1) await expect(makePrints(bench.ctx, ports)).rejects.toThrow(/ENOTDIR|EEXIST/);
      expect(await makePrints(bench.ctx, ports)).toBe(true);
    } finally {
      await rm(path.join(bench.dataDir, 'print'), { force: true });
    }
    const batch = await perform(bench.ctx, showPrint, { id });
    expect(batch.state).toBe('failed');
    expect(batch.error).toMatch(/ENOTDIR|EEXIST/);
    expect(await states(run)).toEqual(['queued']);
    expect((await perform(bench.ctx, listPrints, {})).waiting).toEqual({ ordinary: 1, credentials: 0 });
  });
});

describe('letters with passwords', () => {
  const words = async (file: string): Promise<string[]> => {
    const { pages } = await readPdf(file);
    return pages.map((page) => /^(?:Passwort|Password):?\s+(\S+)$/m.exec(page.text)?.[1] ?? '');
  };
  const hashes = async (users: readonly number[]): Promise<(string | null)[]> => {
    const { rows } = await database.db.pool.query<{ hash: string | null }>(sql`
      select c.hash from unnest(${users}::bigint[]) with ordinality as m (id, nth) join users u on u.id = m.id
      left join credentials c on c.id = u.credential_id order by m.nth`);
    return rows.map((row) => row.hash);
  };

  test('get a batch of their own; each password works, and stands nowhere but on the paper', async () => {
    const users = [await person({}, { postal_code: '10000' }), await person({}, { postal_code: '20000' })];
    await printRun('GENERAL_NOTICE', [await person({}, {})]);
    const run = await printRun('CREDENTIALS_CHANGED', users);
    const { batches } = await perform(bench.ctx, makePrint, {});
    expect(batches.map((batch) => [batch.credentials, batch.messages])).toEqual([
      [false, 1],
      [true, 2],
    ]);
    await makeAll();
    const id = batches[1]?.id ?? 0;
    const passwords = await words(fileOf(id));
    expect(new Set(passwords).size).toBe(2);
    for (const [index, hash] of (await hashes(users)).entries())
      expect(await verifyPassword(hash ?? '', passwords[index] ?? '')).toBe(true);
    expect(await states(run)).toEqual(['sent', 'sent']);
    const batch = await perform(bench.ctx, showPrint, { id });
    expect(batch.credentials).toBe(true);
    const hours = ((batch.expires_at === null ? 0 : Date.parse(batch.expires_at)) - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(23.9);
    expect(hours).toBeLessThan(24.1);
    const { rows } = await database.db.pool.query<{ row: string }>(`
      select to_jsonb(o)::text as row from outbox o union all select to_jsonb(l)::text from print_letters l
      union all select to_jsonb(b)::text from print_batches b union all select to_jsonb(a)::text from audit a`);
    for (const password of passwords) expect(rows.filter(({ row }) => row.includes(password))).toEqual([]);
  });

  test('are downloaded once', async () => {
    await printRun('CREDENTIALS_CHANGED', [await person({}, {})]);
    const id = await make();
    const file = path.join(out, 'once.pdf');
    const downloads = await Promise.allSettled([
      perform(bench.ctx, downloadPrint, { id, file }),
      perform(bench.ctx, downloadPrint, { id, file: path.join(out, 'twice.pdf') }),
    ]);
    expect(downloads.map((download) => download.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(downloads.find((download) => download.status === 'rejected')?.reason).toMatchObject({ code: 'print.no_file' });
    expect(await statesOfFiles(id)).toEqual([]);
    expect(await perform(bench.ctx, showPrint, { id })).toMatchObject({ state: 'deleted', parts: [{ there: false }] });
  });

  test('are printed again with another password, and the first one ends', async () => {
    const user = await person({}, {});
    const run = await printRun('CREDENTIALS_CHANGED', [user]);
    const id = await make();
    const [first = ''] = await words(fileOf(id));
    expect(await perform(bench.ctx, deletePrint, { id, requeue: true })).toEqual({ id, requeued: 1 });
    expect(await states(run)).toEqual(['queued']);
    const again = await make();
    const [second = ''] = await words(fileOf(again));
    const [hash] = await hashes([user]);
    expect(second).not.toBe(first);
    expect([await verifyPassword(hash ?? '', first), await verifyPassword(hash ?? '', second)]).toEqual([false, true]);
  });

  test('of a batch that cannot be made leave the resets pending', async () => {
    const user = await person({}, {});
    const run = await printRun('CREDENTIALS_CHANGED', [user]);
    const { batches } = await perform(bench.ctx, makePrint, {});
    const id = batches[0]?.id ?? 0;
    // The part is made, and its file cannot get its name.
    const { mkdir } = await import('node:fs/promises');
    await mkdir(path.join(fileOf(id), 'in the way'), { recursive: true });
    for (let attempt = 0; attempt < 5; attempt += 1) await makePrints(bench.ctx, ports).catch(() => undefined);
    await makePrints(bench.ctx, ports);
    const { rows } = await database.db.pool.query(sql`select credential_state, credential_id from users where id = ${user}`);
    expect(rows).toEqual([{ credential_state: 'pending', credential_id: null }]);
    expect(await states(run)).toEqual(['queued']);
    await rm(fileOf(id), { recursive: true, force: true });
  });

  test('whose password was set otherwise are not printed', async () => {
    const user = await person({}, {});
    const run = await printRun('CREDENTIALS_CHANGED', [user]);
    await database.db.pool.query(sql`update users set credential_state = 'none' where id = ${user}`);
    const id = await make();
    expect(await states(run)).toEqual(['cancelled']);
    expect(await perform(bench.ctx, showPrint, { id })).toMatchObject({ state: 'failed', printed: 0 });
  });
});

describe('the files of a batch', () => {
  let id: number;
  let run: number;
  beforeEach(async () => {
    run = await printRun('GENERAL_NOTICE', [await person({}, {})]);
    id = await make();
  });
  afterEach(() => rm(path.join(out, 'copy.pdf'), { force: true }));

  test('are copied as often as one likes', async () => {
    const file = path.join(out, 'copy.pdf');
    for (let n = 0; n < 2; n += 1) {
      const answer = await perform(bench.ctx, downloadPrint, { id, file });
      expect(answer).toEqual({ id, part: 1, file, bytes: (await stat(file)).size, deleted: false });
    }
    expect(await readFile(file)).toEqual(await readFile(fileOf(id)));
    await expect(perform(bench.ctx, downloadPrint, { id, part: 2, file })).rejects.toMatchObject({ code: 'print.no_file' });
    await expect(perform(bench.ctx, downloadPrint, { id: id + 1, file })).rejects.toMatchObject({ code: 'print.batch_not_found' });
  });

  test('go when their time is over; the ledger stays', async () => {
    expect(await expirePrints(bench.ctx)).toBe(0);
    await database.db.pool.query(sql`update print_batches set expires_at = now() - interval '1 second' where id = ${id}`);
    expect(await expirePrints(bench.ctx)).toBe(1);
    expect(await statesOfFiles(id)).toEqual([]);
    const [row] = await bench.outbox(run);
    expect(await perform(bench.ctx, showMessage, { id: row?.id })).toMatchObject({ state: 'sent', print_batch: id, file: null });
    expect(await perform(bench.ctx, showPrint, { id })).toMatchObject({ state: 'deleted' });
  });

  test('are deleted by a person, with or without printing the letters again', async () => {
    expect(await perform(bench.ctx, deletePrint, { id })).toEqual({ id, requeued: 0 });
    expect([await states(run), await statesOfFiles(id)]).toEqual([['sent'], []]);
    expect(await perform(bench.ctx, deletePrint, { id, requeue: true })).toEqual({ id, requeued: 1 });
    expect(await states(run)).toEqual(['queued']);
    await database.db.transaction((tx) => cancelMessages(tx, { run }));
    await expect(perform(bench.ctx, makePrint, {})).rejects.toMatchObject({ code: 'print.nothing_waits' });
  });

  test('cannot be had before they are made', async () => {
    await printRun('GENERAL_NOTICE', [await person({}, {})]);
    const { batches } = await perform(bench.ctx, makePrint, {});
    const open = batches[0]?.id ?? 0;
    await expect(perform(bench.ctx, downloadPrint, { id: open, file: path.join(out, 'copy.pdf') })).rejects.toMatchObject({
      code: 'print.not_ready',
    });
    await expect(perform(bench.ctx, deletePrint, { id: open })).rejects.toMatchObject({ code: 'print.not_ready' });
  });
});
