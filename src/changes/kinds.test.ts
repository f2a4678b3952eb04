import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { runsBench, type SeedUser } from '../../test/support/runs.ts';
import { todayIn } from '../core/index.ts';
import type { RunReport } from '../runs/index.ts';
import { CHANGE_KINDS, catalogue } from './index.ts';

const test = useTestDatabase();
const bench = runsBench(test);

describe('every example of every kind', () => {
  let set = '';
  beforeAll(async () => {
    await bench.users(
      { primary_id: 'anna', expiry_date: '2027-01-31', purge_date: '2028-01-31', birth_date: '1990-02-28' },
      { primary_id: 'berta', account_type: 'EXTERNAL' },
    );
    await test.db.pool.query(`insert into role_profiles (name, roles) values ('Circulation desk', '[{"type":"32"}]')`);
    set = await bench.set('everyone');
  });

  it.each([...CHANGE_KINDS.values()].map((kind) => [kind.kind, kind.examples] as const))('%s', async (_, examples) => {
    for (const example of examples) {
      const before = await bench.snapshot();
      const preview = await bench.preview(set, { changes: [example] });
      const report = await bench.run(set, { changes: [example] }, { digest: preview.digest });
      expect(report.counts, JSON.stringify(example)).toMatchObject({
        members: 2,
        changed: preview.changed,
        unchanged: preview.unchanged,
        skipped: preview.skipped,
        failed: 0,
      });
      expect(report.changes).toEqual(preview.changes);
      expect(report.changes[0]?.words).toMatch(/\S/);
      if (preview.changed > 0) await bench.undo(report.id);
      expect(await bench.snapshot()).toEqual(before);
    }
  });

  it('that the guide shows is a plan', async () => {
    const guide = await readFile(new URL('../../docs/guide/changes.md', import.meta.url), 'utf8');
    const examples = guide.split('\n').filter((line) => line.startsWith('{ "change"') && !line.includes('"column"'));
    expect(examples.length).toBeGreaterThan(15);
    for (const example of examples) {
      const preview = await bench.preview(set, { changes: [JSON.parse(example)] });
      expect(preview.members, example).toBe(2);
    }
  });

  it('is told in the catalogue, in both languages', () => {
    for (const language of ['en', 'de'] as const) {
      for (const kind of catalogue(language)) {
        expect(kind).toMatchObject({
          change: expect.any(String),
          label: expect.stringMatching(/\S/),
          help: expect.stringMatching(/\S/),
          input: expect.any(Object),
        });
        expect((kind as { examples: unknown[] }).examples.length).toBeGreaterThan(0);
      }
    }
  });
});

/** Runs changes on users made for it; answers the report. */
async function apply(users: readonly SeedUser[], changes: readonly object[], plan: object = {}): Promise<RunReport> {
  await bench.clear();
  await bench.users(...users);
  const set = await bench.set('everyone');
  const before = await bench.snapshot();
  const preview = await bench.preview(set, { changes, ...plan });
  const report = await bench.run(set, { changes, ...plan }, { digest: preview.digest });
  expect(report.counts).toMatchObject({
    changed: preview.changed,
    unchanged: preview.unchanged,
    skipped: preview.skipped,
    failed: preview.failed,
  });
  expect(report.changes).toEqual(preview.changes);
  // Whatever a change does, it can be taken back, and that as well.
  const after = await bench.snapshot();
  const undo = await bench.undo(report.id);
  expect(await bench.snapshot()).toEqual(before);
  await bench.undo(undo.id);
  expect(await bench.snapshot()).toEqual(after);
  return report;
}

const reasons = (report: RunReport, change = 0) => report.changes[change]?.skipped_reasons.map((r) => [r.reason, r.users]);
const day = (days: number): string => {
  const [y = 0, m = 0, d = 0] = todayIn(bench.ctx.timeZone).split('-').map(Number);
  return new Date(Date.UTC(y, m - 1, d + days)).toISOString().slice(0, 10);
};

