import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sql from 'sql-template-tag';
import { beforeEach, describe, expect, it } from 'vitest';
import { userActor } from '../../test/support/actors.ts';
import { useTestDatabase } from '../../test/support/database.ts';
import { runsBench } from '../../test/support/runs.ts';
import { type Context, parseInput } from '../core/index.ts';
import { exportUsers, importUsers, showUser } from '../feeds/index.ts';
import { createSet } from '../sets/index.ts';
import { userHistory } from '../users/index.ts';
import { previewJob } from './index.ts';
import { readFileSync } from 'node:fs';

const test = useTestDatabase();
const bench = runsBench(test);
const directory = mkdtempSync(path.join(tmpdir(), 'muster-closed-'));
let manager: Context;
let set = '';

const NOTE = { type: 'OTHER', text: 'secret remark', user_viewable: false };

beforeEach(async () => {
  await bench.clear();
  await bench.users(
    {
      primary_id: 'lender',
      user_group: 'ALUMNI',
      birth_date: '1990-05-17',
      user_notes: [NOTE],
      user_addresses: [{ city: 'Bonn', types: ['home'] }],
    },
    { primary_id: 'other', birth_date: '1980-01-01' },
  );
  await test.db.pool.query(sql`update access_roles set closed = array['birth_date', 'notes', 'letters'] where role = '21'`);
  manager = { ...bench.ctx, db: test.db, actor: await userActor(test.db.pool, ['21'], { name: 'manager' }) };
  set = await bench.set('everyone');
  await test.db.pool.query('update sets set private = false');
});

const preview = (ctx: Context, ...changes: object[]) => previewJob.run(ctx, parseInput(previewJob.input, { set, plan: { changes } }));
const FIELD = { code: 'changes.field_closed' };

function file(name: string, content: string): string {
  const where = path.join(directory, name);
  writeFileSync(where, content);
  return where;
}

describe('fields that are closed to a role', () => {
  it('are not changed, and not asked for in a condition', async () => {
    await expect(preview(manager, { change: 'birth_date', clear: true })).rejects.toMatchObject(FIELD);
    await expect(preview(manager, { change: 'note', remove: { any: true } })).rejects.toMatchObject(FIELD);
    await expect(preview(manager, { change: 'letter_preference', opt_out: 'GENERAL_NOTICE' })).rejects.toMatchObject(FIELD);
    await expect(
      preview(manager, { change: 'job_description', set: 'x', when: 'status = "ACTIVE" and not (birth_date > 1985-01-01)' }),
    ).rejects.toMatchObject(FIELD);
    await expect(preview(manager, { change: 'job_description', set: 'x', when: 'has note(text contains "secret")' })).rejects.toMatchObject(
      FIELD,
    );
    await expect(preview(manager, { change: 'purge_date', relative_to: 'birth_date', shift: { years: 99 } })).rejects.toMatchObject({
      code: expect.stringMatching(/^changes\./),
    });
    expect(await preview(manager, { change: 'address', remove: { any: true } })).toMatchObject({ changed: 1 });
    expect(await preview(bench.ctx, { change: 'birth_date', clear: true })).toMatchObject({ changed: 2 });
  });

  it('do not hinder a change that adjusts them only beside', async () => {
    expect(await preview(manager, { change: 'account_type', set: 'EXTERNAL', external_id: 'SIS' })).toMatchObject({ changed: 2 });
  });

  it('are not asked for in sets and exports', async () => {
    const asked = { where: 'birth_date > 1985-01-01' };
    await expect(createSet.run(manager, parseInput(createSet.input, { name: 'young', ...asked }))).rejects.toMatchObject({
      code: 'access.field_closed',
    });
    await expect(
      exportUsers.run(manager, parseInput(exportUsers.input, { ...asked, format: 'csv', file: path.join(directory, 'x.csv') })),
    ).rejects.toMatchObject({ code: 'access.field_closed' });
  });

  it('are not shown: record, export, history, preview', async () => {
    const shown = await showUser.run(manager, { user: 'lender' });
    expect(shown).not.toHaveProperty('birth_date');
    expect(shown).not.toHaveProperty('user_note');
    expect(JSON.stringify(shown)).not.toContain('secret remark');
    expect(await showUser.run(bench.ctx, { user: 'lender' })).toMatchObject({ birth_date: '1990-05-17Z' });

    const out = path.join(directory, 'all.csv');
    await exportUsers.run(manager, parseInput(exportUsers.input, { where: 'everyone', format: 'csv', file: out }));
    const csv = readFileSync(out, 'utf8');
    expect(csv).toContain('lender');
    expect(csv).not.toMatch(/1990-05-17|secret remark/);

    const changes = [
      { change: 'birth_date', set: '1991-01-01' },
      { change: 'note', edit: { match: { any: true }, set: { text: 'new remark' } } },
      { change: 'job_description', set: 'x' },
    ];
    await bench.run(set, { changes });
    const history = await userHistory.run(manager, parseInput(userHistory.input, { user: 'lender' }));
    expect(history.entries[0]?.fields.map((field) => field.field)).toEqual(['job_description']);
    expect(history.entries[0]?.rows).toEqual([]);
    const whole = await userHistory.run(bench.ctx, parseInput(userHistory.input, { user: 'lender' }));
    expect(whole.entries[0]?.rows).toHaveLength(1);
  });

  it('are refused in an import, record by record; empty ones are left as they are', async () => {
    const csv = file('users.csv', 'primary_id,job_description,birth_date\nlender,reader,1999-09-09\nother,writer,\n');
    const result = await importUsers.run(manager, parseInput(importUsers.input, { file: csv }));
    expect(result).toMatchObject({ updated: 1, rejected: 1 });
    expect(result.errors).toMatchObject([{ line: 2, code: 'feeds.field_closed' }]);
    expect(await bench.value('lender', 'job_description')).toBeNull();
    const json = file(
      'users.json',
      JSON.stringify({ user: [{ primary_id: 'lender', job_description: 'reader', user_note: [], birth_date: '' }] }),
    );
    expect(await importUsers.run(manager, parseInput(importUsers.input, { file: json }))).toMatchObject({ updated: 1, rejected: 0 });
    expect(await bench.rows('lender', 'user_notes')).toHaveLength(1);
    expect(await bench.value('lender', 'birth_date')).toBe('1990-05-17');
    const notes = file(
      'notes.json',
      JSON.stringify({ user: [{ primary_id: 'lender', user_note: [{ note_type: { value: 'OTHER' }, note_text: 'mine' }] }] }),
    );
    expect(await importUsers.run(manager, parseInput(importUsers.input, { file: notes }))).toMatchObject({ updated: 0, rejected: 1 });
  });

  it('are open again where one of the actor’s roles has them open', async () => {
    const both: Context = { ...manager, actor: await userActor(test.db.pool, ['21', '50'], { name: 'both' }) };
    expect(await preview(both, { change: 'birth_date', clear: true })).toMatchObject({ changed: 2 });
  });
});
