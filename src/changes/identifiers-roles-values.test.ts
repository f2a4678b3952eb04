import { beforeEach, describe, expect, it } from 'vitest';
import { userActor } from '../../test/support/actors.ts';
import { useTestDatabase } from '../../test/support/database.ts';
import { runsBench, type SeedUser } from '../../test/support/runs.ts';
import { addUser, useFiles } from '../../test/support/sets.ts';
import { type Actor, parseInput } from '../core/index.ts';
import { previewJob, type RunReport } from '../runs/index.ts';
import { uploadValues } from '../sets/index.ts';

const test = useTestDatabase();
const bench = runsBench(test);
const file = useFiles();

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

describe('identifiers', () => {
  it('follow a pattern; a value of somebody else fails that user alone', async () => {
    const report = await apply(
      [
        { primary_id: 'anna' },
        { primary_id: 'berta', user_identifiers: [{ type: 'OTHER_ID_1', value: 'LIB-berta' }] },
        { primary_id: 'carl', user_identifiers: [{ type: 'BARCODE', value: 'lib-ANNA' }] },
      ],
      [{ change: 'identifier', add: { type: 'OTHER_ID_1', pattern: 'LIB-{primary_id}' } }],
    );
    expect(summary(report)).toEqual({ changed: 1, unchanged: 1, skipped: 0, failed: 1 });
    expect(report.changes[0]?.failed_reasons).toMatchObject([{ reason: 'changes.identifier_taken' }]);
    expect(await bench.rows('carl', 'user_identifiers')).toMatchObject([{ value: 'lib-ANNA' }, { value: 'LIB-carl', status: 'ACTIVE' }]);
  });

  it('added twice in one plan are added once', async () => {
    const add = (type: string) => ({ change: 'identifier', add: { type, pattern: 'X-{primary_id}-{id}' } });
    const report = await apply([{ primary_id: 'anna' }], [add('OTHER_ID_1'), add('OTHER_ID_1'), add('OTHER_ID_2')]);
    expect(report.changes.map((c) => c.changed)).toEqual([1, 0, 1]);
    expect(await bench.rows('anna', 'user_identifiers')).toHaveLength(2);
  });

  it('may repeat where their type says so, and are never one value for many', async () => {
    const report = await apply(
      [{ primary_id: 'anna', user_identifiers: [{ type: 'BARCODE', value: 'H-berta' }] }, { primary_id: 'berta' }],
      [{ change: 'identifier', add: { type: 'HOUSEHOLD', pattern: 'H-{primary_id}' } }],
    );
    expect(summary(report)).toMatchObject({ changed: 2, failed: 0 });
    await expect(
      bench.preview(await bench.set('everyone'), { changes: [{ change: 'identifier', add: { type: 'BARCODE', pattern: '4711' } }] }),
    ).rejects.toMatchObject({ code: 'changes.invalid' });
  });

  it('are removed by type, and free for others then', async () => {
    await apply(
      [
        {
          primary_id: 'anna',
          user_identifiers: [
            { type: 'BARCODE', value: '1' },
            { type: 'UNIV_ID', value: '2' },
          ],
        },
      ],
      [{ change: 'identifier', remove: { type: 'UNIV_ID' } }],
    );
    expect(await rowsOf('user_identifiers', 'value')('anna')).toEqual([['1']]);
    expect(await addUser(test.db, '2')).toBeGreaterThan(0);
  });
});