describe('fields', () => {
  const expiry = { change: 'expiry_date' };
  it.each<[string, object[], string | null, string | null]>([
    ['set', [{ ...expiry, set: '2028-02-29' }], '2027-01-31', '2028-02-29'],
    ['set, relative to today', [{ ...expiry, set: 'today + 30 days' }], null, '30'],
    ['clear', [{ ...expiry, clear: true }], '2027-01-31', null],
    ['shift by months keeps inside the month', [{ ...expiry, shift: { months: 1 } }], '2027-01-31', '2027-02-28'],
    ['shift back', [{ ...expiry, shift: { years: -1, days: -1 } }], '2028-02-29', '2027-02-27'],
    ['shift by weeks', [{ ...expiry, shift: { weeks: 2 } }], '2026-12-25', '2027-01-08'],
    ['shift from today', [{ ...expiry, shift: { days: 7 }, from: 'today' }], '2020-01-01', '7'],
    ['shift to the end of the month', [{ ...expiry, shift: { months: 1 }, end_of_month: true }], '2027-01-15', '2027-02-28'],
    ['end of the month alone', [{ ...expiry, end_of_month: true }], '2028-02-10', '2028-02-29'],
    ['not earlier, when it is', [{ ...expiry, not_earlier: '2027-03-31' }], '2027-01-31', '2027-03-31'],
    ['not earlier, when it is not', [{ ...expiry, not_earlier: '2027-03-31' }], '2027-04-01', '2027-04-01'],
    ['not later', [{ ...expiry, not_later: '2027-03-31' }], '2027-04-01', '2027-03-31'],
    [
      'several fold in order',
      [
        { ...expiry, set: '2027-01-31' },
        { ...expiry, shift: { months: 1 } },
        { ...expiry, shift: { days: 1 } },
      ],
      null,
      '2027-03-01',
    ],
    [
      'conditions read the record as it was',
      [
        { ...expiry, set: '2030-01-01', when: 'if_empty' },
        { ...expiry, set: '2031-01-01', when: 'if_empty' },
      ],
      null,
      '2031-01-01',
    ],
    ['if empty, and it is not', [{ ...expiry, set: '2030-01-01', when: 'if_empty' }], '2027-01-31', '2027-01-31'],
    ['if not empty, and it is', [{ ...expiry, set: '2030-01-01', when: 'if_not_empty' }], null, null],
    [
      'a filter as condition',
      [{ ...expiry, set: '2030-01-01', when: 'expiry_date < 2027-02-01 and user_group = "STAFF"' }],
      '2027-01-31',
      '2030-01-01',
    ],
    [
      'a filter as condition that does not hold',
      [{ ...expiry, set: '2030-01-01', when: 'not user_group = "STAFF"' }],
      '2027-01-31',
      '2027-01-31',
    ],
  ])('%s', async (_, changes, before, after) => {
    await apply([{ primary_id: 'anna', user_group: 'STAFF', ...(before === null ? {} : { expiry_date: before }) }], changes);
    expect(await bench.value('anna', 'expiry_date')).toBe(after !== null && /^\d+$/.test(after) ? day(Number(after)) : after);
  });

  it('set relative to another date, as the changes before left it; a purge before the expiry is a warning', async () => {
    const report = await apply(
      [{ primary_id: 'anna' }, { primary_id: 'berta', expiry_date: '2029-01-01' }],
      [
        { change: 'purge_date', relative_to: 'expiry_date', shift: { years: 1 } },
        { change: 'expiry_date', set: '2031-06-30' },
        { change: 'purge_date', relative_to: 'expiry_date', shift: { days: -1 } },
      ],
    );
    expect(await bench.value('anna', 'purge_date')).toBe('2031-06-29');
    expect(reasons(report)).toEqual([['changes.no_date', 1]]);
    expect(report.changes.map((c) => c.warnings.map((w) => [w.reason, w.users]))).toEqual([
      [],
      [['changes.purge_before_expiry', 1]],
      [['changes.purge_before_expiry', 2]],
    ]);
  });

  it('leave users alone without a date to start from', async () => {
    const report = await apply([{ primary_id: 'anna' }], [{ ...expiry, shift: { days: 1 } }]);
    expect(report).toMatchObject({ counts: { skipped: 1 }, reasons: [{ reason: 'changes.no_date' }] });
  });

  it('fail a user whose date would leave the calendar', async () => {
    const report = await apply(
      [
        { primary_id: 'anna', expiry_date: '9999-12-31' },
        { primary_id: 'berta', expiry_date: '2027-01-31' },
      ],
      [{ ...expiry, shift: { days: 1 } }],
    );
    expect(report).toMatchObject({ counts: { changed: 1, failed: 1 }, reasons: [{ reason: 'changes.date_out_of_range' }] });
  });

  it('status also says since when', async () => {
    await apply(
      [{ primary_id: 'anna' }, { primary_id: 'berta', status: 'INACTIVE', status_date: '2020-01-01' }],
      [{ change: 'status', set: 'INACTIVE' }],
    );
    expect(await bench.value('anna', 'status_date')).toBe(day(0));
    expect(await bench.value('berta', 'status_date')).toBe('2020-01-01');
  });

  it('hold protected fields of external users against their feed, or yield to it', async () => {
    const users = [
      { primary_id: 'anna', account_type: 'EXTERNAL', user_group: 'STAFF', held_fields: ['user_title', 'campus_code'] },
      { primary_id: 'berta', user_group: 'STAFF' },
      { primary_id: 'carl', account_type: 'EXTERNAL', user_group: 'ALUMNI' },
    ];
    const changes = [
      { change: 'user_group', set: 'ALUMNI' },
      { change: 'first_name', set: 'Kim' },
    ];
    const report = await apply(users, changes);
    expect(await bench.value('anna', 'held_fields')).toEqual(['user_title', 'campus_code', 'user_group']);
    expect(await bench.value('berta', 'held_fields')).toEqual([]);
    expect(await bench.value('carl', 'held_fields')).toEqual([]);
    expect(report.changes[0]?.warnings).toMatchObject([{ reason: 'changes.protected_field', users: 2 }]);
    await apply(users, changes, { protected: 'yield' });
    expect(await bench.value('anna', 'held_fields')).toEqual(['user_title', 'campus_code']);
  });

  it.each<[object, RegExp]>([
    [{ change: 'expiry_date', set: '' }, /"today", "today \+ 30 days"/],
    [{ change: 'job_description', set: ' ' }, /to empty a field say "clear": true/],
    [{ change: 'expiry_date', set: '2027-02-29' }, /2027|date/],
    [{ change: 'status', clear: true }, /clear/],
    [{ change: 'expiry_date', set: '2027-01-01', clear: true }, /exactly one/],
    [{ change: 'expiry_date' }, /exactly one/],
    [{ change: 'job_description', set: 'a\u0000b' }, /NUL/],
    [{ change: 'job_description', set: '\ud800' }, /surrogate/],
    [{ change: 'job_description', set: 'x'.repeat(256) }, /longer than 255/],
    [{ change: 'job_description', sett: 'x' }, /sett/],
    [{ change: 'expiry_date', shift: {} }, /at least one/],
  ])('refuse %j', async (change, message) => {
    const set = await bench.set('everyone');
    await expect(bench.preview(set, { changes: [change] })).rejects.toMatchObject({
      code: 'changes.invalid',
      params: { problems: expect.stringMatching(message) },
    });
  });
});

