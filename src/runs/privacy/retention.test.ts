import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sql from 'sql-template-tag';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { userActor } from '../../../test/support/actors.ts';
import { useTestDatabase } from '../../../test/support/database.ts';
import { runsBench } from '../../../test/support/runs.ts';
import { perform } from '../../access/index.ts';
import { AppError, type Context } from '../../core/index.ts';
import { createSetFromRun } from '../../sets/index.ts';
import { editUser } from '../edit.ts';
import { listOutcomes } from '../report.ts';
import { undoRun } from '../undo.ts';
import { applyRetentionNightly } from './retention.ts';
import { applyRetention, showRetention } from './index.ts';

const test = useTestDatabase();
const bench = runsBench(test);
const dataDir = mkdtempSync(path.join(os.tmpdir(), 'muster-retention-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));
const ctx = (): Context => ({ ...bench.ctx, db: test.db, dataDir });

async function removed(): Promise<Record<string, number>> {
  const result = await perform(ctx(), applyRetention, {});
  return Object.fromEntries(result.removed.map((each) => [each.kind, each.rows]));
}

async function count(table: string): Promise<number> {
  const { rows } = await test.db.pool.query<{ n: number }>(`select count(*)::int as n from ${table}`);
  return rows[0]?.n ?? 0;
}

beforeEach(async () => {
  await bench.clear();
  await test.db.pool.query(
    `delete from audit; delete from settings; delete from doomed_files; update housekeeping set last_at = '-infinity'`,
  );
});

describe('retention', () => {
  it('says what is kept how long and how much of it is over time, and removes that', async () => {
    await test.db.pool.query(`insert into audit (at, actor, source, operation, outcome, detail) values
      (now() - interval '731 days', 'a', 'cli', 'users.show', 'done', null),
      (now() - interval '91 days', 'a', 'cli', 'users.search', 'done', '{"text": "doe", "total": 2}'),
      (now() - interval '89 days', 'a', 'cli', 'users.search', 'done', '{"text": "roe", "total": 1}')`);
    await test.db.pool.query(`insert into previews (digest, plan, today, members, created_by, created_at)
      values ('old', '{}', current_date, 0, 'a', now() - interval '31 days'), ('new', '{}', current_date, 0, 'a', now())`);
    const shown = await perform(ctx(), showRetention, {});
    const kind = (name: string) => shown.kinds.find((each) => each.kind === name);
    expect(kind('audit')).toMatchObject({ days: 730, rows: 3, due: 1 });
    expect(kind('audit_texts')).toMatchObject({ days: 90, rows: 2, due: 1 });
    expect(kind('idempotency_keys')).toMatchObject({ days: 1, settable: false, rows: 0 });
    expect(shown.last_applied_at).toBeNull();
    expect(await removed()).toEqual({ audit: 1, audit_texts: 1, previews: 1 });
    const { rows } = await test.db.pool.query(`select detail from audit where operation = 'users.search' order by at`);
    expect(rows.map((row) => row.detail)).toEqual([{ total: 2 }, { text: 'roe', total: 1 }]);
    expect(await count('previews')).toBe(1);
    expect(await removed()).toEqual({});
  });

  it('drops whole months of the journal; the counts stay, and nobody is called unchanged who was not', async () => {
    await bench.users({ primary_id: 'a', user_group: 'STUDENT' }, { primary_id: 'b', user_group: 'STUDENT' });
    const set = await bench.set(`user_group = 'STUDENT'`);
    const run = await bench.run(set, { changes: [{ change: 'user_group', set: 'STAFF' }] });
    const edit = await perform(ctx(), editUser, { user: 'a', changes: [{ change: 'note', add: { type: 'LIBRARY', text: 'secret' } }] });
    await test.db.pool.query(`create table journal_2020_03 partition of journal for values from ('2020-03-01') to ('2020-04-01')`);
    await test.db.pool.query(sql`update runs set created_at = '2020-03-05' where id in (${run.id}, ${edit.id})`);
    await test.db.pool.query(`update journal set at = '2020-03-05'`);
    expect(await count('journal_2020_03')).toBe(3);
    await test.db.pool.query(`insert into settings (name, value) values ('retention', '{"journal": 200}')`);
    expect(await removed()).toEqual({ journal: 3 });
    expect((await test.db.pool.query(`select to_regclass('journal_2020_03') as part`)).rows).toEqual([{ part: null }]);
    expect(await bench.show(run.id)).toMatchObject({ counts: { members: 2, changed: 2 } });
    const { users } = await listOutcomes.run(ctx(), { id: run.id, limit: 10, after: 0 });
    expect(users.map((user) => user.outcome)).toEqual(['not_kept', 'not_kept']);
    const code = (work: Promise<unknown>) => work.catch((error: unknown) => error instanceof AppError && error.code);
    expect(await code(undoRun.run(ctx(), { id: run.id, confirm: true }))).toBe('privacy.journal_dropped');
    expect(await code(perform(ctx(), createSetFromRun, { name: 'x', run: run.id, outcome: 'unchanged' }))).toBe('privacy.journal_dropped');
    const emptied = await bench.show(edit.id);
    expect(JSON.stringify(emptied.plan)).not.toContain('secret');
    expect(emptied.name).toBe('[…]');
  });

  it('removes bodies of messages with their files, and later the messages', async () => {
    const [user = 0] = await bench.users({ primary_id: 'a' });
    await test.db.pool.query(sql`
      with made as (insert into runs (kind, name, state, plan, today, created_by) values ('job', 'r', 'COMPLETED_SUCCESS', '{}', current_date, 'administrator') returning id)
      insert into outbox (run_id, user_id, letter, state, file, created_at)
      select m.id, ${user}, l.letter, l.state, l.file, now() - l.age from made m cross join (values
        ('A', 'sent', 'mailbox/1.eml', interval '181 days'), ('B', 'sent', 'mailbox/2.eml', interval '179 days'),
        ('C', 'sent', null, interval '731 days'), ('D', 'queued', null, interval '800 days')) as l (letter, state, file, age)`);
    mkdirSync(path.join(dataDir, 'mailbox'), { recursive: true });
    for (const name of ['1', '2']) writeFileSync(path.join(dataDir, `mailbox/${name}.eml`), 'x');
    expect(await removed()).toEqual({ messages: 1, message_bodies: 1 });
    expect(existsSync(path.join(dataDir, 'mailbox/1.eml'))).toBe(false);
    expect(existsSync(path.join(dataDir, 'mailbox/2.eml'))).toBe(true);
    const { rows } = await test.db.pool.query('select letter, file from outbox order by letter');
    expect(rows).toEqual([
      { letter: 'A', file: null },
      { letter: 'B', file: 'mailbox/2.eml' },
      { letter: 'D', file: null },
    ]);
  });

  it('keeps values that a schedule still needs, and for ever what the library wants so', async () => {
    const [user = 0] = await bench.users({ primary_id: 'a' });
    const set = await bench.set('primary_id is not empty');
    await test.db.pool.query(`insert into value_tables (id, name, columns, created_by, created_at) overriding system value
      values (1, 'old', '{c}', 'a', now() - interval '400 days'), (2, 'used', '{c}', 'a', now() - interval '400 days')`);
    await test.db.pool.query(sql`insert into value_rows select t, ${user}, 1, '{}' from unnest(array[1, 2]) t`);
    await test.db.pool.query(
      sql`insert into schedules (name, set_id, plan, cron, owner) select 's', s.id, '{"values": 2}', '0 6 * * *', 'a' from sets s where s.name = ${set}`,
    );
    await test.db.pool.query(`insert into audit (at, actor, source, operation, outcome) values ('2001-01-01', 'a', 'cli', 'x', 'done')`);
    await test.db.pool.query(`insert into settings (name, value) values ('retention', '{"audit": null}')`);
    expect(await removed()).toEqual({ values: 1 });
    const { rows } = await test.db.pool.query('select name from value_tables');
    expect(rows).toEqual([{ name: 'used' }]);
  });

  it('is enforced once a day, however many workers ask', async () => {
    await test.db.pool.query(`insert into audit (at, actor, source, operation, outcome) values ('2001-01-01', 'a', 'cli', 'x', 'done')`);
    await Promise.all([applyRetentionNightly(ctx()), applyRetentionNightly(ctx())]);
    expect(await count('audit')).toBe(0);
    await test.db.pool.query(`insert into audit (at, actor, source, operation, outcome) values ('2001-01-01', 'a', 'cli', 'x', 'done')`);
    await applyRetentionNightly(ctx());
    expect(await count('audit')).toBe(1);
    const manager = { ...ctx(), actor: await userActor(test.db.pool, ['50']) };
    await expect(perform(manager, applyRetention, {})).rejects.toMatchObject({ code: 'access.denied' });
  });
});
