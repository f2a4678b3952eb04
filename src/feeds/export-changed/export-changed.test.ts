import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { PoolClient } from 'pg';
import sql from 'sql-template-tag';
import { beforeEach, expect, it } from 'vitest';
import { perform } from '../../access/index.ts';
import { editUser } from '../../runs/index.ts';
import { forEachEngine, useTestDatabase } from '../../../test/support/database.ts';
import { FeedDesk } from '../../../test/support/feeds.ts';
import { refusal } from '../../../test/support/refusal.ts';
import { startSftp } from '../../../test/support/sftp.ts';
import { exchangeDirectory } from '../sources/index.ts';
import { createFeed, loadFeed } from '../sync/index.ts';
import { countChanged, exportChanged } from './index.ts';

forEachEngine((engine) => {
  const test = useTestDatabase(engine);
  const desk = new FeedDesk(test);
  const exportsOf = (): Promise<string[]> => readdir(path.join(desk.directory, 'exports')).catch(() => []);

  async function feed(more: object = {}, code = 'SIS'): Promise<void> {
    const columns = { name: 'students', fields: { primary_id: 'id', last_name: 'name' } };
    await perform(desk.context(), createFeed, { code, name: `Students ${code}`, csv_mapping: columns, format: 'csv', ...more });
  }

  async function load(ids: readonly string[], code = 'SIS'): Promise<void> {
    const file = desk.path('students.csv');
    await writeFile(file, `id,name\n${ids.map((id) => `${id},Name ${id}`).join('\n')}\n`);
    await perform(desk.context(), loadFeed, { code, file });
  }

  const edit = (user: string, name: string): Promise<unknown> =>
    perform(desk.context(), editUser, { user, changes: [{ change: 'job_description', set: name }] });

  /** As if all that has happened were an hour ago. */
  async function anHourLater(): Promise<void> {
    await desk.query(`update journal set at = at - interval '1 hour'`);
    await desk.query(`update users set modified_at = modified_at - interval '1 hour'`);
    await desk.query(`update feed_profiles set exported_to = exported_to - interval '1 hour'`);
  }

  async function exported(input: object = {}) {
    const answer = await perform(desk.context(), exportChanged, { code: 'SIS', ...input });
    const text = answer.kept === null ? '' : await readFile(path.join(desk.directory, answer.kept), 'utf8');
    return { ...answer, text, ids: [...text.matchAll(/<primary_id>([^<]*)</g)].map((match) => match[1]) };
  }

  const mark = async (): Promise<string | null> =>
    (await desk.query<{ exported_to: string | null }>(`select exported_to from feed_profiles where code = 'SIS'`))[0]?.exported_to ?? null;

  beforeEach(async () => {
    await desk.empty();
    await desk.query('truncate feed_profiles, sets restart identity cascade');
    await rm(path.join(desk.directory, 'exports'), { recursive: true, force: true });
    await rm(exchangeDirectory(desk.directory, ''), { recursive: true, force: true });
  });

  it('holds whom the library has changed, and nobody whom the feed itself has', async () => {
    await feed();
    await feed({}, 'OTHER');
    await load(['a1', 'a2', 'a3']);
    await load(['b1'], 'OTHER');
    await desk.import('primary_id,last_name\nintern,Intern\n');
    expect(await perform(desk.context(), countChanged, { code: 'sis' })).toEqual({ users: 0, all: 3, since: null });
    expect(await exported()).toMatchObject({ users: 0, kept: null, sent_to: null });
    expect(await exportsOf()).toEqual([]);

    await edit('a2', 'Changed by hand');
    await edit('b1', 'Of another feed');
    await edit('intern', 'Of no feed');
    await load(['a1', 'a2', 'a3', 'a4']);
    expect(await perform(desk.context(), countChanged, { code: 'SIS' })).toMatchObject({ users: 1, all: 4 });
    const { ids, kept, text, ...answer } = await exported();
    expect(ids).toEqual(['a2']);
    expect(text).toContain('<job_description>Changed by hand</job_description>');
    expect(answer).toMatchObject({ users: 1, code: 'SIS', format: 'alma-xml', sent_to: null, file: null });
    expect(await exportsOf()).toEqual([path.basename(kept ?? '')]);
    expect(path.basename(kept ?? '')).toMatch(/^SIS-\d{8}T\d{6}Z-[0-9a-f]{4}\.xml$/);
  });

  it('begins where the last one ended', async () => {
    await feed();
    await load(['a1', 'a2']);
    await edit('a1', 'First');
    await anHourLater();
    expect((await exported()).ids).toEqual(['a1']);
    expect((await exported()).ids).toEqual([]);
    await edit('a2', 'Second');
    expect((await exported()).ids).toEqual(['a2']);
    await anHourLater();
    expect((await exported({ all: true })).ids).toEqual(['a1', 'a2']);
    expect((await exported()).ids).toEqual([]);
  });

  it('loses no change of a transaction that was open meanwhile', async () => {
    await feed();
    await load(['a1', 'a2']);
    await anHourLater();
    await exported();
    const writer = await test.db.pool.connect();
    try {
      await writer.query('begin');
      const { rows } = await writer.query<{ now: string }>('select now() as now');
      await change(writer, 'a2');
      // Longer than the mark lies back in any case; and what comes after it must not carry the mark past it.
      await desk.query('select pg_sleep(6)');
      await edit('a1', 'Committed before');
      expect((await exported()).ids).toEqual(['a1']);
      expect(Date.parse((await mark()) ?? '')).toBeLessThan(Date.parse(rows[0]?.now ?? ''));
      await writer.query('commit');
    } finally {
      writer.release();
    }
    expect((await exported()).ids).toContain('a2');
  });

  /** A write as every one is: a run, its journal, the user. */
  async function change(client: PoolClient, user: string): Promise<void> {
    await client.query(sql`
      with run as (insert into runs (kind, name, state, plan, today, created_by) values ('edit', 'late', 'COMPLETED_SUCCESS', '{}', current_date, 'anna') returning id),
      noted as (insert into journal (run_id, user_id, diff) select r.id, u.id, '{"fields": {"last_name": ["x", "Late"]}, "rows": []}'
        from run r, users u where u.primary_id = ${user}::text)
      update users u set last_name = 'Late', modified_at = now() where u.primary_id = ${user}::text`);
  }

  it('leaves out what circulation counts', async () => {
    await feed();
    await load(['a1', 'a2']);
    await test.db.transaction(async (tx) => {
      await change(tx, 'a1');
      await change(tx, 'a2');
    });
    await desk.query(`update journal j set diff = '{"fields": {"loans": [0, 3], "circulation_on": [null, "2026-11-27"]}, "rows": []}'
      from users u where u.id = j.user_id and u.primary_id = 'a1' and j.diff -> 'fields' ? 'last_name' and j.diff #>> '{fields,last_name,1}' = 'Late'`);
    expect((await exported()).ids).toEqual(['a2']);
  });

  it('takes everybody who was written to where the journal is gone that would say who', async () => {
    await feed();
    await load(['a1', 'a2', 'a3']);
    await edit('a1', 'Long ago');
    await desk.query(`delete from journal`);
    await desk.query(`update runs set journal_dropped = true where kind = 'edit'`);
    await desk.query(`update users set modified_at = modified_at - interval '1 day' where primary_id = 'a3'`);
    await desk.query(`update feed_profiles set exported_to = now() - interval '1 hour'`);
    expect((await exported()).ids).toEqual(['a1', 'a2']);
  });

  it('is put where the university takes it, and moves the mark only then', async () => {
    await feed({ export_target: { kind: 'directory', path: 'to-sis' } });
    await load(['a1']);
    await exported();
    const before = await mark();
    await edit('a1', 'Changed');
    await mkdir(exchangeDirectory(desk.directory, ''), { recursive: true });
    await writeFile(exchangeDirectory(desk.directory, 'to-sis'), 'a file where a directory should be');
    expect((await refusal(exported())).code).toBe('feeds.target_refused');
    expect(await mark()).toBe(before);
    expect(await exportsOf()).toEqual([]);

    await rm(exchangeDirectory(desk.directory, 'to-sis'));
    const { sent_to, text } = await exported();
    const [name] = await readdir(exchangeDirectory(desk.directory, 'to-sis'));
    expect(sent_to).toBe(`exchange/to-sis/${name}`);
    expect(await readFile(exchangeDirectory(desk.directory, `to-sis/${name}`), 'utf8')).toBe(text);
    expect((await mark()) ?? '').not.toBe(before);
  });

  it('goes over SFTP, and no answer and no audit has the secret', async () => {
    const there = desk.path('there');
    await mkdir(there);
    const server = await startSftp(there, { user: 'library', password: 'battery staple' });
    try {
      const target = { kind: 'sftp', host: '127.0.0.1', port: server.port, user: 'library', host_key: server.fingerprint };
      await feed({ export_target: target, export_secret: 'battery staple' });
      await load(['a1']);
      await edit('a1', 'Changed');
      const { text, ...answer } = await exported();
      const [name] = await readdir(there);
      expect(await readFile(path.join(there, name ?? ''), 'utf8')).toBe(text);
      const audit = await desk.query(`select * from audit where operation = 'feed.export'`);
      expect(audit.at(-1)).toMatchObject({
        entity: 'feed',
        entity_id: 'SIS',
        outcome: 'done',
        detail: { users: 1, format: 'alma-xml', all: false },
      });
      expect(JSON.stringify([answer, audit])).not.toContain('battery');
    } finally {
      await server.close();
    }
  });

  it('can be repeated from any moment, which moves the mark only where nothing is left out', async () => {
    await feed();
    await load(['a1', 'a2']);
    await edit('a1', 'First');
    await exported();
    await anHourLater();
    const before = await mark();
    await edit('a2', 'Second');
    const later = new Date(Date.now() - 60_000).toISOString();
    expect((await exported({ since: later })).ids).toEqual(['a2']);
    expect(await mark()).toBe(before);
    expect((await exported({ since: new Date(Date.now() - 24 * 3_600_000).toISOString() })).ids).toEqual(['a1', 'a2']);
    expect(await mark()).not.toBe(before);
    expect((await refusal(exported({ since: later, all: true }))).code).toBe('input.invalid');
    expect((await refusal(perform(desk.context(), exportChanged, { code: 'NOBODY' }))).code).toBe('feeds.profile_not_found');
  });

  it('writes CSV and JSON, a copy where it is asked for, and nothing that a spreadsheet calculates', async () => {
    await feed();
    await load(['a1']);
    await edit('a1', '=HYPERLINK("http://evil.example")');
    const file = desk.path('copy.csv');
    const { kept, text } = await exported({ format: 'csv', file });
    expect(kept).toMatch(/\.csv$/);
    expect(await readFile(file, 'utf8')).toBe(text);
    expect(text).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
    const json = await exported({ format: 'alma-json', all: true });
    expect(JSON.parse(json.text)).toMatchObject({ total_record_count: 1, user: [{ primary_id: 'a1' }] });
    expect((await refusal(exported({ all: true, file: path.join(desk.directory, 'nowhere/x') }))).code).toBe('feeds.file_unwritable');
  });
});
