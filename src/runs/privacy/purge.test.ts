import { beforeEach, describe, expect, it } from 'vitest';
import { userActor } from '../../../test/support/actors.ts';
import { useTestDatabase } from '../../../test/support/database.ts';
import { runsBench } from '../../../test/support/runs.ts';
import { perform } from '../../access/index.ts';
import { AppError } from '../../core/index.ts';
import { listOutcomes } from '../report.ts';
import { undoRun } from '../undo.ts';
import { workOnce } from '../work.ts';
import { previewPurge, runPurge, showPurgeStatistics } from './index.ts';

const test = useTestDatabase();
const bench = runsBench(test);
const PAST = '2020-01-31';

async function codeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'done',
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );
}

async function users(): Promise<string[]> {
  const { rows } = await test.db.pool.query<{ primary_id: string }>('select primary_id from users order by 1');
  return rows.map((row) => row.primary_id);
}

beforeEach(async () => {
  await bench.clear();
  await test.db.pool.query(
    `delete from audit; delete from erasures; delete from purge_statistics; delete from settings where name like 'purge%'`,
  );
  await bench.users(
    ...['gone-1', 'gone-2', 'gone-3'].map((primary_id) => ({ primary_id, purge_date: PAST, expiry_date: PAST })),
    { primary_id: 'loan', purge_date: PAST, loans: 1 },
    { primary_id: 'request', purge_date: PAST, requests: 2 },
    { primary_id: 'fee', purge_date: PAST, fees: '4.00' },
    { primary_id: 'staff', purge_date: PAST, user_roles: [{ type: '32', scope: 'INSTITUTION' }] },
    { primary_id: 'valid', purge_date: PAST, expiry_date: '2099-01-01' },
    { primary_id: 'chief', purge_date: PAST, user_roles: [{ type: '26', scope: 'INSTITUTION' }] },
    { primary_id: 'undated' },
    { primary_id: 'later', purge_date: '2099-01-01' },
  );
});

