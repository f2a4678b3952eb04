import { describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { runsBench, type SeedUser } from '../../test/support/runs.ts';
import type { RunReport } from '../runs/index.ts';

const test = useTestDatabase();
const bench = runsBench(test);

/** Runs changes on users made for it, looks that they can be taken back, and answers the report. */
async function apply(users: readonly SeedUser[], changes: readonly object[], plan: object = {}): Promise<RunReport> {
  await bench.clear();
  await bench.users(...users);
  return applyHere(changes, plan);
}

async function applyHere(changes: readonly object[], plan: object = {}): Promise<RunReport> {
  const set = await bench.set('everyone');
  const before = await bench.snapshot();
  const preview = await bench.preview(set, { changes, ...plan });
  const report = await bench.run(set, { changes, ...plan }, { digest: preview.digest });
  expect(report.changes).toEqual(preview.changes);
  const after = await bench.snapshot();
  const undo = await bench.undo(report.id);
  expect(await bench.snapshot()).toEqual(before);
  await bench.undo(undo.id);
  expect(await bench.snapshot()).toEqual(after);
  return report;
}

const summary = (report: RunReport, change = 0) => {
  const { changed, unchanged, skipped, failed } = report.changes[change] ?? {};
  return { changed, unchanged, skipped, failed };
};
const rowsOf =
  (table: string, ...columns: string[]) =>
  async (user: string) =>
    (await bench.rows(user, table)).map((row) => columns.map((column) => row[column] ?? null));

describe('blocks', () => {
  const blocks = rowsOf('user_blocks', 'description', 'status', 'note');
  const one = {
    primary_id: 'anna',
    user_blocks: [
      { description: '02-GLOBAL', note: 'Old Desk' },
      { description: 'FEES', status: 'INACTIVE' },
    ],
  };

  it('are added with who made them, and not doubled when the user has one of the same content', async () => {
    const add = { change: 'block', add: { description: '02-GLOBAL', note: 'Old Desk' } };
    const report = await apply([one, { primary_id: 'berta' }], [add]);
    expect(summary(report)).toMatchObject({ changed: 1, unchanged: 1 });
    expect(await bench.rows('berta', 'user_blocks')).toEqual([
      {
        type: 'GENERAL',
        description: '02-GLOBAL',
        status: 'ACTIVE',
        note: 'Old Desk',
        segment: 'Internal',
        expiry_date: null,
        item_loan_id: null,
        created_by: 'administrator',
      },
    ]);
    // Another note is another block; twice the same in one plan is one.
    const other = await apply(
      [one],
      [
        { change: 'block', add: { description: '02-GLOBAL' } },
        { change: 'block', add: { description: '02-GLOBAL' } },
      ],
    );
    expect([summary(other, 0), summary(other, 1)]).toMatchObject([{ changed: 1 }, { unchanged: 1 }]);
    expect(await blocks('anna')).toHaveLength(3);
  });

  it('are added if the user has none of the description', async () => {
    const report = await apply([one, { primary_id: 'berta' }], [{ change: 'block', add: { description: 'FEES' }, when: 'if_empty' }]);
    expect(summary(report)).toMatchObject({ changed: 1, skipped: 1 });
  });

  it('take the segment of the account type when asked to', async () => {
    await apply(
      [{ primary_id: 'anna' }, { primary_id: 'berta', account_type: 'EXTERNAL' }],
      [{ change: 'block', add: { description: 'FEES', segment: 'by_account_type' } }],
    );
    expect([await bench.rows('anna', 'user_blocks'), await bench.rows('berta', 'user_blocks')]).toMatchObject([
      [{ segment: 'Internal' }],
      [{ segment: 'External' }],
    ]);
  });

  it.each<[string, object, unknown[][]]>([
    [
      'deactivate',
      { deactivate: { description: '02-GLOBAL' } },
      [
        ['02-GLOBAL', 'INACTIVE', 'Old Desk'],
        ['FEES', 'INACTIVE', null],
      ],
    ],
    [
      'activate',
      { activate: { any: true } },
      [
        ['02-GLOBAL', 'ACTIVE', 'Old Desk'],
        ['FEES', 'ACTIVE', null],
      ],
    ],
    ['remove', { remove: { status: 'INACTIVE' } }, [['02-GLOBAL', 'ACTIVE', 'Old Desk']]],
    ['remove by text, capitals alike', { remove: { note_contains: 'old d' } }, [['FEES', 'INACTIVE', null]]],
    [
      'edit',
      { edit: { match: { note_empty: true }, set: { note: 'x' } } },
      [
        ['02-GLOBAL', 'ACTIVE', 'Old Desk'],
        ['FEES', 'INACTIVE', 'x'],
      ],
    ],
    [
      'edit to nothing',
      { edit: { match: { any: true }, set: { note: null } } },
      [
        ['02-GLOBAL', 'ACTIVE', null],
        ['FEES', 'INACTIVE', null],
      ],
    ],
    [
      'no wildcards in texts',
      { remove: { note_contains: '%' } },
      [
        ['02-GLOBAL', 'ACTIVE', 'Old Desk'],
        ['FEES', 'INACTIVE', null],
      ],
    ],
  ])('%s', async (_, change, after) => {
    await apply([one], [{ change: 'block', ...change }]);
    expect(await blocks('anna')).toEqual(after);
  });

  it('fold in plan order: what one change adds, the next may edit or remove', async () => {
    const report = await apply(
      [one],
      [
        { change: 'block', add: { description: '01-GLOBAL' } },
        { change: 'block', edit: { match: { description: '01-GLOBAL' }, set: { note: 'new' } } },
        { change: 'block', remove: { note_contains: 'desk' } },
        { change: 'block', add: { description: '02-GLOBAL', note: 'Old Desk' } },
      ],
    );
    expect(report.changes.map((c) => c.changed)).toEqual([1, 1, 1, 1]);
    expect((await blocks('anna')).sort()).toEqual([
      ['01-GLOBAL', 'ACTIVE', 'new'],
      ['02-GLOBAL', 'ACTIVE', 'Old Desk'],
      ['FEES', 'INACTIVE', null],
    ]);
  });

  it('that come and go within one plan leave nothing', async () => {
    const report = await apply(
      [{ primary_id: 'anna' }],
      [
        { change: 'block', add: { description: '01-GLOBAL' } },
        { change: 'block', remove: { description: '01-GLOBAL' } },
      ],
    );
    expect(report.counts).toMatchObject({ changed: 0, unchanged: 1 });
  });
});

describe('notes, statistics, libraries, letters, phones', () => {
  it('notes by type, text and age', async () => {
    const notes = rowsOf('user_notes', 'type', 'text');
    const user = {
      primary_id: 'anna',
      user_notes: [
        { type: 'LIBRARY', text: 'inventory', created_at: '2015-01-01T00:00:00Z' },
        { type: 'LIBRARY', text: 'Inventory 2' },
        { type: 'POPUP', text: 'hello' },
      ],
    };
    await apply([user], [{ change: 'note', remove: { type: 'LIBRARY', text_contains: 'INVENT', created_at_before: 'today - 5 years' } }]);
    expect(await notes('anna')).toEqual([
      ['LIBRARY', 'Inventory 2'],
      ['POPUP', 'hello'],
    ]);
    await apply([user], [{ change: 'note', edit: { match: { text: 'HELLO' }, set: { text: 'bye', type: 'OTHER' } } }]);
    expect(await notes('anna')).toEqual([
      ['LIBRARY', 'inventory'],
      ['LIBRARY', 'Inventory 2'],
      ['OTHER', 'bye'],
    ]);
    const report = await apply(
      [user],
      [
        { change: 'note', add: { text: 'hello' } },
        { change: 'note', add: { text: 'hello', type: 'LIBRARY' } },
      ],
    );
    expect([summary(report, 0), summary(report, 1)]).toMatchObject([{ unchanged: 1 }, { changed: 1 }]);
  });

  it('statistics and resource-sharing libraries once each', async () => {
    const user = { primary_id: 'anna', user_statistics: [{ category: 'ARTS' }], user_rs_libraries: [{ code: 'MAIN' }] };
    const report = await apply(
      [user],
      [
        { change: 'statistic', add: { category: 'ARTS' } },
        { change: 'statistic', add: { category: 'LAW', note: 'x' } },
        { change: 'statistic', remove: { category: 'ARTS' } },
        { change: 'rs_library', add: { code: 'MAIN' } },
        { change: 'rs_library', remove: { code: 'MAIN' } },
        { change: 'rs_library', add: { code: 'MAIN' } },
        { change: 'rs_library', add: { code: 'LAW' } },
      ],
    );
    expect(report.counts).toMatchObject({ changed: 1, failed: 0 });
    expect(report.changes.map((c) => c.changed)).toEqual([0, 1, 1, 0, 1, 1, 1]);
    expect(await rowsOf('user_statistics', 'category', 'note')('anna')).toEqual([['LAW', 'x']]);
    expect((await rowsOf('user_rs_libraries', 'code')('anna')).sort()).toEqual([['LAW'], ['MAIN']]);
  });

  it('letter preferences: in, out, forgotten', async () => {
    const users = [{ primary_id: 'anna', user_letter_preferences: [{ code: 'GENERAL_NOTICE', value: true }] }, { primary_id: 'berta' }];
    const out = await apply(users, [{ change: 'letter_preference', opt_out: 'GENERAL_NOTICE' }]);
    expect(summary(out)).toMatchObject({ changed: 2 });
    expect([await bench.rows('anna', 'user_letter_preferences'), await bench.rows('berta', 'user_letter_preferences')]).toEqual([
      [{ code: 'GENERAL_NOTICE', value: false }],
      [{ code: 'GENERAL_NOTICE', value: false }],
    ]);
    expect(summary(await apply(users, [{ change: 'letter_preference', opt_in: 'GENERAL_NOTICE' }]))).toMatchObject({
      changed: 1,
      unchanged: 1,
    });
    expect(summary(await apply(users, [{ change: 'letter_preference', clear: 'GENERAL_NOTICE' }]))).toMatchObject({
      changed: 1,
      unchanged: 1,
    });
    await expect(
      bench.preview(await bench.set('everyone'), { changes: [{ change: 'letter_preference', opt_out: 'NOTHING' }] }),
    ).rejects.toMatchObject({ code: 'changes.unknown_code' });
  });

  it('SMS off', async () => {
    const phones = rowsOf('user_phones', 'number', 'preferred_sms');
    const report = await apply(
      [{ primary_id: 'anna', user_phones: [{ number: '1', preferred_sms: true }, { number: '2' }] }, { primary_id: 'berta' }],
      [{ change: 'phone', sms: 'off' }],
    );
    expect(summary(report)).toMatchObject({ changed: 1, unchanged: 1 });
    expect(await phones('anna')).toEqual([
      ['1', false],
      ['2', null],
    ]);
  });
});

describe('e-mail', () => {
  const emails = rowsOf('user_emails', 'address', 'preferred');

  it('finds and replaces at the end when it is a domain, literally, whatever the capitals', async () => {
    const report = await apply(
      [
        { primary_id: 'anna', user_emails: [{ address: 'anna@OLD.example.org' }, { address: 'a@old.example.org.uk' }] },
        { primary_id: 'berta', user_emails: [{ address: 'b@oldXexample.org' }] },
      ],
      [{ change: 'email', replace: { find: '@old.example.org', with: '@new.example.org' } }],
    );
    expect(summary(report)).toMatchObject({ changed: 1, unchanged: 1 });
    expect(await emails('anna')).toEqual([
      ['anna@new.example.org', null],
      ['a@old.example.org.uk', null],
    ]);
    await apply(
      [{ primary_id: 'anna', user_emails: [{ address: 'anna@old.org' }] }],
      [{ change: 'email', replace: { find: 'anna', with: '\\1&$1' } }],
    );
    expect(await emails('anna')).toEqual([['\\1&$1@old.org', null]]);
  });

  it('prefers another address, as the changes before left them', async () => {
    const user = {
      primary_id: 'anna',
      user_emails: [
        { address: 's@example.org', types: ['school'], preferred: true },
        { address: 'p1@example.org', types: ['personal'] },
        { address: 'p2@example.org', types: ['personal'] },
      ],
    };
    const report = await apply(
      [user, { primary_id: 'berta', user_emails: [{ address: 'b@example.org', preferred: true }] }],
      [{ change: 'email', prefer: { types: 'personal' } }],
    );
    expect(summary(report)).toMatchObject({ changed: 1, unchanged: 1 });
    expect(await emails('anna')).toEqual([
      ['s@example.org', false],
      ['p1@example.org', true],
      ['p2@example.org', null],
    ]);
    expect(await emails('berta')).toEqual([['b@example.org', true]]);
    await apply(
      [user],
      [
        { change: 'email', remove: { address_contains: 'p1@' } },
        { change: 'email', prefer: { types: 'personal' } },
      ],
    );
    expect(await emails('anna')).toEqual([
      ['s@example.org', false],
      ['p2@example.org', true],
    ]);
    expect(summary(await applyHere([{ change: 'email', prefer: { types: 'personal' } }]))).toMatchObject({ unchanged: 1 });
  });
});