describe('roles', () => {
  const roles = rowsOf('user_roles', 'type', 'scope', 'status', 'expiry_date');
  let manager: Actor;
  beforeEach(async () => {
    manager = await userActor(test.db.pool, ['21'], { name: 'manager', userId: 999_999 });
  });

  it('are added with scope, parameters and expiry, once; a missing parameter is a warning', async () => {
    const report = await apply(
      [{ primary_id: 'anna', user_roles: [{ type: '200', scope: 'INSTITUTION' }] }],
      [
        { change: 'role', add: { type: '200' } },
        { change: 'role', add: { type: '200', scope: 'MAIN', expiry_date: '2030-01-01' } },
        { change: 'role', add: { type: '32' } },
        { change: 'role', add: { type: '32', parameters: [{ type: 'CirculationDesk', scope: 'MAIN', value: 'DEFAULT_CIRC_DESK' }] } },
      ],
    );
    expect(report.changes.map((c) => c.changed)).toEqual([0, 1, 1, 1]);
    expect(report.changes.map((c) => c.warnings.map((w) => w.reason))).toEqual([[], [], ['changes.role_needs_parameter'], []]);
    expect((await roles('anna')).slice(0, 2)).toEqual([
      ['200', 'INSTITUTION', 'ACTIVE', null],
      ['200', 'MAIN', 'ACTIVE', '2030-01-01'],
    ]);
  });

  it('are edited, switched and removed by match', async () => {
    const user = {
      primary_id: 'anna',
      user_roles: [
        { type: '200', scope: 'INSTITUTION', expiry_date: '2027-01-01' },
        { type: '32', scope: 'MAIN' },
      ],
    };
    await apply(
      [user],
      [
        { change: 'role', edit: { match: { expiry_date_before: '2028-01-01' }, set: { expiry_date: '2029-01-01', scope: 'LAW' } } },
        { change: 'role', deactivate: { type: '32' } },
      ],
    );
    expect(await roles('anna')).toEqual([
      ['200', 'LAW', 'ACTIVE', '2029-01-01'],
      ['32', 'MAIN', 'INACTIVE', null],
    ]);
    await apply([user], [{ change: 'role', remove: { any: true } }]);
    expect(await roles('anna')).toEqual([]);
  });

  it('nobody grants or takes what they may not', async () => {
    await apply(
      [
        {
          primary_id: 'anna',
          user_roles: [
            { type: '26', scope: 'INSTITUTION', status: 'INACTIVE' },
            { type: '200', scope: 'INSTITUTION' },
          ],
        },
      ],
      [{ change: 'status', set: 'ACTIVE' }],
    );
    const set = await bench.set('everyone', 'shared');
    await test.db.pool.query('update sets set private = false');
    const preview = (changes: object[]) =>
      previewJob.run({ ...bench.ctx, db: test.db, actor: manager }, parseInput(previewJob.input, { set, plan: { changes } }));
    for (const verb of [{ add: { type: '26' } }, { remove: { type: '50' } }, { edit: { match: { type: '200' }, set: { type: '26' } } }]) {
      await expect(preview([{ change: 'role', ...verb }])).rejects.toMatchObject({ code: 'changes.role_not_grantable' });
    }
    // "All roles" means all that they may take.
    const all = await preview([{ change: 'role', remove: { any: true } }]);
    expect(all.users[0]?.rows).toMatchObject([{ op: 'remove', before: { type: '200' } }]);
    expect(all.users[0]?.rows).toHaveLength(1);
  });
});

