import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { runsBench } from '../../test/support/runs.ts';
import { perform, setSetting } from '../access/index.ts';
import { listMembers } from '../sets/index.ts';
import { createSetFromPreview, exportPreview, previewUsers } from './index.ts';

const test = useTestDatabase();
const bench = runsBench(test);

const plan = {
  changes: [
    { change: 'expiry_date', shift: { months: 1 } },
    { change: 'job_description', set: 'x', when: 'primary_id != "a"' },
  ],
  notify: { type: 'GENERAL_NOTICE', to: 'all' },
};
let set = '';

beforeAll(async () => {
  await test.db.pool.query(`
    insert into users (primary_id, last_name, expiry_date, job_description) values
      ('a', 'A', '2027-01-31', null), ('b', 'B', null, 'x'), ('c', 'C', '2027-01-31', 'x'), ('d', 'D', null, null), ('e', 'E', null, 'x');
    insert into user_emails (user_id, address) select id, primary_id || '@example.org' from users where primary_id in ('a', 'b');`);
  set = await bench.set('everyone');
});

async function membersOf(id: number): Promise<string[]> {
  const { members } = await perform(bench.ctx, listMembers, { set: id });
  return members.map((member) => member.primary_id);
}

describe('job.preview_users', () => {
  it('pages through all members, and says the same of each as the preview counts', async () => {
    const preview = await bench.preview(set, plan);
    const seen: { primary_id: string; outcome: string }[] = [];
    let after = 0;
    for (;;) {
      const page = await perform(bench.ctx, previewUsers, { set, plan, limit: 2, after });
      seen.push(...page.users.map(({ primary_id, outcome }) => ({ primary_id, outcome })));
      if (page.next === null) break;
      after = page.next;
    }
    expect(seen.map((user) => user.primary_id)).toEqual(['a', 'b', 'c', 'd', 'e']);
    const count = (outcome: string): number => seen.filter((user) => user.outcome === outcome).length;
    expect({ changed: count('changed'), unchanged: count('unchanged'), skipped: count('skipped') }).toEqual({
      changed: preview.changed,
      unchanged: preview.unchanged,
      skipped: preview.skipped,
    });
    expect(count('unchanged')).toBeGreaterThan(0);
    const { users } = await perform(bench.ctx, previewUsers, { set, plan, outcome: 'changed' });
    expect(users.map((user) => user.primary_id)).toEqual(['a', 'c', 'd']);
    expect(users[0]?.fields).toEqual({ expiry_date: ['2027-01-31', '2027-02-28'] });
  });
});

describe('job.export_preview', () => {
  it('writes a line for each difference of each member, and the reason of those without', async () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'muster-preview-'));
    try {
      const file = path.join(directory, 'preview.csv');
      const linesOf = (): string[] => readFileSync(file, 'utf8').replace('\ufeff', '').trim().split('\n');
      expect(await perform(bench.ctx, exportPreview, { set, plan, file })).toMatchObject({ users: 5 });
      const [head, ...lines] = linesOf();
      expect(head).toBe('primary_id,name,outcome,reason,explanation,field,before,after,letters');
      expect([...new Set(lines.map((line) => line.split(',', 1)[0]))]).toEqual(['a', 'b', 'c', 'd', 'e']);
      expect(lines.find((line) => line.startsWith('a,'))).toMatch(/,changed,,,expiry_date,2027-01-31,2027-02-28,/);
      expect(await perform(bench.ctx, exportPreview, { set, plan, file, outcome: 'changed' })).toMatchObject({ users: 3 });
      expect([
        ...new Set(
          linesOf()
            .slice(1)
            .map((line) => line.split(',')[2]),
        ),
      ]).toEqual(['changed']);
      const nowhere = path.join(directory, 'missing', 'preview.csv');
      await expect(perform(bench.ctx, exportPreview, { set, plan, file: nowhere })).rejects.toMatchObject({
        code: 'feeds.file_unwritable',
      });
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe('set.from_preview', () => {
  it('makes a set of those who can get no letter, of an outcome, of a reason', async () => {
    const { letters, changes } = await bench.preview(set, plan);
    const silent = await perform(bench.ctx, createSetFromPreview, { set, plan, letter: 'no_address', name: 'Silent' });
    expect(silent).toMatchObject({ kind: 'itemized', members: letters.no_address });
    expect(await membersOf(silent.id)).toEqual(['c', 'd', 'e']);
    const changed = await perform(bench.ctx, createSetFromPreview, { set, plan, outcome: 'changed', name: 'Changed' });
    expect(await membersOf(changed.id)).toEqual(['a', 'c', 'd']);
    const only = { changes: [plan.changes[0]] };
    expect(changes[0]?.skipped_reasons).toMatchObject([{ reason: 'changes.no_date', users: 3 }]);
    const undated = await perform(bench.ctx, createSetFromPreview, { set, plan: only, reason: 'changes.no_date', name: 'No date' });
    expect(await membersOf(undated.id)).toEqual(['b', 'd', 'e']);
  });

  it('finds those whom a warning is about', async () => {
    await test.db.pool.query(`update users set purge_date = '2027-02-01' where primary_id = 'c'`);
    const { changes } = await bench.preview(set, plan);
    expect(changes[0]?.warnings).toMatchObject([{ reason: 'changes.purge_before_expiry', users: 1 }]);
    const made = await perform(bench.ctx, createSetFromPreview, { set, plan, warning: 'changes.purge_before_expiry', name: 'Purged' });
    expect(await membersOf(made.id)).toEqual(['c']);
  });
});

describe('what a preview says of approval', () => {
  it('is what the run then does', async () => {
    expect((await bench.preview(set, plan)).needs_approval).toBe(false);
    await perform(bench.ctx, setSetting, { name: 'approval', value: { above: 4 } });
    expect((await bench.preview(set, plan)).needs_approval).toBe(true);
    expect((await bench.start(set, plan)).state).toBe('MANUAL_HANDLING_REQUIRED');
  });
});
