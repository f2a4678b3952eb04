/**
 * A year and a half of a small university, played through day by day: what the feed sends, what the library
 * decides, who is written to, who leaves, and who is erased in the end. Every count has to add up.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { verifyPassword } from '../src/access/index.ts';
import { type Context, parseInput } from '../src/core/index.ts';
import {
  confirmFeedFile,
  createFeed,
  discardFeedFile,
  type FeedFileView,
  listRejections,
  loadFeed,
  previewFeed,
  showFeed,
} from '../src/feeds/index.ts';
import { createMailboxChannel, sendDue } from '../src/letters/index.ts';
import { previewPurge, type RunReport, runPurge, showRun } from '../src/runs/index.ts';
import { userHistory } from '../src/users/index.ts';
import { useTestDatabase } from './support/database.ts';
import { parseMail } from './support/mail.ts';
import { runsBench } from './support/runs.ts';
import { senderPorts } from './support/sender-ports.ts';

const test = useTestDatabase();
const bench = runsBench(test);
let dataDir = '';

const ctx = (): Context => ({ ...bench.ctx, db: test.db, dataDir });

const MAPPING = {
  name: 'students',
  fields: {
    primary_id: 'id',
    first_name: 'first',
    last_name: 'last',
    user_group: 'group',
    expiry_date: { column: 'until', date: 'DD.MM.YYYY' },
  },
  rows: [
    { row: 'identifier', with: { type: 'BARCODE' }, from: { value: 'card' } },
    { row: 'email', with: { types: ['school'] }, from: { address: 'mail' } },
  ],
};

interface Student {
  id: string;
  first: string;
  last: string;
  group: string;
  card: string;
  mail: string;
  until: string;
}

/** What the university says today. */
const university = new Map<string, Student>();

function enrol(from: number, to: number, until: string): void {
  for (let n = from; n <= to; n += 1)
    university.set(`s${n}`, {
      id: `s${n}`,
      first: `First ${n}`,
      last: `Last ${n}`,
      group: 'S',
      card: `C${1000 + n}`,
      mail: `s${n}@students.example`,
      until,
    });
}

function student(n: number): Student {
  const found = university.get(`s${n}`);
  if (found === undefined) throw new Error(`There is no student ${n}.`);
  return found;
}

const HEAD: readonly (keyof Student)[] = ['id', 'first', 'last', 'group', 'card', 'mail', 'until'];

function file(): string {
  return `${HEAD.join(';')}\n${[...university.values()].map((s) => HEAD.map((name) => s[name]).join(';')).join('\n')}\n`;
}

let files = 0;

async function written(content: string): Promise<string> {
  files += 1;
  const name = path.join(dataDir, `night-${String(files).padStart(3, '0')}.csv`);
  await writeFile(name, content);
  return name;
}

/** The night's file; its outcome has to account for every record in it. */
async function night(content = file()): Promise<FeedFileView> {
  const loaded = await loadFeed.run(ctx(), { code: 'SIS', file: await written(content) });
  if (loaded.state === 'loaded' && loaded.counts !== null) {
    const { created, updated, unchanged, rejected, absent } = loaded.counts;
    expect(created + updated + unchanged + rejected).toBe(content.trim().split('\n').length - 1);
    const run = await showRun.run(ctx(), { id: loaded.run_id ?? 0 });
    expect(run.counts).toMatchObject({ changed: created + updated + absent, unchanged, failed: rejected });
    addsUp(run);
  }
  return loaded;
}

function addsUp({ counts }: RunReport): void {
  const { members, changed, unchanged, skipped, failed, conflict = 0 } = counts as Readonly<Record<string, number>>;
  expect((changed ?? 0) + (unchanged ?? 0) + (skipped ?? 0) + (failed ?? 0) + conflict).toBe(members);
}

async function job(where: string, plan: object): Promise<RunReport> {
  const report = await bench.run(await bench.set(where), plan);
  addsUp(report);
  return report;
}

