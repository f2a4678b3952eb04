import sql from 'sql-template-tag';
import { beforeEach, describe, expect, it } from 'vitest';
import { forEachEngine, useTestDatabase } from '../../test/support/database.ts';
import { runsBench } from '../../test/support/runs.ts';
import { addMembers, createSet, removeMembers } from '../sets/index.ts';
import { parseInput } from '../core/index.ts';
import { userHistory } from '../users/index.ts';
import { listOutcomes, listRuns } from './index.ts';

const PLAN = {
  changes: [
    { change: 'expiry_date', set: '2030-09-30' },
    { change: 'user_group', set: 'ALUMNI', when: 'if_not_empty' },
    { change: 'block', add: { description: '02-GLOBAL', note: 'Please come to the desk.' } },
    { change: 'note', remove: { text_contains: 'old' } },
    { change: 'email', replace: { find: '@old.example.org', with: '@new.example.org' } },
  ],
};

forEachEngine((engine) => {
  const test = useTestDatabase(engine);
  const bench = runsBench(test);

  beforeEach(async () => {
    await bench.clear();
    await bench.users(
      { primary_id: 'anna', user_group: 'STAFF', expiry_date: '2027-01-31', user_notes: [{ type: 'POPUP', text: 'an OLD note' }] },
      {
        primary_id: 'berta',
        user_emails: [{ address: 'berta@old.example.org', types: ['school'] }],
        user_blocks: [{ description: '01-GLOBAL', status: 'INACTIVE' }],
      },
      { primary_id: 'carl', account_type: 'EXTERNAL', user_group: 'GRAD', expiry_date: '2030-09-30' },
    );
    // Enough of them for several chunks.
    await test.db.pool.query(
      sql`insert into users (primary_id, expiry_date) select 'many' || n, date '2027-01-31' + n from generate_series(1, 700) n`,
    );
  });

  describe('a run', () => {
    it('does what its preview said, tells it in report, outcomes and journal, and is undone', async () => {
      const before = await bench.snapshot();
      const set = await bench.set('everyone');
      const preview = await bench.preview(set, PLAN, { limit: 3 });
      expect(preview).toMatchObject({ members: 703, changed: 703, unchanged: 0, skipped: 0, failed: 0 });
      expect(await bench.snapshot()).toEqual(before);

      const report = await bench.run(set, PLAN, { digest: preview.digest });
      expect(report).toMatchObject({
        state: 'COMPLETED_SUCCESS',
        counts: { members: 703, changed: 703, unchanged: 0, skipped: 0, failed: 0 },
        progress: { done: 703, total: 703 },
        moved: 0,
      });
      expect(report.changes).toEqual(preview.changes);
      expect(report.changes.map((c) => [c.change, c.changed, c.unchanged, c.skipped])).toEqual([
        ['expiry_date', 702, 1, 0],
        ['user_group', 2, 0, 701],
        ['block', 703, 0, 0],
        ['note', 1, 702, 0],
        ['email', 1, 702, 0],
      ]);
      expect(await bench.value('carl', 'user_group')).toBe('ALUMNI');
      expect(await bench.value('carl', 'held_fields')).toEqual(['user_group']);
      expect(await bench.value('anna', 'held_fields')).toEqual([]);
      expect(await bench.rows('anna', 'user_notes')).toEqual([]);
      expect(await bench.rows('berta', 'user_emails')).toMatchObject([{ address: 'berta@new.example.org' }]);

      // The preview's before and after are the journal's.
      const {
        rows: [journal],
      } = await test.db.pool.query<{ fields: unknown }>(sql`
        select j.diff -> 'fields' as fields from journal j join users u on u.id = j.user_id where u.primary_id = 'anna' and j.run_id = ${report.id}`);
      expect(journal?.fields).toEqual(preview.users.find((u) => u.primary_id === 'anna')?.fields);
      const history = await userHistory.run(bench.ctx, parseInput(userHistory.input, { user: 'anna' }));
      expect(history.entries[0]).toMatchObject({ by: 'administrator', run: { id: report.id, kind: 'job' } });
      expect(history.entries[0]?.fields.map((f) => [f.field, f.before, f.after])).toEqual([
        ['user_group', 'STAFF', 'ALUMNI'],
        ['expiry_date', '2027-01-31', '2030-09-30'],
      ]);
      expect(history.entries[0]?.rows.map((r) => [r.name, r.op])).toEqual(
        expect.arrayContaining([
          ['note', 'remove'],
          ['block', 'add'],
        ]),
      );

      const undo = await bench.undo(report.id);
      expect(undo.counts).toEqual({ members: 703, changed: 703, unchanged: 0, skipped: 0, failed: 0, conflict: 0 });
      expect(await bench.snapshot()).toEqual(before);
      const { jobs } = await listRuns.run(bench.ctx, parseInput(listRuns.input, {}));
      expect(jobs.map((j) => [j.id, j.kind, j.undone_by])).toEqual([
        [undo.id, 'undo', []],
        [report.id, 'job', [undo.id]],
      ]);
    });

    it('changes nothing the second time, and says so', async () => {
      const set = await bench.set('everyone');
      await bench.run(set, PLAN);
      const {
        rows: [written],
      } = await test.db.pool.query('select max(version) as version, count(*) as rows from users, user_blocks');
      const preview = await bench.preview(set, PLAN);
      expect(preview).toMatchObject({
        changed: 0,
        unchanged: 703,
        warnings: ['Nothing would change: every member already is as the plan says.'],
      });
      const again = await bench.run(set, PLAN);
      expect(again).toMatchObject({
        state: 'COMPLETED_SUCCESS',
        state_text: 'Completed, nothing changed',
        counts: { members: 703, changed: 0, unchanged: 703 },
      });
      expect((await test.db.pool.query('select max(version) as version, count(*) as rows from users, user_blocks')).rows[0]).toEqual(
        written,
      );
    });

    it('of a set without members ends at once and says so', async () => {
      const report = await bench.run(await bench.set('primary_id = "nobody"'), PLAN);
      expect(report).toMatchObject({
        state: 'COMPLETED_NO_BULKS',
        state_text: 'Completed: the set has no members',
        counts: { members: 0 },
      });
    });

    it('leaves users alone on whom every change is skipped, with the reason', async () => {
      const set = await bench.set('not primary_id starts with "many"');
      const report = await bench.run(set, {
        changes: [
          { change: 'expiry_date', shift: { months: 1 }, when: 'if_not_empty' },
          { change: 'purge_date', shift: { months: 1 } },
        ],
      });
      expect(report).toMatchObject({
        counts: { members: 3, changed: 2, skipped: 1 },
        reasons: [{ reason: 'changes.condition_not_met', users: 1 }],
      });
      const { users } = await listOutcomes.run(bench.ctx, parseInput(listOutcomes.input, { id: report.id }));
      expect(users.map((u) => [u.primary_id, u.outcome, u.text])).toEqual([
        ['anna', 'changed', null],
        ['berta', 'skipped', 'The condition of the change does not hold'],
        ['carl', 'changed', null],
      ]);
    });

    it('is refused with the difference when members or plan are no longer those of the preview', async () => {
      const { name } = await createSet.run(
        bench.ctx,
        parseInput(createSet.input, { name: 'some', where: 'primary_id in ("anna", "berta")' }),
      );
      const preview = await bench.preview(name, PLAN);
      await expect(
        bench.start(name, { changes: [{ change: 'expiry_date', set: '2031-09-30' }] }, { digest: preview.digest }),
      ).rejects.toMatchObject({ code: 'runs.plan_changed' });
      await bench.users({ primary_id: 'dora', user_group: 'STAFF' });
      await test.db.pool.query(sql`update sets set filter = ${JSON.stringify(await otherFilter(bench))}::jsonb where name = 'some'`);
      await expect(bench.start(name, PLAN, { digest: preview.digest })).rejects.toMatchObject({
        code: 'runs.members_changed',
        params: { before: 2, now: 2, came: 'dora', went: 'anna' },
      });
      expect((await test.db.pool.query('select from runs')).rowCount).toBe(0);
    });

    it('works on present values when they moved after the preview, and says how many; a strict plan skips them', async () => {
      const plan = { changes: [{ change: 'expiry_date', shift: { years: 1 } }] };
      for (const strict of [false, true]) {
        const set = await bench.set('primary_id in ("anna", "carl")');
        const { digest } = await bench.preview(set, { ...plan, strict });
        await test.db.pool.query(
          sql`update users set expiry_date = '2028-02-29', modified_at = clock_timestamp() where primary_id = 'anna'`,
        );
        const report = await bench.run(set, { ...plan, strict }, { digest });
        expect(report).toMatchObject(
          strict
            ? { moved: 1, counts: { changed: 1, skipped: 1 }, reasons: [{ reason: 'changes.moved_strict', users: 1 }] }
            : { moved: 1, counts: { changed: 2, skipped: 0 } },
        );
        expect(await bench.value('anna', 'expiry_date')).toBe(strict ? '2028-02-29' : '2029-02-28');
        const { users } = await listOutcomes.run(bench.ctx, parseInput(listOutcomes.input, { id: report.id }));
        expect(users[0]).toMatchObject({ primary_id: 'anna', moved: true });
      }
    });

    it('asks for a confirmation when it would touch many', async () => {
      const plan = { changes: [{ change: 'expiry_date', set: '2030-09-30' }] };
      const set = await bench.set('primary_id starts with "many"');
      expect((await bench.preview(set, plan)).guard).toEqual({ needed: true, users: 700, of: 703, phrase: '700' });
      await expect(bench.start(set, plan, { confirm: false })).rejects.toMatchObject({
        code: 'runs.guard',
        params: { users: 700, of: 703 },
      });
      const few = await bench.set('primary_id = "anna"');
      expect((await bench.preview(few, plan)).guard.needed).toBe(false);
      expect(await bench.start(few, plan, { confirm: false })).toMatchObject({ state: 'RUNNING' });
    });

    it('freezes its members: who joins the set later is not in it', async () => {
      const { id } = await createSet.run(bench.ctx, parseInput(createSet.input, { name: 'frozen', ids: ['anna', 'berta'] }));
      const run = await bench.start('frozen', PLAN);
      await addMembers.run(bench.ctx, parseInput(addMembers.input, { set: id, ids: ['carl'] }));
      await removeMembers.run(bench.ctx, parseInput(removeMembers.input, { set: id, ids: ['anna'] }));
      await bench.work();
      const { users } = await listOutcomes.run(bench.ctx, parseInput(listOutcomes.input, { id: run.id }));
      expect(users.map((u) => u.primary_id)).toEqual(['anna', 'berta']);
    });
  });
});

async function otherFilter(bench: ReturnType<typeof runsBench>): Promise<unknown> {
  const other = await bench.set('primary_id in ("dora", "berta")');
  const { rows } = await bench.ctx.db.pool.query<{ filter: unknown }>(sql`select s.filter from sets s where s.name = ${other}`);
  return rows[0]?.filter;
}