describe('account type', () => {
  const CHILDREN = {
    user_emails: [{ address: 'a@example.org', segment: 'External', types: ['school'] }],
    user_notes: [
      { type: 'POPUP', text: 'x', segment: 'External' },
      { type: 'POPUP', text: 'y' },
    ],
  };
  const external = { primary_id: 'anna', account_type: 'EXTERNAL', external_id: 'SIS', loans: 3, fees: '4.50', ...CHILDREN };

  it('external to internal: segments and external id follow, the password is pending, circulation stays', async () => {
    const report = await apply(
      [external, { primary_id: 'berta', ...CHILDREN }],
      [{ change: 'account_type', set: 'INTERNAL', credentials: 'password' }],
    );
    expect(report.counts).toMatchObject({ changed: 1, unchanged: 1 });
    expect(await bench.value('anna', 'account_type')).toBe('INTERNAL');
    expect(await bench.value('anna', 'external_id')).toBeNull();
    expect(await bench.value('anna', 'credential_state')).toBe('pending');
    expect(await bench.value('anna', 'force_password_change')).toBe(true);
    expect(await bench.value('anna', 'loans')).toBe(3);
    expect(await bench.rows('anna', 'user_emails')).toMatchObject([{ segment: 'Internal' }]);
    expect((await bench.rows('anna', 'user_notes')).map((n) => n['segment'])).toEqual(['Internal', 'Internal']);
    // Who is internal already is none of its business.
    expect(await bench.value('berta', 'credential_state')).toBe('none');
    expect((await bench.rows('berta', 'user_notes')).map((n) => n['segment'])).toEqual(['External', 'Internal']);
    expect(report.letters).toMatchObject({ queued: 1, by_type: { CREDENTIALS_CHANGED: { queued: 1 } } });
  });

  it('external to internal without new credentials, or without a letter', async () => {
    const none = await apply([external], [{ change: 'account_type', set: 'INTERNAL', credentials: 'none' }]);
    expect(await bench.value('anna', 'credential_state')).toBe('none');
    expect(await bench.value('anna', 'force_password_change')).toBe(false);
    expect(none.letters).toMatchObject({ queued: 0, by_type: {} });
    const unsent = await apply([external], [{ change: 'account_type', set: 'INTERNAL', letter: false }]);
    expect(unsent.changes[0]?.warnings).toMatchObject([{ reason: 'changes.credentials_pending', users: 1 }]);
    expect(unsent.letters).toMatchObject({ queued: 0, credentials_pending: 1 });
  });

  it('a user without a usable address stays pending and is counted', async () => {
    const report = await apply(
      [{ ...external, user_emails: [{ address: 'nobody', types: [] }] }],
      [{ change: 'account_type', set: 'INTERNAL' }],
    );
    expect(report.letters).toMatchObject({ queued: 0, no_address: 1 });
  });

  it('internal to external: the feed owns it, the local password ends', async () => {
    await apply(
      [
        { primary_id: 'anna', credential_state: 'password', force_password_change: true, ...CHILDREN },
        { ...external, primary_id: 'berta' },
      ],
      [{ change: 'account_type', set: 'EXTERNAL', external_id: 'CAMPUS' }],
    );
    expect([await bench.value('anna', 'external_id'), await bench.value('berta', 'external_id')]).toEqual(['CAMPUS', 'SIS']);
    expect(await bench.value('anna', 'account_type')).toBe('EXTERNAL');
    expect(await bench.value('anna', 'credential_state')).toBe('none');
    expect(await bench.value('anna', 'force_password_change')).toBe(false);
  });

  it('with external authentication the library owns the record', async () => {
    await apply([external, { primary_id: 'berta', credential_state: 'password' }], [{ change: 'account_type', set: 'INTEXTAUTH' }]);
    expect(await bench.value('anna', 'external_id')).toBeNull();
    expect(await bench.rows('anna', 'user_emails')).toMatchObject([{ segment: 'Internal' }]);
    expect(await bench.value('berta', 'credential_state')).toBe('none');
  });

  it('passwords of internal users are reset, those of others not', async () => {
    const report = await apply(
      [
        { ...external },
        { primary_id: 'berta', credential_state: 'password', ...CHILDREN },
        { primary_id: 'carl', account_type: 'INTEXTAUTH' },
      ],
      [{ change: 'password', reset: 'password' }],
    );
    expect(report.counts).toMatchObject({ changed: 1, skipped: 2 });
    expect(reasons(report)).toEqual([['changes.not_internal', 2]]);
    expect(await bench.value('berta', 'credential_state')).toBe('pending');
    expect(report.letters).toMatchObject({ queued: 1 });
  });

  it('refuses plans that make no sense', async () => {
    const set = await bench.set('everyone');
    const refused = (changes: object[]) => expect(bench.preview(set, { changes })).rejects;
    await refused([{ change: 'account_type', set: 'EXTERNAL' }]).toMatchObject({ code: 'changes.invalid' });
    await refused([{ change: 'account_type', set: 'INTERNAL', external_id: 'SIS' }]).toMatchObject({ code: 'changes.invalid' });
    await refused([
      { change: 'account_type', set: 'INTERNAL' },
      { change: 'password', reset: 'password' },
    ]).toMatchObject({ code: 'changes.two_credentials' });
  });
});