const send = () => sendDue(ctx(), senderPorts(createMailboxChannel(dataDir)));

function on(day: string): void {
  vi.setSystemTime(new Date(`${day}T03:00:00Z`));
}

async function one<T extends object>(text: string, values: readonly unknown[] = []): Promise<T | undefined> {
  return (await test.db.pool.query<T>(text, [...values])).rows[0];
}

async function kindsOf(user: string): Promise<string[]> {
  const history = await userHistory.run(ctx(), parseInput(userHistory.input, { user }));
  // Readable: every entry says who, which run, and what in words.
  for (const entry of history.entries) {
    expect(entry.by).not.toBe('');
    expect(entry.run.name).not.toBe('');
    for (const field of entry.fields) expect(field.label).not.toBe('');
  }
  return history.entries.map((entry) => entry.run.kind).reverse();
}

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  dataDir = await mkdtemp(path.join(os.tmpdir(), 'muster-year-'));
});
afterAll(async () => {
  vi.useRealTimers();
  await rm(dataDir, { recursive: true, force: true });
});

describe('a year of a small university', () => {
  it('begins: a feed, its first file, and the nights after it', async () => {
    on('2026-10-01');
    await createFeed.run(
      ctx(),
      parseInput(createFeed.input, {
        code: 'SIS',
        name: 'Student office',
        csv_mapping: MAPPING,
        code_maps: { user_group: { S: 'UNDERGRAD' } },
        defaults: { preferred_language: 'de', purge_date: '2028-09-30' },
      }),
    );
    enrol(1, 30, '31.03.2027');
    enrol(31, 200, '30.09.2027');
    const seen = await previewFeed.run(ctx(), parseInput(previewFeed.input, { code: 'SIS', file: await written(file()) }));
    expect(seen).toMatchObject({ created: 200, guard: { needed: false } });
    expect(await night()).toMatchObject({ state: 'loaded', counts: { created: 200 } });
    expect(
      await one(
        `select user_group, account_type, external_id, preferred_language, expiry_date::text, purge_date::text from users where primary_id = 's1'`,
      ),
    ).toEqual({
      user_group: 'UNDERGRAD',
      account_type: 'EXTERNAL',
      external_id: 'SIS',
      preferred_language: 'de',
      expiry_date: '2027-03-31',
      purge_date: '2028-09-30',
    });

    on('2026-10-02');
    student(7).last = 'Married';
    student(8).mail = 'new@students.example';
    enrol(201, 210, '30.09.2027');
    expect(await night()).toMatchObject({ counts: { created: 10, updated: 2, unchanged: 198 } });
    on('2026-10-03');
    expect(await night()).toMatchObject({ counts: { created: 0, updated: 0, unchanged: 210 } });
  });

  it('holds what the library decides by a job, until the field is given back', async () => {
    on('2026-11-15');
    const tutors = await job('primary_id in ("s31", "s32", "s33", "s34", "s35")', { changes: [{ change: 'user_group', set: 'STAFF' }] });
    expect(tutors.counts).toMatchObject({ members: 5, changed: 5 });
    expect(await night()).toMatchObject({ counts: { updated: 0, unchanged: 210, held: 5 } });
    expect(await one(`select user_group from users where primary_id = 's31'`)).toEqual({ user_group: 'STAFF' });

    const back = await job('primary_id = "s35"', { changes: [{ change: 'give_back_to_feed', fields: ['user_group'] }] });
    expect(back.counts).toMatchObject({ changed: 1 });
    expect(await one(`select user_group, held_fields from users where primary_id = 's35'`)).toEqual({
      user_group: 'UNDERGRAD',
      held_fields: [],
    });
    // The university makes one of them staff as well: both say the same, and the field is the feed's again.
    student(31).group = 'STAFF';
    expect(await night()).toMatchObject({ counts: { updated: 1, held: 3, released: 1 } });
    expect(await kindsOf('s31')).toEqual(['feed', 'job', 'feed']);
    expect(await kindsOf('s35')).toEqual(['feed', 'job', 'job']);
  });

  it('stops a broken and a halved file, and goes on with the next', async () => {
    on('2026-12-01');
    const before = await one('select count(*)::integer as journal from journal');
    expect(await night(`${file()}"s999;`)).toMatchObject({ state: 'refused' });
    const half = file().split('\n').slice(0, 106).join('\n');
    const held = await night(`${half}\n`);
    expect(held).toMatchObject({ state: 'held', counts: { absent: 105, guard: { needed: true, touched: 105, of: 210 } } });
    expect(await one('select count(*)::integer as journal from journal')).toEqual(before);
    expect(await discardFeedFile.run(ctx(), { id: held.id })).toMatchObject({ state: 'discarded' });
    expect(await night()).toMatchObject({ state: 'loaded', counts: { updated: 0, unchanged: 210, absent: 0 } });
  });

  it('lets a class graduate: internal, with passwords and letters, and their loans stay', async () => {
    on('2027-03-25');
    await test.db.pool.query(`update users set loans = 3, fees = 4.50 where primary_id in ('s1', 's2')`);
    const report = await job('expiry_date = 2027-03-31 and account_type = "EXTERNAL"', {
      changes: [
        { change: 'account_type', set: 'INTERNAL', credentials: 'password' },
        { change: 'expiry_date', set: '2028-03-31' },
        { change: 'user_group', set: 'ALUMNI' },
      ],
      notify: { type: 'ACCOUNT_TYPE_CHANGED' },
    });
    expect(report.counts).toMatchObject({ members: 30, changed: 30 });
    expect(report.letters).toMatchObject({ ledger: { queued: 60 }, credentials_pending: 30 });
    expect(await send()).toMatchObject({ sent: 60, failed: 0 });
    expect((await bench.show(report.id)).letters).toMatchObject({ ledger: { sent: 60 }, credentials_pending: 0 });
    const mail = await one<{ file: string }>(
      `select o.file from outbox o join users u on u.id = o.user_id where u.primary_id = 's1' and o.letter = 'CREDENTIALS_CHANGED'`,
    );
    const letter = parseMail(await readFile(path.join(dataDir, mail?.file ?? '')));
    const words = letter.text.match(/(?<=^|\s)[A-Za-z0-9]{10}(?=\s|$)/gm)?.filter((word) => /[0-9]/.test(word)) ?? [];
    const hash = await one<{ hash: string }>(
      `select c.hash from users u join credentials c on c.id = u.credential_id where u.primary_id = 's1' and u.credential_state = 'password'`,
    );
    expect(await verifyPassword(hash?.hash ?? '', words[0] ?? '')).toBe(true);
    expect(await one(`select loans, fees::text, account_type, external_id from users where primary_id = 's1'`)).toEqual({
      loans: 3,
      fees: '4.50',
      account_type: 'INTERNAL',
      external_id: null,
    });
  });

  it('keeps them internal, whatever the next files say', async () => {
    on('2027-03-26');
    for (let n = 1; n <= 30; n += 1) student(n).last = 'Overwritten';
    const loaded = await night();
    expect(loaded).toMatchObject({
      state: 'loaded',
      counts: { updated: 0, unchanged: 180, rejected: 30, reasons: { 'feeds.user_not_external': 30 }, absent: 0 },
    });
    const { rejections } = await listRejections.run(ctx(), parseInput(listRejections.input, { run: loaded.run_id }));
    expect(rejections).toHaveLength(30);
    expect(rejections[0]).toMatchObject({ line: 2, code: 'feeds.user_not_external', primary_id: 's1' });
    expect(await one(`select last_name from users where primary_id = 's1'`)).toEqual({ last_name: 'Last 1' });

    on('2027-04-01');
    for (let n = 1; n <= 30; n += 1) university.delete(`s${n}`);
    expect(await night()).toMatchObject({ counts: { updated: 0, unchanged: 180, rejected: 0, absent: 0 } });
    expect(await kindsOf('s1')).toEqual(['feed', 'job', 'job']);
  });

  it('tells who has left, and a plan on their set ends their accounts', async () => {
    on('2027-05-02');
    for (let n = 101; n <= 105; n += 1) university.delete(`s${n}`);
    expect(await night()).toMatchObject({ counts: { unchanged: 175, absent: 5 } });
    const { absent_set, users, absent } = await showFeed.run(ctx(), { code: 'SIS' });
    expect({ users, absent }).toEqual({ users: 180, absent: 5 });
    const report = await bench.run(absent_set?.name ?? '', {
      changes: [
        { change: 'expiry_date', set: '2027-05-31' },
        { change: 'purge_date', set: '2027-12-31' },
      ],
    });
    addsUp(report);
    expect(report.counts).toMatchObject({ members: 5, changed: 5 });
    on('2027-05-03');
    expect(await night()).toMatchObject({ counts: { updated: 0, unchanged: 175, absent: 0 } });
    expect(await kindsOf('s101')).toEqual(['feed', 'feed', 'job']);
  });

  it('reminds everybody whose account ends once, however many days the job runs', async () => {
    await test.db.pool.query(`update notification_types set once_per = 'expiry_date' where code = 'EXPIRES_SOON'`);
    const sent: number[] = [];
    for (const day of ['2027-09-01', '2027-09-02', '2027-09-03', '2027-09-15', '2027-09-30']) {
      on(day);
      await job('expiry_date >= today and expiry_date <= today + 30 days', { changes: [], notify: { type: 'EXPIRES_SOON' } });
      sent.push((await send()).sent);
    }
    expect(sent).toEqual([175, 0, 0, 0, 0]);
    expect(
      await one(
        `select max(n)::integer as most from (select count(*) as n from outbox where letter = 'EXPIRES_SOON' and state = 'sent' group by user_id) x`,
      ),
    ).toEqual({ most: 1 });
    // Whoever the university keeps gets a new date from the feed, and may be reminded of that one.
    on('2027-10-01');
    for (const one of university.values()) one.until = '30.09.2028';
    const large = await night();
    expect(large).toMatchObject({ state: 'held', counts: { guard: { touched: 175 } } });
    expect(await confirmFeedFile.run(ctx(), { id: large.id, users: 175 })).toMatchObject({ state: 'loaded', counts: { updated: 175 } });
  });

  it('erases who has gone, but nobody with loans, and keeps the rest', async () => {
    on('2028-10-15');
    const expired = await job('account_type = "INTERNAL"', { changes: [{ change: 'expiry_date', set: '2028-09-30' }] });
    expect(expired.counts).toMatchObject({ members: 30, changed: 30 });
    const everybody = await one<{ users: number }>('select count(*)::integer as users from users');
    const seen = await previewPurge.run(ctx(), parseInput(previewPurge.input, {}));
    // Due: 30 graduates, 5 who left, and 175 students whose purge date the feed's default has set.
    expect(seen).toMatchObject({ members: 210, erasable: 208 });
    expect(Object.fromEntries(seen.reasons.map((r) => [r.reason, r.users]))).toEqual({ 'privacy.purge.open_loans': 2 });
    const started = await runPurge.run(ctx(), parseInput(runPurge.input, { confirm: 208, digest: seen.digest }));
    await bench.work();
    const report = await bench.show(started.id);
    addsUp(report);
    expect(report.counts).toMatchObject({ members: 210, changed: 208, skipped: 2 });
    expect(await one('select count(*)::integer as users from users')).toEqual({ users: (everybody?.users ?? 0) - 208 });
    expect(await one(`select count(*)::integer as left from users where primary_id in ('s1', 's2')`)).toEqual({ left: 2 });
    expect(
      await one(`select count(*)::integer as rows from journal j where not exists (select from users u where u.id = j.user_id)`),
    ).toEqual({ rows: 0 });
    expect(await kindsOf('s1')).toEqual(['feed', 'job', 'job', 'job']);
  });
});
