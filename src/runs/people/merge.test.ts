import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sql from 'sql-template-tag';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { userActor } from '../../../test/support/actors.ts';
import { useTestDatabase } from '../../../test/support/database.ts';
import { runsBench } from '../../../test/support/runs.ts';
import { perform } from '../../access/index.ts';
import type { Actor, Context } from '../../core/index.ts';
import { createUser, exportUsers, listUsers } from '../../feeds/index.ts';
import { listUserMessages } from '../../letters/index.ts';
import { createSet, createSetFromRun, showSet } from '../../sets/index.ts';
import { searchUsers, showUserRecord, userHistory } from '../../users/index.ts';
import { editUser } from '../edit.ts';
import { listOutcomes } from '../report.ts';
import { startRun } from '../start.ts';
import { previewUndo, undoRun } from '../undo.ts';
import { applyRetention, eraseUser, personalData } from '../privacy/index.ts';
import { mergeUsers, previewMerge } from './index.ts';

const test = useTestDatabase();
const bench = runsBench(test);
const dataDir = mkdtempSync(path.join(os.tmpdir(), 'muster-merge-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));
const ctx = (actor?: Actor): Context => ({ ...bench.ctx, db: test.db, dataDir, ...(actor === undefined ? {} : { actor }) });
let ids: number[] = [];

const ANNA = {
  primary_id: 'anna',
  first_name: 'Anna',
  last_name: 'Maier',
  user_group: 'STAFF',
  expiry_date: '2027-01-31',
  loans: 2,
  user_identifiers: [{ type: 'BARCODE', value: 'B-1' }],
  user_emails: [{ address: 'anna@example.org', preferred: true, types: ['personal'] }],
  user_letter_preferences: [{ code: 'GENERAL_NOTICE', value: false }],
};
const ANNA_OLD = {
  primary_id: 'A-old',
  first_name: 'Anna',
  last_name: 'Meier',
  birth_date: '1990-02-28',
  user_group: 'ALUMNI',
  credential_state: 'password',
  loans: 1,
  fees: '3.50',
  user_identifiers: [{ type: 'BARCODE', value: 'B-2', segment: 'External' }],
  user_emails: [
    { address: 'ANNA@example.org', types: ['work'] },
    { address: 'anna@old.example.org', preferred: true, types: [] },
  ],
  user_blocks: [{ type: 'GENERAL', description: '02-GLOBAL', created_by: 'desk', created_at: '2020-01-01T00:00:00Z' }],
  user_roles: [{ type: '200', scope: 'INSTITUTION' }],
  user_letter_preferences: [
    { code: 'GENERAL_NOTICE', value: true },
    { code: 'WELCOME', value: true },
  ],
};

beforeEach(async () => {
  await bench.clear();
  await test.db.pool.query('delete from audit; delete from settings');
  ids = await bench.users(ANNA, ANNA_OLD, { primary_id: 'other', user_emails: [{ address: 'o@example.org', preferred: true }] });
  await test.db.pool.query(sql`select refresh_user_search(${ids}::bigint[])`);
});

const merge = (keep = 'anna', give_up = 'A-old', more: object = {}, actor?: Actor) =>
  perform(ctx(actor), mergeUsers, { keep, give_up, ...more });
const refused = (work: Promise<unknown>, code: string) => expect(work).rejects.toMatchObject({ code });
const shellId = () => `merged-${ids[1]}`;

describe('a merge', () => {
  it('keeps what both say: the kept record has the last word, and what it lacks comes from the other', async () => {
    const preview = await perform(ctx(), previewMerge, { keep: 'b-1', give_up: 'A-old' });
    const field = (name: string) => preview.fields.find((each) => each.field === name);
    expect(field('last_name')).toMatchObject({
      keep: { value: 'Maier' },
      give_up: { value: 'Meier' },
      result: { value: 'Maier' },
      from: 'keep',
    });
    expect(field('birth_date')).toMatchObject({ result: { value: '1990-02-28' }, from: 'give_up' });
    expect(field('loans')).toMatchObject({ result: { value: 3 }, from: 'both', choosable: false });
    expect(preview.rows.filter((row) => row.of === 'give_up').map((row) => [row.name, row.outcome])).toEqual([
      ['identifier', 'added'],
      ['identifier', 'added'],
      ['email', 'joined'],
      ['email', 'added'],
      ['block', 'added'],
      ['role', 'added'],
      ['letter_preference', 'kept_wins'],
      ['letter_preference', 'added'],
    ]);
    expect(preview.warnings.map(({ code }) => code)).toEqual(['merge.warn.sign_in']);

    const { id } = await merge('anna', 'A-old', { choices: { user_group: 'give_up' } });
    expect(await bench.value('anna', 'user_group')).toBe('ALUMNI');
    expect(await bench.value('anna', 'birth_date')).toBe('1990-02-28');
    expect(await bench.value('anna', 'fees')).toBe('3.50');
    expect(await bench.rows('anna', 'user_identifiers')).toMatchObject([
      { type: 'BARCODE', value: 'B-1' },
      { type: 'BARCODE', value: 'B-2', segment: 'Internal' },
      { type: 'MERGED_ID', value: 'A-old' },
    ]);
    expect(await bench.rows('anna', 'user_emails')).toMatchObject([
      { address: 'anna@example.org', preferred: true, types: ['personal', 'work'] },
      { address: 'anna@old.example.org', preferred: false },
    ]);
    expect(await bench.rows('anna', 'user_blocks')).toMatchObject([{ description: '02-GLOBAL', created_by: 'desk' }]);
    expect(await bench.rows('anna', 'user_letter_preferences')).toMatchObject([{ value: false }, { code: 'WELCOME', value: true }]);
    expect(await bench.show(id)).toMatchObject({ kind: 'merge', name: 'A-old merged into anna', counts: { members: 2, changed: 2 } });
  });

  it('leaves a record that nothing shows and nothing leads to but its new number, which says where everything is', async () => {
    await merge();
    expect((await perform(ctx(), showUserRecord, { user: 'A-old' })).primary_id).toBe('anna');
    expect((await perform(ctx(), showUserRecord, { user: 'b-2' })).merged).toMatchObject([{ primary_id: 'A-old' }]);
    await refused(perform(ctx(), showUserRecord, { user: shellId() }), 'users.merged');
    await refused(perform(ctx(), editUser, { user: shellId(), changes: [{ change: 'expiry_date', clear: true }] }), 'users.merged');
    await refused(merge('anna', shellId()), 'users.merged');
    expect((await perform(ctx(), searchUsers, { text: shellId() })).total).toBe(0);
    expect((await perform(ctx(), searchUsers, { text: 'a-old' })).users).toMatchObject([{ primary_id: 'anna' }]);
    expect((await perform(ctx(), listUsers, {})).users).toHaveLength(2);
    for (const where of ['everyone', 'status = "INACTIVE"', 'first_name is empty', 'not loans > 0', `primary_id = "${shellId()}"`]) {
      const listed = await perform(ctx(), listUsers, { where });
      expect([where, listed.users.map((user) => user.primary_id)]).not.toEqual([where, expect.arrayContaining([shellId()])]);
      const set = await perform(ctx(), createSet, { name: where, where });
      expect([where, (await perform(ctx(), showSet, { set: set.name })).members]).toEqual([where, listed.users.length]);
      expect((await bench.preview(set.name, { changes: [{ change: 'expiry_date', set: '2030-01-01' }] })).members).toBe(
        listed.users.length,
      );
    }
    const out = path.join(dataDir, 'all.csv');
    expect(await perform(ctx(), exportUsers, { file: out, format: 'csv', where: 'everyone' })).toMatchObject({ users: 2 });
  });

  it('moves memberships, loans, proxies and waiting letters, and an undo moves them back', async () => {
    const [anna, old, other] = ids;
    const { rows: before } = await things();
    await test.db.pool.query(sql`
      with s as (insert into sets (name, kind, owner) values ('A', 'itemized', 'A-old'), ('B', 'itemized', 'x') returning id, name),
      m as (insert into set_members select s.id, ${old}::bigint from s union all select s.id, ${anna}::bigint from s where s.name = 'B'),
      c as (insert into circulation (user_id, kind, reference, true_on) values (${old}::bigint, 'loan', 'L1', '2026-01-01'), (${anna}::bigint, 'loan', 'L1', '2026-01-01')),
      p as (insert into user_proxies (user_id, proxy_for_id) values (${old}::bigint, ${anna}::bigint), (${other}::bigint, ${old}::bigint)),
      r as (insert into runs (kind, name, state, plan, today, created_by) values ('job', 'x', 'COMPLETED_SUCCESS', '{}', '2026-01-01', 'x'), ('job', 'y', 'COMPLETED_SUCCESS', '{}', '2026-01-01', 'x') returning id, name)
      insert into outbox (run_id, user_id, letter, state, brings, next_at)
      select r.id, ${old}::bigint, 'GENERAL_NOTICE', 'queued', null, 'infinity'::timestamptz from r union all
      select r.id, ${anna}::bigint, 'GENERAL_NOTICE', 'queued', null, 'infinity' from r where r.name = 'y' union all
      select r.id, ${old}::bigint, 'CREDENTIALS', 'queued', 'password', 'infinity' from r where r.name = 'x' union all
      select r.id, ${old}::bigint, 'WELCOME', 'sent', null, 'infinity' from r where r.name = 'x'`);
    await test.db.pool.query(sql`insert into sessions (token_hash, user_id, method, idle_seconds, expires_at)
      values ('\\x01', ${old}::bigint, 'password', 60, now() + interval '1 day')`);
    expect(before).toHaveLength(1);
    const full = (await things()).rows[0];
    const preview = await perform(ctx(), previewMerge, { keep: 'anna', give_up: 'A-old' });
    expect(preview.holdings).toMatchObject({ sets: 2, circulation: 1, proxies: 2, letters: 1, letters_cancelled: 2 });
    expect(preview.fields.find(({ field }) => field === 'loans')?.result.value).toBe(2);
    const { id } = await merge();
    expect((await things()).rows[0]).toEqual({
      members: ['A anna', 'B anna'],
      owners: ['A anna', 'B x'],
      loans: ['anna L1'],
      proxies: ['other anna'],
      letters: [
        'x A CREDENTIALS cancelled',
        'x A WELCOME sent',
        'x anna GENERAL_NOTICE queued',
        'y A GENERAL_NOTICE cancelled',
        'y anna GENERAL_NOTICE queued',
      ],
      sessions: '0',
    });
    expect((await perform(ctx(), listUserMessages, { user: 'anna' })).messages).toHaveLength(5);
    await bench.undo(id);
    expect((await things()).rows[0]).toEqual({
      ...full,
      letters: [
        'x A CREDENTIALS cancelled',
        'x A GENERAL_NOTICE queued',
        'x A WELCOME sent',
        'y A GENERAL_NOTICE cancelled',
        'y anna GENERAL_NOTICE queued',
      ],
      sessions: '0',
    });
  });

  it('leaves out whoever was merged while a job was under way', async () => {
    const set = await bench.set('everyone');
    const started = await perform(ctx(), startRun, {
      set,
      plan: { changes: [{ change: 'expiry_date', set: '2031-01-01' }] },
      confirm: true,
    });
    await merge();
    await bench.work();
    expect(await bench.show(started.id)).toMatchObject({ counts: { members: 3, changed: 2, skipped: 1 } });
    const { users } = await perform(ctx(), listOutcomes, { id: started.id, outcome: 'skipped' });
    expect(users).toMatchObject([{ primary_id: shellId(), reason: 'runs.user_merged' }]);
    // A set from what the run did has the person once, as who they are now.
    const again = await perform(ctx(), createSetFromRun, { name: 'again', run: started.id, outcome: 'skipped' });
    expect(again).toMatchObject({ members: 1 });
    expect((await perform(ctx(), listUsers, { where: 'expiry_date = 2031-01-01' })).users).toHaveLength(2);
  });
});

/** Who has what, by names. */
function things() {
  return test.db.pool.query(sql`
    with who as (select u.id, case when u.id = ${ids[1]}::bigint then 'A' else u.primary_id end as name from users u)
    select (select jsonb_agg(s.name || ' ' || w.name order by s.name, w.name) from set_members m join sets s on s.id = m.set_id join who w on w.id = m.user_id) as members,
      (select jsonb_agg(s.name || ' ' || s.owner order by s.name) from sets s) as owners,
      (select jsonb_agg(w.name || ' ' || c.reference order by w.name) from circulation c join who w on w.id = c.user_id) as loans,
      (select jsonb_agg(a.name || ' ' || b.name order by a.name, b.name) from user_proxies p join who a on a.id = p.user_id join who b on b.id = p.proxy_for_id) as proxies,
      (select jsonb_agg(concat_ws(' ', r.name, w.name, o.letter, o.state) order by r.name, w.name, o.letter) from outbox o join runs r on r.id = o.run_id join who w on w.id = o.user_id) as letters,
      (select count(*)::text from sessions) as sessions`);
}

describe('the undo of a merge', () => {
  it('leaves alone what was changed since, and says so', async () => {
    const { id } = await merge();
    await perform(ctx(), editUser, { user: 'anna', changes: [{ change: 'birth_date', set: '1991-01-01' }] });
    await test.db.pool.query(`update user_identifiers set note = 'seen' where value = 'B-2'`);
    expect(await perform(ctx(), previewUndo, { id })).toMatchObject({ members: 2, changed: 0, conflict: 2 });
    const undo = await bench.undo(id);
    expect(undo.counts).toMatchObject({ members: 2, conflict: 2, failed: 0 });
    expect(await bench.value('anna', 'birth_date')).toBe('1991-01-01');
    expect(await bench.value('A-old', 'last_name')).toBe('Meier');
    expect(await bench.rows('anna', 'user_identifiers')).toMatchObject([{ value: 'B-1' }, { value: 'B-2', note: 'seen' }]);
    expect(await bench.rows('A-old', 'user_identifiers')).toEqual([]);
    await refused(perform(ctx(), undoRun, { id }), 'merge.undone_already');
    await refused(perform(ctx(), undoRun, { id: undo.id }), 'merge.again');
  });

  it('is all or nothing: where the old number is somebody else’s by now, both stay as they are', async () => {
    const { id } = await merge();
    await test.db.pool.query(`delete from user_identifiers where value = 'A-old'`);
    await bench.users({ primary_id: 'A-old' });
    const before = await bench.snapshot();
    expect((await bench.undo(id)).counts).toMatchObject({ members: 2, failed: 2, changed: 0 });
    expect(await bench.snapshot()).toEqual(before);
  });

  it('is whole, and goes from the last merge to the first', async () => {
    const before = await bench.snapshot();
    const first = await merge();
    const second = await merge('other', 'anna');
    expect((await perform(ctx(), showUserRecord, { user: 'A-old' })).primary_id).toBe('other');
    await refused(perform(ctx(), showUserRecord, { user: shellId() }), 'users.merged');
    await refused(perform(ctx(), undoRun, { id: first.id }), 'merge.merged_further');
    await refused(perform(ctx(), undoRun, { id: second.id, users: ['other'] }), 'merge.undo_whole');
    await bench.undo(second.id);
    await bench.undo(first.id);
    expect(await bench.snapshot()).toEqual(before);
  });
});

describe('who may merge whom', () => {
  it('needs what edits of both would need', async () => {
    const manager = await userActor(test.db.pool, ['21'], { name: 'manager', userId: 900_001 });
    const own = await userActor(test.db.pool, ['26'], { name: 'anna', userId: ids[0] ?? 0 });
    await refused(merge('anna', 'A-old', {}, own), 'merge.own_record');
    await refused(merge('A-old', 'anna', {}, own), 'merge.own_record');
    await test.db.pool.query(sql`insert into user_roles (user_id, type, scope) values (${ids[1]}::bigint, '26', 'INSTITUTION')`);
    await refused(merge('anna', 'A-old', {}, manager), 'merge.outranks');
    await refused(merge('A-old', 'anna', {}, manager), 'merge.outranks');
    await test.db.pool.query(`update user_roles set status = 'INACTIVE' where type = '26'`);
    await refused(merge('anna', 'A-old', {}, manager), 'merge.role_not_yours');
    await test.db.pool.query(`delete from user_roles where type = '26'`);
    await test.db.pool.query(`update access_roles set closed = '{birth_date}' where role = '21'`);
    const closed = await userActor(test.db.pool, ['21'], { name: 'manager', userId: 900_001 });
    await refused(merge('anna', 'A-old', {}, closed), 'changes.field_closed');
    await test.db.pool.query(`update access_roles set closed = '{}' where role = '21'`);
    await refused(merge('anna', 'b-1'), 'merge.same_record');
    await refused(merge('anna', 'A-old', { choices: { credential_state: 'give_up' } }), 'merge.not_choosable');
    await refused(merge('anna', 'A-old', { choices: { expiry_date: 'give_up' } }), 'merge.nothing_to_take');
    const { keep, give_up } = await perform(ctx(), previewMerge, { keep: 'anna', give_up: 'A-old' });
    await perform(ctx(), editUser, { user: 'A-old', changes: [{ change: 'expiry_date', set: '2028-01-01' }] });
    await refused(merge('anna', 'A-old', { match: { keep: keep.tag, give_up: give_up.tag } }), 'users.changed');
    expect(await merge('anna', 'A-old', {}, manager)).toMatchObject({ keep: 'anna', give_up: 'A-old' });
  });

  it('keeps an administrator who can sign in, whichever record it is', async () => {
    await test.db.pool.query(sql`insert into user_roles (user_id, type, scope) values (${ids[1]}::bigint, '26', 'INSTITUTION')`);
    await refused(merge(), 'access.last_administrator');
    await test.db.pool.query(sql`update users set credential_state = 'password' where id = ${ids[0]}::bigint`);
    const { id } = await merge();
    expect(await bench.rows('anna', 'user_roles')).toHaveLength(2);
    await bench.undo(id);
    expect(await bench.rows('A-old', 'user_roles')).toHaveLength(2);
  });

  it('keeps the record that a feed owns', async () => {
    await test.db.pool.query(sql`update users set account_type = 'EXTERNAL', external_id = 'SIS' where id = ${ids[1]}::bigint`);
    await refused(merge(), 'merge.feed_owns');
    await merge('A-old', 'anna');
    // What the library gave the record is held against the feed.
    const record = await perform(ctx(), showUserRecord, { user: 'anna' });
    expect(record).toMatchObject({ primary_id: 'A-old', fields: { account_type: 'EXTERNAL', expiry_date: '2027-01-31' } });
  });

  it('waits for letters under way and for runs of the user', async () => {
    await test.db.pool.query(sql`
      with r as (insert into runs (kind, name, state, plan, today, created_by) values ('job', 'x', 'COMPLETED_SUCCESS', '{}', '2026-01-01', 'x') returning id)
      insert into outbox (run_id, user_id, letter, state) select r.id, ${ids[1]}::bigint, 'WELCOME', 'sending' from r`);
    await refused(merge(), 'merge.letters_under_way');
    await test.db.pool.query(`update outbox set state = 'sent'; update runs set state = 'PAUSED', created_by = 'A-old'`);
    await refused(merge(), 'merge.open_runs');
  });
});

describe('afterwards', () => {
  it('history and personal data are of both, and an erasure reaches all of it', async () => {
    await perform(ctx(), editUser, { user: 'A-old', changes: [{ change: 'job_description', set: 'once a potter' }] });
    await merge();
    await perform(ctx(), editUser, { user: 'anna', changes: [{ change: 'expiry_date', set: '2029-01-01' }] });
    const { entries } = await perform(ctx(), userHistory, { user: 'anna' });
    expect(entries.map(({ run }) => run.kind)).toEqual(['edit', 'merge', 'edit']);
    expect(entries[2]?.fields).toMatchObject([{ field: 'job_description', after: 'once a potter' }]);
    const { data } = await perform(ctx(), personalData, { user: 'anna', page: false });
    expect(data.history).toHaveLength(3);
    expect(data.runs.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['edit', 'merge']));
    expect(data.seen_by.map(({ operation }) => operation)).toContain('user.update');
    expect(await perform(ctx(), eraseUser, { user: 'anna', confirm: 'anna', force: true })).toMatchObject({ users: 1 });
    const { rows } = await test.db.pool.query<{ users: number; journal: number; hashes: number }>(sql`
      select (select count(*) from users)::integer as users, (select count(*) from journal)::integer as journal,
        (select count(*) from erased_keys k cross join erasure_salt s where k.hash in (erased_hash(s.salt, 'anna'), erased_hash(s.salt, 'A-old')))::integer as hashes`);
    expect(rows[0]).toEqual({ users: 1, journal: 0, hashes: 2 });
    const left = await test.db.pool.query(`select from runs r where r.name like '%A-old%' or r.plan::text like '%A-old%'`);
    expect(left.rows).toHaveLength(0);
  });

  it('the empty record goes when nothing of its history is left, and leaves the letters to who is there', async () => {
    await test.db.pool.query(sql`
      with r as (insert into runs (kind, name, state, plan, today, created_by) values ('job', 'x', 'COMPLETED_SUCCESS', '{}', '2026-01-01', 'x') returning id)
      insert into outbox (run_id, user_id, letter, state) select r.id, ${ids[1]}::bigint, 'WELCOME', 'sent' from r`);
    const { id } = await merge();
    await perform(ctx(), applyRetention, {});
    expect(await test.db.pool.query(`select from users where merged_into is not null`)).toMatchObject({ rowCount: 1 });
    await test.db.pool.query('delete from journal');
    await perform(ctx(), applyRetention, {});
    expect(await test.db.pool.query(`select from users where merged_into is not null`)).toMatchObject({ rowCount: 0 });
    expect((await perform(ctx(), listUserMessages, { user: 'A-old' })).messages).toMatchObject([{ letter: 'WELCOME' }]);
    await refused(perform(ctx(), undoRun, { id }), 'merge.gone');
  });

  it('a new user cannot take the number that was given up', async () => {
    await merge();
    await refused(
      perform(ctx(), createUser, { record: { primary_id: 'a-OLD', last_name: 'New', account_type: { value: 'INTERNAL' } } }),
      'feeds.identifier_in_use',
    );
    expect(
      await perform(ctx(), createUser, { record: { primary_id: 'new', last_name: 'New', account_type: { value: 'INTERNAL' } } }),
    ).toBeInstanceOf(Object);
  });
});
