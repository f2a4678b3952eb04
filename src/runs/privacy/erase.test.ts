import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sql from 'sql-template-tag';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { userActor } from '../../../test/support/actors.ts';
import { useTestDatabase } from '../../../test/support/database.ts';
import { runsBench } from '../../../test/support/runs.ts';
import { perform } from '../../access/index.ts';
import { type Actor, AppError, type Context } from '../../core/index.ts';
import { createUser, replaceUserRecord, showUser } from '../../feeds/index.ts';
import { editUser } from '../edit.ts';
import { eraseUser, listErasures, reapplyErasures } from './index.ts';

const test = useTestDatabase();
const bench = runsBench(test);
const dataDir = mkdtempSync(path.join(os.tmpdir(), 'muster-erase-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const ERIKA = {
  primary_id: 'erika.muster',
  first_name: 'Erika',
  last_name: 'Mustermann-Quast',
  user_identifiers: [{ type: 'BARCODE', value: 'B-4711-EM' }],
  user_emails: [{ address: 'erika.quast@example.org', preferred: true }],
  user_addresses: [{ line1: 'Quastenweg 7', city: 'Berlin' }],
  user_phones: [{ number: '(030) 4711-00' }],
} as const;
const TRACES = ['erika.muster', 'erika.before', 'mustermann-quast', 'b-4711-em', 'erika.quast@example.org', 'quastenweg 7', '+4930471100'];

function contextOf(actor: Actor = { kind: 'administrator', name: 'administrator' }): Context {
  return { ...bench.ctx, db: test.db, dataDir, actor };
}

/** Every table whose rows still say one of the texts, whatever the column. */
async function tracesLeft(texts: readonly string[]): Promise<string[]> {
  const { rows: tables } = await test.db.pool.query<{ name: string }>(`
    select c.oid::regclass::text as name from pg_class c where c.relkind = 'r' and c.relnamespace = 'muster'::regnamespace`);
  expect(tables.length).toBeGreaterThan(40);
  const found: string[] = [];
  for (const { name } of tables) {
    const { rows } = await test.db.pool.query<{ line: string }>(
      `select t::text as line from ${name} t where exists (select from unnest($1::text[]) w where strpos(lower(t::text), w) > 0)`,
      [texts],
    );
    found.push(...rows.map((row) => `${name}: ${row.line}`));
  }
  return found;
}

async function codeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'done',
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );
}

beforeEach(async () => {
  await bench.clear();
  await test.db.pool.query('delete from audit; delete from erasures; delete from templates; delete from doomed_files');
});