describe('values from an uploaded table', () => {
  const upload = async (content: string) =>
    uploadValues.run({ ...bench.ctx, db: test.db }, parseInput(uploadValues.input, { file: file('values.csv', content) }));
  const users = [
    { primary_id: 'anna', expiry_date: '2027-01-31', user_identifiers: [{ type: 'BARCODE', value: '001' }] },
    { primary_id: 'berta' },
    { primary_id: 'carl', job_description: 'x' },
    { primary_id: 'dora' },
  ];
  const fresh = async () => {
    await bench.clear();
    await bench.users(...users);
  };

  it('replace, fill where empty, or keep; no row and empty cells are skipped with their reason', async () => {
    await fresh();
    const { id } = await upload('primary_id,until,job,group\nanna,2030-06-30,Desk,STAFF\nberta,2031-06-30,,GRAD\nCARL,,Stacks,STAFF\n');
    const report = await applyHere(
      [
        { change: 'expiry_date', column: 'until', mode: 'fill_if_empty' },
        { change: 'job_description', column: 'job' },
        { change: 'user_group', column: 'group', mode: 'keep' },
      ],
      { values: id },
    );
    expect(await Promise.all(['anna', 'berta', 'carl', 'dora'].map((u) => bench.value(u, 'expiry_date')))).toEqual([
      '2027-01-31',
      '2031-06-30',
      null,
      null,
    ]);
    expect(await Promise.all(['anna', 'berta', 'carl', 'dora'].map((u) => bench.value(u, 'job_description')))).toEqual([
      'Desk',
      null,
      'Stacks',
      null,
    ]);
    expect(await bench.value('anna', 'user_group')).toBeNull();
    expect(report.changes[0]).toMatchObject({ changed: 1, unchanged: 1, skipped: 2 });
    expect(report.changes[0]?.skipped_reasons.map((r) => [r.reason, r.users]).sort()).toEqual([
      ['changes.empty_cell', 1],
      ['changes.no_row', 1],
    ]);
  });

  it('go into child rows as well, codes and dates too', async () => {
    await fresh();
    const { id } = await upload('primary_id,card,why,until,block\nanna,900001,late,2030-06-30,FEES\nberta,900002,,2031-06-30,ADDRESS\n');
    const report = await applyHere(
      [
        { change: 'identifier', add: { type: 'UNIV_ID', value: { column: 'card' } } },
        { change: 'block', add: { description: { column: 'block' }, note: { column: 'why' }, expiry_date: { column: 'until' } } },
        { change: 'note', add: { text: { column: 'why' } } },
      ],
      { values: id },
    );
    expect(report.changes.map((c) => [c.changed, c.skipped])).toEqual([
      [2, 2],
      [1, 3],
      [1, 3],
    ]);
    expect(await bench.rows('anna', 'user_identifiers')).toMatchObject([{}, { type: 'UNIV_ID', value: '900001' }]);
    expect(await bench.rows('anna', 'user_blocks')).toMatchObject([
      { description: 'FEES', note: 'late', expiry_date: '2030-06-30T00:00:00+00:00' },
    ]);
    expect(await bench.rows('berta', 'user_blocks')).toEqual([]);
  });

  it('are refused with their lines when they are not of the right type, and before anything starts', async () => {
    await fresh();
    const set = await bench.set('everyone');
    const { id } = await upload('primary_id,until,group,card\nanna,2030-02-29,STAFF,7\nberta,31.12.2030,NOBODY,7\ncarl,2030-12-31,,8\n');
    const refused = (change: object, values: number | undefined = id) =>
      expect(bench.preview(set, { changes: [change], ...(values === undefined ? {} : { values }) })).rejects;
    await refused({ change: 'expiry_date', column: 'until' }).toMatchObject({
      code: 'changes.bad_cells',
      params: { column: 'until', lines: '2 ("2030-02-29"), 3 ("31.12.2030")' },
    });
    await refused({ change: 'user_group', column: 'group' }).toMatchObject({
      code: 'changes.bad_cells',
      params: { lines: '3 ("NOBODY")' },
    });
    await refused({ change: 'block', add: { description: { column: 'group' } } }).toMatchObject({ code: 'changes.bad_cells' });
    await refused({ change: 'identifier', add: { type: 'UNIV_ID', value: { column: 'card' } } }).toMatchObject({
      code: 'changes.cells_twice',
      params: { lines: '2 = 3' },
    });
    await refused({ change: 'expiry_date', column: 'nothing' }).toMatchObject({ code: 'changes.no_column' });
    await refused({ change: 'role', add: { type: { column: 'group' } } }).toMatchObject({ code: 'changes.invalid' });
    await expect(bench.preview(set, { changes: [{ change: 'expiry_date', column: 'until' }] })).rejects.toMatchObject({
      code: 'changes.no_values',
    });
  });
});
