import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sql from 'sql-template-tag';
import { beforeEach, describe, expect, it } from 'vitest';
import { forEachEngine, useTestDatabase } from '../../test/support/database.ts';
import { runsBench } from '../../test/support/runs.ts';
import { compileUndo, countStatement, type Touches, writeStatement } from '../changes/index.ts';
import { parseInput } from '../core/index.ts';
import { createSetFromRun, listMembers } from '../sets/index.ts';
import { listOutcomes, reportRun, resumeRun, workOnce } from './index.ts';
import { loadApplication } from './work.ts';

forEachEngine((engine) => {
  const test = useTestDatabase(engine);
  const bench = runsBench(test);

  beforeEach(async () => {
    await bench.clear();
    await test.db.pool.query(
      sql`insert into users (primary_id, expiry_date) select 'user' || n, '2027-01-31' from generate_series(1, 600) n`,
    );
  });

  const outcomes = async (id: number, outcome: string) =>
    (await listOutcomes.run(bench.ctx, parseInput(listOutcomes.input, { id, outcome }))).users;

  describe('one impossible user', () => {
    it('fails alone when a date leaves the calendar; the others go through', async () => {
      await test.db.pool.query(sql`update users set expiry_date = '5874897-12-31' where primary_id = 'user300'`);
      const report = await bench.run(await bench.set('everyone'), { changes: [{ change: 'expiry_date', shift: { years: 1 } }] });
      expect(report).toMatchObject({
        state: 'COMPLETED_WARNING',
        counts: { members: 600, changed: 599, unchanged: 0, skipped: 0, failed: 1 },
      });
      expect(report.reasons).toMatchObject([{ reason: 'changes.impossible_value', users: 1 }]);
      expect(report.changes).toMatchObject([{ changed: 599, failed: 1 }]);
      expect(await outcomes(report.id, 'failed')).toMatchObject([
        { primary_id: 'user300', text: 'The result is not a possible value', detail: { sqlstate: '22008' } },
      ]);
      expect(await bench.value('user300', 'expiry_date')).toBe('5874897-12-31');
      const failed = await createSetFromRun.run(
        bench.ctx,
        parseInput(createSetFromRun.input, { run: report.id, outcome: 'failed', name: 'the one that failed' }),
      );
      expect((await listMembers.run(bench.ctx, parseInput(listMembers.input, { set: failed.id }))).members).toMatchObject([
        { primary_id: 'user300' },
      ]);
    });

    it('fails alone when a value is taken in the middle of the chunk', async () => {
      // Takes, while the chunk runs, what the pattern makes for one of its users.
      await test.db.pool.query(`
        create function take() returns trigger language plpgsql as $$
        begin
          if new.primary_id = 'user7' then
            insert into user_identifiers (user_id, type, value) select id, 'OTHER_ID_2', 'LIB-user8' from users where primary_id = 'user600';
          end if;
          return new;
        end $$;
        create trigger take before update on users for each row execute function take()`);
      const plan = {
        changes: [
          { change: 'status', set: 'INACTIVE' },
          { change: 'identifier', add: { type: 'OTHER_ID_1', pattern: 'LIB-{primary_id}' } },
        ],
      };
      const set = await bench.set('everyone');
      expect(await bench.preview(set, plan)).toMatchObject({ changed: 600, failed: 0 });
      const report = await bench.run(set, plan);
      await test.db.pool.query('drop trigger take on users; drop function take()');
      expect(report).toMatchObject({ state: 'COMPLETED_WARNING', counts: { members: 600, changed: 599, failed: 1 } });
      expect(await outcomes(report.id, 'failed')).toMatchObject([{ primary_id: 'user8', reason: 'changes.identifier_taken' }]);
      expect(await bench.value('user8', 'status')).toBe('ACTIVE');
      expect(await bench.rows('user9', 'user_identifiers')).toMatchObject([{ value: 'LIB-user9' }]);
    });

    it('fails alone when a rule of the database is broken; the report names the rule and no values', async () => {
      await test.db.pool.query(`
        create function collide() returns trigger language plpgsql as $$
        begin
          insert into user_rs_libraries (user_id, code) values (new.id, 'MED');
          return new;
        end $$;
        create trigger collide before update on users for each row when (old.primary_id = 'user9') execute function collide()`);
      const report = await bench.run(await bench.set('everyone'), { changes: [{ change: 'rs_library', add: { code: 'MED' } }] });
      await test.db.pool.query('drop trigger collide on users; drop function collide()');
      expect(report).toMatchObject({ state: 'COMPLETED_WARNING', counts: { members: 600, changed: 599, failed: 1 } });
      expect(await outcomes(report.id, 'failed')).toMatchObject([
        {
          primary_id: 'user9',
          reason: 'changes.constraint',
          detail: { sqlstate: '23505', constraint: 'user_rs_libraries_user', column: null },
        },
      ]);
      expect(await bench.rows('user9', 'user_rs_libraries')).toEqual([]);
      expect(await bench.rows('user8', 'user_rs_libraries')).toEqual([{ code: 'MED' }]);
    });

    it('that the preview foresees is counted there, and the counts agree', async () => {
      await bench.users({ primary_id: 'LIB-user5' });
      const plan = {
        changes: [
          { change: 'identifier', add: { type: 'OTHER_ID_1', pattern: 'lib-{primary_id}' } },
          { change: 'status', set: 'INACTIVE' },
        ],
      };
      const set = await bench.set('everyone');
      const preview = await bench.preview(set, plan, { outcome: 'failed' });
      expect(preview).toMatchObject({ members: 601, changed: 600, failed: 1, reasons: [{ reason: 'changes.identifier_taken', users: 1 }] });
      expect(preview.users).toMatchObject([{ primary_id: 'user5', outcome: 'failed', reason: 'changes.identifier_taken', fields: {} }]);
      const report = await bench.run(set, plan);
      expect(report).toMatchObject({ state: 'COMPLETED_WARNING', counts: { members: 601, changed: 600, failed: 1 } });
      expect(report.changes).toEqual(preview.changes);
      for (const change of report.changes) expect(change.changed + change.unchanged + change.skipped + change.failed).toBe(601);
      expect(await bench.value('user5', 'status')).toBe('ACTIVE');
    });

    it('makes every user fail when it is every user, and the run says so', async () => {
      await test.db.pool.query(sql`update users set expiry_date = '5874897-12-31'`);
      const report = await bench.run(await bench.set('primary_id starts with "user59"'), {
        changes: [{ change: 'expiry_date', shift: { days: 1 } }],
      });
      expect(report).toMatchObject({ state: 'COMPLETED_FAILED', counts: { members: 11, changed: 0, failed: 11 } });
    });

    it('stands in the CSV of outcomes with its reason, and formulas stay text', async () => {
      await test.db.pool.query(sql`update users set primary_id = '=1+1', expiry_date = '9999-12-31' where primary_id = 'user300'`);
      const { id } = await bench.run(await bench.set('everyone'), { changes: [{ change: 'expiry_date', shift: { days: 1 } }] });
      const directory = await mkdtemp(path.join(os.tmpdir(), 'outcomes-'));
      const file = path.join(directory, 'outcomes.csv');
      try {
        expect(await reportRun.run(bench.ctx, parseInput(reportRun.input, { id, csv: file }))).toMatchObject({
          csv_rows: 600,
          counts: { failed: 1 },
        });
        const lines = (await readFile(file, 'utf8')).split('\n');
        expect(lines).toHaveLength(602);
        expect(lines[0]).toBe('\ufeffprimary_id,outcome,reason,explanation,detail,moved');
        expect(lines.find((line) => line.includes('failed'))).toBe(
          `'=1+1,failed,changes.date_out_of_range,The date would lie outside the years 1 to 9999,,`,
        );
        expect((await stat(file)).mode & 0o777).toBe(0o600);
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    });

    it('that was erased meanwhile is skipped', async () => {
      const { id } = await bench.start(await bench.set('everyone'), { changes: [{ change: 'status', set: 'INACTIVE' }] });
      await test.db.pool.query(sql`delete from users where primary_id = 'user3'`);
      await bench.work();
      expect(await bench.show(id)).toMatchObject({
        state: 'COMPLETED_SUCCESS',
        counts: { members: 600, changed: 599, skipped: 1 },
        reasons: [{ reason: 'runs.user_erased', users: 1 }],
      });
    });
  });

  describe("an error that is no user's", () => {
    it('is tried again, and after five times ends the run in so many words; the run may be resumed', async () => {
      await test.db.pool.query(`
        create function broken() returns trigger language plpgsql as $$ begin raise exception 'out of order' using errcode = 'XX000'; end $$;
        create trigger broken before update on users for each row when (old.primary_id = 'user300') execute function broken()`);
      const { id } = await bench.start(await bench.set('everyone'), { changes: [{ change: 'status', set: 'INACTIVE' }] });
      const errors: unknown[] = [];
      for (let bite = 0; bite < 20; bite += 1) await workOnce(bench.ctx).catch((error: unknown) => errors.push(error));
      expect(errors).toHaveLength(5);
      expect(await bench.show(id)).toMatchObject({
        state: 'FAILED',
        state_reason: 'A part of the run failed again and again; see the log',
      });
      expect(await outcomes(id, 'failed')).toEqual([]);
      await test.db.pool.query('drop trigger broken on users; drop function broken()');
      await resumeRun.run(bench.ctx, { id, confirm: false });
      await bench.work();
      expect(await bench.show(id)).toMatchObject({ state: 'COMPLETED_SUCCESS', counts: { members: 600, changed: 600, failed: 0 } });
    });

    it('of want of room pauses the run', async () => {
      await test.db.pool.query(`
        create function full_disk() returns trigger language plpgsql as $$ begin raise exception 'no space left' using errcode = '53100'; end $$;
        create trigger full_disk before update on users for each statement execute function full_disk()`);
      const { id } = await bench.start(await bench.set('everyone'), { changes: [{ change: 'status', set: 'INACTIVE' }] });
      await workOnce(bench.ctx);
      expect(await bench.show(id)).toMatchObject({
        state: 'PAUSED',
        state_reason: 'Paused: the database has no room or no memory left',
        progress: { done: 0, total: 600 },
      });
      await test.db.pool.query('drop trigger full_disk on users; drop function full_disk()');
      await resumeRun.run(bench.ctx, { id, confirm: false });
      await bench.work();
      expect(await bench.show(id)).toMatchObject({ state: 'COMPLETED_SUCCESS', counts: { changed: 600 } });
    });
  });

  describe('two runs at once on the same users', () => {
    const together = async (one: object, other: object): Promise<readonly [number, number]> => {
      const set = await bench.set('everyone');
      const first = await bench.start(set, one);
      const second = await bench.start(set, other);
      // Three workers that take whatever is open.
      await Promise.all([bench.work(), bench.work(), bench.work()]);
      await bench.work();
      return [first.id, second.id];
    };

    it('leave one of a block that both add', async () => {
      const plan = { changes: [{ change: 'block', add: { description: '02-GLOBAL' } }] };
      const [a, b] = await together(plan, plan);
      const [one, other] = [await bench.show(a), await bench.show(b)];
      const both = (outcome: 'changed' | 'unchanged') => (one.counts[outcome] ?? 0) + (other.counts[outcome] ?? 0);
      expect([both('changed'), both('unchanged'), one.state, other.state]).toEqual([600, 600, 'COMPLETED_SUCCESS', 'COMPLETED_SUCCESS']);
      const { rows } = await test.db.pool.query('select count(*) as rows, count(distinct user_id) as users from user_blocks');
      expect(rows).toEqual([{ rows: 600, users: 600 }]);
    });

    it("do not deadlock and lose none of each other's writes", async () => {
      const days = (n: number) => ({
        changes: [
          { change: 'expiry_date', shift: { days: n } },
          { change: 'note', add: { text: `${n} days` } },
        ],
      });
      const [a, b] = await together(days(1), days(10));
      expect((await bench.show(a)).counts).toMatchObject({ changed: 600, failed: 0 });
      expect((await bench.show(b)).counts).toMatchObject({ changed: 600, failed: 0 });
      const { rows } = await test.db.pool.query(
        `select u.expiry_date, count(distinct u.id) as users, count(*) as notes from users u join user_notes n on n.user_id = u.id group by 1`,
      );
      expect(rows).toEqual([{ expiry_date: '2027-02-11', users: 600, notes: 1200 }]);
    });
  });

  describe('the statements', () => {
    const PLAN = {
      changes: [
        { change: 'expiry_date', set: '2030-09-30' },
        { change: 'user_group', set: 'ALUMNI', when: 'loans > 0 or has block(status = "ACTIVE")' },
        { change: 'block', add: { description: '02-GLOBAL' } },
        { change: 'email', replace: { find: '@a', with: '@b' } },
        { change: 'identifier', add: { type: 'OTHER_ID_1', pattern: 'X-{primary_id}' } },
        { change: 'give_back_to_feed', when: 'user_group = "STAFF"' },
      ],
      notify: { type: 'GENERAL_NOTICE' },
    };

    it('of a chunk never scan all users or all of their rows, nor the whole journal', async () => {
      const { id } = await bench.start(await bench.set('everyone'), PLAN);
      await test.db.pool.query('analyze users');
      await test.db.transaction(async (tx) => {
        const { rows } = await tx.query<{ user_ids: number[]; touches: Touches }>(
          'select c.user_ids, r.touches from run_chunks c join runs r on r.id = c.run_id order by c.no limit 1',
        );
        const touches = rows[0]?.touches ?? { scalars: {}, tables: [] };
        const ids = (rows[0]?.user_ids ?? []).map(Number);
        const application = await loadApplication(tx, bench.ctx, id);
        const undo = compileUndo({ runId: id, touches, changes: null, guards: [] });
        for (const compiled of [application.compiled, undo]) {
          const statement = writeStatement({ ...application, compiled, letters: compiled === undo ? [] : application.letters }, ids);
          await tx.query('set local enable_seqscan = off');
          const plan = JSON.stringify((await tx.query(sql`explain (format json) ${statement}`)).rows);
          const scanned = [...plan.matchAll(/"Node Type":"Seq Scan"[^{}]*?"Relation Name":"(\w+)"/g)].map((m) => m[1]);
          expect(scanned.filter((table) => /^(users?_?|journal|feed_values)/.test(table ?? ''))).toEqual([]);
        }
      });
    });

    it('of a preview read every table once at most', async () => {
      const { id } = await bench.start(await bench.set('everyone'), PLAN);
      await test.db.transaction(async (tx) => {
        const application = await loadApplication(tx, bench.ctx, id);
        const members = sql`select m.user_id from run_members m where m.run_id = ${id}::bigint`;
        const { rows } = await tx.query(sql`explain (format json) ${countStatement(application.compiled, application.letters, members)}`);
        const plan = JSON.stringify(rows);
        expect([...plan.matchAll(/"Relation Name":"users"/g)]).toHaveLength(1);
      });
    });
  });
});