describe('erasing a user', () => {
  it('takes files with it that may name the person: what feeds have sent and got, and letters on paper that were fetched', async () => {
    const [id = 0] = await bench.users(ERIKA, { primary_id: 'someone.else' });
    const run = await bench.run(await bench.set('primary_id is not empty'), { notify: { type: 'GENERAL_NOTICE', to: 'all' } });
    const files = ['feeds/done.csv', 'feeds/held.csv', 'exports/SIS.xml', 'print/1/1.pdf', 'print/2/1.pdf', 'print/3/1.pdf'];
    for (const file of files) {
      mkdirSync(path.join(dataDir, path.dirname(file)), { recursive: true });
      writeFileSync(path.join(dataDir, file), 'erika.muster');
    }
    await test.db.pool.query(sql`
      with profile as (insert into feed_profiles (code, name, created_by) values ('SIS', 'Students', 'x') returning id),
        fed as (insert into feed_files (profile_id, name, origin, stored, state, sha256, bytes, received_by, finished_at)
          select p.id, f.name, '{}', 'feeds/' || f.name, f.state, f.name, 1, 'x', case when f.state = 'loaded' then now() end
          from profile p, (values ('done.csv', 'loaded'), ('held.csv', 'held')) f (name, state)),
        batches as (insert into print_batches (layout, state, files, downloaded_at) values
          ('din5008', 'ready', '{print/1/1.pdf}', now()), ('din5008', 'ready', '{print/2/1.pdf}', null), ('din5008', 'ready', '{print/3/1.pdf}', now())
          returning id, files),
        letters as (insert into print_letters (batch_id, position, outbox_id)
          select b.id, 1, o.id from batches b, outbox o
          where o.run_id = ${run.id} and (o.user_id = ${id}) = (b.files <> '{print/3/1.pdf}'))
      insert into feed_exports (path, profile_id) select 'exports/SIS.xml', p.id from profile p`);

    await perform(contextOf(), eraseUser, { user: 'erika.muster', confirm: 'erika.muster' });

    expect(files.filter((file) => existsSync(path.join(dataDir, file)))).toEqual(['feeds/held.csv', 'print/2/1.pdf', 'print/3/1.pdf']);
    const { rows } = await test.db.pool.query('select name, stored from feed_files order by name');
    expect(rows).toEqual([
      { name: 'done.csv', stored: null },
      { name: 'held.csv', stored: 'feeds/held.csv' },
    ]);
    await test.db.pool.query('delete from print_batches; delete from feed_files; delete from feed_profiles; delete from feed_exports');
  });

  it('leaves nothing of the person in any table, and the counts of their runs as they were', async () => {
    const [id = 0, other = 0] = await bench.users({ ...ERIKA, primary_id: 'erika.before' }, { primary_id: 'someone.else' });
    await test.db.transaction((tx) => rename(tx, id));
    const all = await bench.set('primary_id is not empty');
    const run = await bench.run(all, { changes: [{ change: 'user_group', set: 'STAFF' }], notify: { type: 'GENERAL_NOTICE' } });
    await perform(contextOf(), editUser, {
      user: 'erika.muster',
      changes: [{ change: 'note', add: { type: 'LIBRARY', text: 'Mustermann-Quast, Quastenweg 7' } }],
    });
    await bench.set("primary_id = 'erika.muster'", 'one');
    await test.db.pool.query(sql`
      insert into set_file_lines (set_id, line, value, reason) select s.id, 1, 'B-4711-EM', 'duplicate' from sets s limit 1`);
    await test.db.pool.query(
      `insert into value_tables (id, name, columns, created_by) overriding system value values (1, 'v', '{email}', 'administrator')`,
    );
    await test.db.pool.query(
      sql`insert into value_rows (table_id, user_id, line, data) values (1, ${id}, 1, '{"email": "erika.quast@example.org"}')`,
    );
    await test.db.pool.query(`insert into templates (name, plan, owner)
      values ('t', '{"changes": [{"change": "email", "action": "remove", "address": "erika.quast@example.org"}]}', 'erika.muster')`);
    await test.db.pool.query(`insert into audit (actor, source, operation, entity, entity_id, outcome, detail, address) values
      ('administrator', 'cli', 'users.show', 'user', 'B-4711-em', 'done', null, null),
      ('administrator', 'cli', 'users.search', 'users', null, 'done', '{"text": "erika mustermann-quast", "total": 1}', null),
      ('erika.muster', 'http', 'own.show', 'user', 'erika.before', 'done', null, '192.0.2.7')`);
    await test.db.pool.query(sql`insert into idempotency_keys (actor, key, request_hash, status, body) values
      ('erika.muster', '1', 'x', 200, '{}'), ('administrator', '[erased]', 'x', 200, '{"primary_id": "Erika.Muster"}')`);
    await test.db.pool.query(sql`insert into sign_in_throttle (key, attempts) values (${`user:${id}`}, 1)`);
    mkdirSync(path.join(dataDir, 'mailbox'), { recursive: true });
    writeFileSync(path.join(dataDir, 'mailbox/7.eml'), 'Dear Erika');
    await test.db.pool.query(sql`update outbox set state = 'sent', file = 'mailbox/7.eml' where user_id = ${id}`);
    await test.db.pool.query(sql`
      insert into letter_bounces (outbox_id, kind, address, detail, digest)
      select o.id, 'hard', 'erika.quast@example.org', 'no erika.muster here', 'x' from outbox o where o.user_id = ${id}`);
    await test.db.pool.query(sql`
      insert into suppressed_addresses (channel, address, reason, detail, created_by) values
        ('email', 'erika.quast@example.org', 'bounce', 'no erika.muster here', null),
        ('email', 'other@example.org', 'manual', null, 'erika.muster'), ('sms', '+4930471100', 'manual', 'erika.muster', null)`);
    // Whatever else leads to somebody, as other rooms keep it.
    await test.db.pool.query(sql`
      with session as (insert into sessions (token_hash, user_id, method, address, agent, expires_at, idle_seconds)
          values ('x', ${id}, 'password', 'erika.muster', 'x', now(), 60)),
        link as (insert into sign_in_links (token_hash, user_id, purpose, credential_state, made_by, expires_at)
          values ('x', ${id}, 'desk', 'none', 'erika.muster', now())),
        key as (insert into api_keys (name, key_hash, shown, owner_id, created_by) values ('x', 'x', 'x', ${id}, 'erika.muster')),
        proxy as (insert into user_proxies (user_id, proxy_for_id) values (${other}, ${id})),
        wish as (insert into run_subscriptions (user_id, kind) values (${id}, 'waiting')),
        mail as (insert into staff_mails (run_id, event, user_id, last_error) values (${run.id}, 'ended', ${id}, 'erika.muster'))
      insert into circulation (user_id, kind, reference, title, true_on) values (${id}, 'fee', 'erika.muster', 'x', current_date)`);
    await test.db.pool.query(sql`delete from circulation where user_id = ${id}`);
    expect(await tracesLeft(TRACES)).not.toEqual([]);
    const before = await bench.show(run.id);

    const done = await perform(contextOf(), eraseUser, { user: 'b-4711-em', confirm: 'Erika.Muster', reason: 'asked for' });

    expect(done).toMatchObject({ users: 1, messages: 1, sets: 0 });
    expect(done.journal).toBeGreaterThanOrEqual(2);
    expect(await tracesLeft(TRACES)).toEqual([]);
    expect(existsSync(path.join(dataDir, 'mailbox/7.eml'))).toBe(false);
    const after = await bench.show(run.id);
    expect(after.counts).toEqual(before.counts);
    expect(after.counts).toMatchObject({ members: 2, changed: 2 });
    expect(await bench.value('someone.else', 'user_group')).toBe('STAFF');
    const audit = await test.db.pool.query(`select operation, entity_id, detail, actor, address from audit order by id`);
    expect(audit.rows).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ operation: 'users.show', entity_id: null }),
        expect.objectContaining({ operation: 'users.search', detail: { total: 1 } }),
        expect.objectContaining({ operation: 'own.show', actor: '[erased]', address: null }),
        expect.objectContaining({ operation: 'user.erase', entity_id: null, detail: { erasure: done.erasure, users: 1 } }),
      ]),
    );
    // The run can still be undone for those who are left.
    const undone = await bench.undo(run.id);
    expect(undone.counts).toMatchObject({ members: 1, changed: 1 });
    expect(other).toBeGreaterThan(0);
    const { erasures } = await listErasures.run(contextOf(), { limit: 10 });
    expect(erasures).toMatchObject([{ users: 1, actor: 'administrator', reason: 'asked for', forced: false }]);
  });

  it('forgets what a program wrote about somebody over the API, too', async () => {
    const record = {
      primary_id: 'api.person',
      first_name: 'Api',
      last_name: 'Personmann',
      account_type: { value: 'INTERNAL' },
      contact_info: { email: [{ email_address: 'api@personmann.example', email_type: [{ value: 'personal' }], preferred: true }] },
    };
    await perform(contextOf(), createUser, { record });
    await perform(contextOf(), replaceUserRecord, { user: 'api.person', record: { ...record, first_name: 'Apiane' } });
    await perform(contextOf(), showUser, { user: 'api.person' });
    const traces = ['api.person', 'personmann', 'apiane'];
    expect(await tracesLeft(traces)).not.toEqual([]);
    await perform(contextOf(), eraseUser, { user: 'api.person', confirm: 'api.person' });
    expect(await tracesLeft(traces)).toEqual([]);
  });

  it('takes the name of erased staff out of what they did for others, and stops their schedules', async () => {
    const [boss = 0] = await bench.users(
      { primary_id: 'boss.q', user_roles: [{ type: '21', scope: 'INSTITUTION' }] },
      { primary_id: 'reader' },
    );
    const actor = await userActor(test.db.pool, ['21'], { name: 'boss.q', userId: boss });
    await perform(contextOf(actor), editUser, { user: 'reader', changes: [{ change: 'note', add: { type: 'LIBRARY', text: 'Hello' } }] });
    const set = await bench.set('primary_id is not empty');
    await test.db.pool.query(sql`insert into schedules (name, set_id, plan, cron, next_at, owner)
      select 'daily', s.id, '{}', '0 6 * * *', now(), 'boss.q' from sets s where s.name = ${set}`);
    await perform(contextOf(), eraseUser, { user: 'boss.q', confirm: 'boss.q' });
    expect(await tracesLeft(['boss.q'])).toEqual([]);
    expect((await test.db.pool.query('select enabled, owner from schedules')).rows).toEqual([{ enabled: false, owner: '[erased]' }]);
    expect(await bench.rows('reader', 'user_notes')).toMatchObject([{ text: 'Hello', created_by: '[erased]' }]);
  });

  it('asks for the primary id, and refuses what must not happen', async () => {
    const [own = 0] = await bench.users(
      { primary_id: 'manager', user_roles: [{ type: '50', scope: 'INSTITUTION' }] },
      { primary_id: 'borrower', loans: 2, fees: '3.50' },
      { primary_id: 'chief', user_roles: [{ type: '26', scope: 'INSTITUTION' }] },
    );
    const manager = contextOf(await userActor(test.db.pool, ['50'], { name: 'manager', userId: own }));
    const erase = (ctx: Context, user: string, more: object = {}) => codeOf(perform(ctx, eraseUser, { user, confirm: user, ...more }));
    expect(await erase(manager, 'borrower', { confirm: 'yes' })).toBe('privacy.confirm_erasure');
    expect(await erase(manager, 'borrower', { confirm: undefined })).toBe('privacy.confirm_erasure');
    expect(await erase(manager, 'borrower')).toBe('privacy.open_circulation');
    expect(await erase(manager, 'manager')).toBe('privacy.own_record');
    expect(await erase(manager, 'chief')).toBe('access.last_administrator');
    expect(await erase(contextOf(), 'chief')).toBe('access.last_administrator');
    expect(await erase(contextOf(await userActor(test.db.pool, ['21'])), 'borrower')).toBe('access.denied');
    expect(await erase(manager, 'borrower', { force: true })).toBe('done');
    await bench.users({ primary_id: 'second', user_roles: [{ type: '26', scope: 'INSTITUTION' }] });
    expect(await erase(manager, 'chief')).toBe('privacy.outranks');
    expect(await erase(contextOf(), 'chief')).toBe('done');
  });

  it('tells a restored backup whom to erase again, and nobody who came later', async () => {
    await bench.users({ primary_id: 'gone-1' }, { primary_id: 'gone-2' }, { primary_id: 'stays' });
    for (const user of ['gone-1', 'gone-2']) await perform(contextOf(), eraseUser, { user, confirm: user });
    const file = path.join(dataDir, 'erasures.jsonl');
    expect(await perform(contextOf(), listErasures, { file })).toMatchObject({ written: 2 });
    // As the backup has them; gone-2 is somebody new.
    await bench.users(
      { primary_id: 'gone-1', created_at: '2020-01-01T00:00:00Z' },
      { primary_id: 'GONE-2', created_at: '2099-01-01T00:00:00Z' },
    );
    expect(await perform(contextOf(), reapplyErasures, { file })).toEqual({ users: 1 });
    const { rows } = await test.db.pool.query('select primary_id from users order by 1');
    expect(rows.map((row) => row.primary_id)).toEqual(['GONE-2', 'stays']);
    writeFileSync(file, '{"at": "x"}\n');
    expect(await codeOf(perform(contextOf(), reapplyErasures, { file }))).toBe('privacy.bad_erasure_file');
  });
});

/** A new primary id with its row in the journal. */
async function rename(tx: { query: (text: ReturnType<typeof sql>) => Promise<unknown> }, id: number): Promise<void> {
  await tx.query(sql`update users set primary_id = 'erika.muster' where id = ${id}`);
  await tx.query(sql`
    with made as (insert into runs (kind, name, state, plan, today, created_by, members)
      values ('import', 'Import', 'COMPLETED_SUCCESS', '{}', current_date, 'administrator', 1) returning id)
    insert into journal (run_id, user_id, diff)
    select m.id, ${id}, '{"fields": {"primary_id": ["erika.before", "erika.muster"]}, "rows": []}' from made m`);
}