describe('a purge', () => {
  it('says who would go and why others stay, and erases those and nobody else', async () => {
    const ctx = { ...bench.ctx, db: test.db, actor: await userActor(test.db.pool, ['50'], { name: 'admin-50', userId: 999 }) };
    const preview = await perform(ctx, previewPurge, {});
    expect(preview).toMatchObject({ members: 9, erasable: 3, next: null });
    expect(Object.fromEntries(preview.reasons.map((row) => [row.reason, row.users]))).toEqual({
      'privacy.purge.open_loans': 1,
      'privacy.purge.open_requests': 1,
      'privacy.purge.fees': 1,
      'privacy.purge.staff': 1,
      'privacy.purge.not_expired': 1,
      'privacy.purge.outranks': 1,
    });
    expect(preview.kept.map((row) => row.primary_id)).toEqual(['loan', 'request', 'fee', 'staff', 'valid', 'chief']);

    expect(await codeOf(perform(ctx, runPurge, { confirm: 9 }))).toBe('privacy.purge_number');
    // The author has to be there when the work is done.
    await bench.users({ primary_id: 'admin-50', user_roles: [{ type: '50', scope: 'INSTITUTION' }] });
    const run = await perform(ctx, runPurge, { confirm: 3, digest: preview.digest });
    // Somebody borrows between the confirmation and the work.
    await test.db.pool.query(`update users set loans = 1 where primary_id = 'gone-3'`);
    await bench.work();
    const report = await bench.show(run.id);
    expect(report).toMatchObject({ kind: 'purge', state: 'COMPLETED_SUCCESS', counts: { members: 9, changed: 2, skipped: 7 } });
    expect(await users()).not.toEqual(expect.arrayContaining(['gone-1']));
    expect(await users()).toHaveLength(10);
    const outcomes = await listOutcomes.run(ctx, { id: run.id, limit: 100, after: 0 });
    expect(outcomes.users.filter((user) => user.outcome === 'erased')).toMatchObject([{ primary_id: null }, { primary_id: null }]);
    const { rows } = await test.db.pool.query('select users, run_id, reason from erasures');
    expect(rows).toEqual([{ users: 2, run_id: run.id, reason: 'purge' }]);
    expect(await codeOf(undoRun.run(ctx, { id: run.id, confirm: true }))).toBe('privacy.cannot_be_undone');
  });

  it('keeps to a set, and to what the library says about fees', async () => {
    await test.db.pool.query(`insert into settings (name, value) values ('purge.fees_up_to', '5')`);
    const set = await bench.set(`primary_id in ('fee', 'gone-1', 'undated', 'later')`);
    const ctx = { ...bench.ctx, db: test.db };
    const preview = await perform(ctx, previewPurge, { set });
    expect(preview).toMatchObject({ members: 4, erasable: 2, fees_up_to: 5 });
    expect(preview.reasons.map((row) => row.reason).sort()).toEqual(['privacy.purge.later', 'privacy.purge.no_date']);
    await perform(ctx, runPurge, { set, confirm: 2 });
    await bench.work();
    expect(await users()).not.toContain('fee');
    expect(await users()).toContain('gone-2');
    expect(await codeOf(perform(ctx, runPurge, { set, confirm: 0 }))).toBe('privacy.purge_nobody');
  });

  it('leaves anonymous counts by month, group, campus and each statistic category, which add up over purges', async () => {
    const ctx = { ...bench.ctx, db: test.db };
    const gone = (primary_id: string, more: object = {}) => ({ primary_id, purge_date: PAST, user_group: 'ALUMNI', ...more });
    const categories = (...codes: readonly string[]) => ({ user_statistics: codes.map((category) => ({ segment: 'Internal', category })) });
    const purge = async (more: object = {}): Promise<void> => {
      const { erasable } = await perform(ctx, previewPurge, {});
      const { id } = await perform(ctx, runPurge, { confirm: erasable, ...more });
      await bench.work();
      expect((await bench.show(id)).counts.changed).toBe(erasable);
    };
    const kept = () => perform(ctx, showPurgeStatistics, {});
    await bench.users(gone('s1', categories('ARTS', 'LAW')), gone('s2', { campus_code: 'MED', ...categories('ARTS', 'ARTS') }), gone('s3'));
    // Without a trace, where that is wanted: gone-1 to gone-3 and the three above.
    await purge({ statistics: 'remove' });
    expect(await kept()).toEqual({ rows: [], users: 0 });

    await bench.users(gone('s1', categories('ARTS', 'LAW')), gone('s2', { campus_code: 'MED', ...categories('ARTS', 'ARTS') }), gone('s3'));
    await purge();
    await bench.users(gone('s4', categories('LAW')), { primary_id: 's5', purge_date: PAST });
    await purge();
    const month = `${(await test.db.pool.query<{ day: string }>('select current_date::text as day')).rows[0]?.day.slice(0, 7)}-01`;
    const { rows, users: total } = await kept();
    expect(total).toBe(5);
    const alumni = { month, user_group: 'ALUMNI', user_group_label: 'Alumni' };
    expect(rows).toMatchObject([
      { ...alumni, campus_code: 'MED', users: 1, categories: [{ category: 'ARTS', users: 1 }] },
      {
        ...alumni,
        campus_code: null,
        users: 3,
        categories: [
          { category: 'ARTS', users: 1 },
          { category: 'LAW', users: 2 },
        ],
      },
      { month, user_group: null, campus_code: null, users: 1, categories: [] },
    ]);
    expect((await perform(ctx, showPurgeStatistics, { to: '2020-01-31' })).users).toBe(0);
    expect((await perform(ctx, showPurgeStatistics, { from: month })).users).toBe(5);

    await test.db.pool.query(`insert into settings (name, value) values ('purge.statistics', '"remove"')`);
    await bench.users(gone('s6'));
    expect(await perform(ctx, previewPurge, {})).toMatchObject({ statistics: 'remove' });
    await purge();
    expect((await kept()).users).toBe(5);
  });

  it('is worked on by several at once, beside a job over the same users, and the counts of both add up', async () => {
    await bench.clear();
    await test.db.pool.query(`
      insert into users (primary_id, last_name, purge_date, expiry_date)
      select 'many-' || g, 'Same' || g % 7, '2020-01-01', '2020-01-01' from generate_series(1, 1200) g`);
    // Rows of the audit that name users of different chunks: whoever erases takes them in an order of their own.
    await test.db.pool.query(`insert into audit (actor, source, operation, entity, entity_id, outcome, detail)
      select 'a', 'cli', 'users.search', 'users', null, 'done', jsonb_build_object('text', 'same' || g % 7 || ' many-' || 1201 - g) from generate_series(1, 1200) g`);
    const ctx = { ...bench.ctx, db: test.db };
    const job = await bench.start(await bench.set(`primary_id starts with 'many'`), { changes: [{ change: 'job_description', set: 'x' }] });
    const purge = await perform(ctx, runPurge, { confirm: 1200 });
    const work = async (): Promise<void> => {
      for (;;) {
        // As the worker's loop does it: a deadlock, or a row that is held, is tried again.
        const found = await workOnce(ctx).catch((error: unknown) => {
          if (error instanceof Error && 'code' in error && /^40/.test(String(error.code))) return true;
          throw error;
        });
        if (!found) return;
      }
    };
    await Promise.all([work(), work(), work(), work()]);
    await bench.work();
    expect(await bench.show(purge.id)).toMatchObject({ state: 'COMPLETED_SUCCESS', counts: { members: 1200, changed: 1200 } });
    const { counts } = await bench.show(job.id);
    expect(counts.members).toBe(1200);
    expect(counts.changed + counts.skipped).toBe(1200);
    expect(await users()).toEqual([]);
    const left = await test.db.pool.query(`select count(*)::int as n from journal union all
      select count(*)::int from audit where operation = 'users.search' and detail ? 'text'`);
    expect(left.rows).toEqual([{ n: 0 }, { n: 0 }]);
    const { rows } = await test.db.pool.query('select sum(users)::int as users from erasures');
    expect(rows).toEqual([{ users: 1200 }]);
  });

  it('is refused to a User Manager, and fails when its author may no longer erase', async () => {
    const manager = { ...bench.ctx, db: test.db, actor: await userActor(test.db.pool, ['21']) };
    expect(await codeOf(perform(manager, previewPurge, {}))).toBe('access.denied');
    await bench.users({ primary_id: 'admin-50', user_roles: [{ type: '50', scope: 'INSTITUTION' }] });
    const ctx = { ...bench.ctx, db: test.db, actor: await userActor(test.db.pool, ['50'], { name: 'admin-50' }) };
    const run = await perform(ctx, runPurge, { confirm: 3 });
    await test.db.pool.query(`update user_roles set type = '21' where type = '50'`);
    await bench.work().catch(() => undefined);
    expect((await bench.show(run.id)).state).toBe('FAILED');
    expect(await users()).toContain('gone-1');
  });
});
