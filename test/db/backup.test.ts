import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import pg from 'pg';
import { extract, pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backupInstallation, restoreInstallation } from '../../src/app/index.ts';
import { clientConfig } from '../../src/db/connection.ts';
import { writeBackup } from '../../src/db/backup/write-backup.ts';
import { keptTables } from '../../src/db/backup/tables.ts';
import { applyPending, readMigrations } from '../../src/db/migrate.ts';
import { createTestDatabase, forEachEngine, type TestDatabase, useTestDatabase } from '../support/database.ts';
import { runsBench } from '../support/runs.ts';

const PLAN = { changes: [{ change: 'expiry_date', set: '2031-05-31' }], notify: { type: 'GENERAL_NOTICE' } };

describe('a backup', () => {
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'muster-backup-'));
  const home = path.join(scratch, 'home');
  const file = path.join(scratch, 'muster.backup');
  const test = useTestDatabase();
  const bench = runsBench(test);
  let run = 0;
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  beforeAll(async () => {
    const names = Array.from({ length: 40 }, (_, i) => `person-${i}`);
    await bench.users(
      ...names.map((primary_id, i) => ({
        primary_id,
        last_name: i === 0 ? 'Tab\tNew\nline \\N ﷽ 🙂' : 'Sample',
        expiry_date: '2030-01-31',
        user_emails: [{ address: `${primary_id}@example.org`, types: ['personal'] }],
      })),
    );
    const set = await bench.set('last_name = "Sample"');
    run = (await bench.run(set, PLAN)).id;
    // One that was under way when the backup was made.
    await bench.start(set, { changes: [{ change: 'status', set: 'INACTIVE' }] });
    for (const [name, content] of [
      ['mailbox/2026-11-01/1.eml', 'a letter'],
      ['mailbox/2026-11-01/2.eml', 'Password: secret-word'],
      ['mailbox/2026-11-01/.3.draft', 'half'],
      ['muster.log', 'not kept'],
    ] as const) {
      mkdirSync(path.dirname(path.join(home, name)), { recursive: true });
      writeFileSync(path.join(home, name), content);
    }
    await test.db.pool.query(`insert into outbox (run_id, user_id, letter, state, file)
      select r.id, u.id, 'CREDENTIALS_CHANGED', 'sent', 'mailbox/2026-11-01/2.eml' from runs r, users u where r.id = ${run} and u.primary_id = 'person-0'`);
    await backupInstallation({ dataDir: home, databaseUrl: test.url }, file);
  });

  it('can be read by its owner alone, and replaces nothing', async () => {
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(scratch).filter((name) => name.endsWith('.draft'))).toEqual([]);
    await expect(backupInstallation({ dataDir: home, databaseUrl: test.url }, file)).rejects.toMatchObject({ code: 'backup.exists' });
  });

  forEachEngine((engine) => {
    it('comes back row by row, with its files but those that carry a password', async () => {
      const target = await createTestDatabase(engine);
      const dataDir = path.join(scratch, engine.name.replaceAll(/\W/g, '-'));
      try {
        const restored = await restoreInstallation({ dataDir, databaseUrl: target.url }, file);
        expect(restored).toMatchObject({ users: 40, files: 1, applied: [] });
        expect(await contents(target, ['runs', 'settings'])).toEqual(await contents(test, ['runs', 'settings']));
        expect(readFileSync(path.join(dataDir, 'mailbox/2026-11-01/1.eml'), 'utf8')).toBe('a letter');
        expect(existsSync(path.join(dataDir, 'mailbox/2026-11-01/2.eml'))).toBe(false);
        expect(existsSync(path.join(dataDir, 'muster.log'))).toBe(false);

        // Nothing goes on by itself: the run that was under way stands still, the letters are held.
        const states = await target.db.pool.query('select state, state_reason from runs order by id');
        expect(states.rows.map((row) => row.state)).toEqual(['COMPLETED_SUCCESS', 'PAUSED']);
        expect(states.rows[1].state_reason).toBe('runs.paused_by_restore');
        const held = await target.db.pool.query(`select value from settings where name = 'letters.hold_all'`);
        expect(held.rows).toEqual([{ value: true }]);

        // Triggers, keys and numbers work as before: the run can be undone.
        const there = runsBench(target);
        const undone = await there.undo(run);
        expect(undone).toMatchObject({ state: 'COMPLETED_SUCCESS', counts: { changed: 39 } });
        expect(await there.value('person-7', 'expiry_date')).toBe('2030-01-31');
        await expect(
          target.db.pool.query('insert into user_emails (user_id, address) values (99999999, $1)', ['a@example.org']),
        ).rejects.toMatchObject({
          code: '23503',
        });
      } finally {
        await target.drop();
      }
    });
  });

  it('that is cut, or is none, or leads elsewhere is refused, and nothing is there then', async () => {
    const target = await createTestDatabase();
    const dataDir = path.join(scratch, 'refused');
    const restore = (name: string): Promise<unknown> => restoreInstallation({ dataDir, databaseUrl: target.url }, path.join(scratch, name));
    const untouched = await contents(target, []);
    try {
      const cut = path.join(scratch, 'cut');
      await pipeline(createReadStream(file), createWriteStream(cut));
      truncateSync(cut, Math.floor(statSync(file).size * 0.7));
      await expect(restore('cut')).rejects.toMatchObject({ code: 'backup.unreadable' });

      await repack(file, path.join(scratch, 'endless'), (name) => (name === 'end.json' ? null : name));
      await expect(restore('endless')).rejects.toMatchObject({ code: 'backup.cut' });

      await repack(file, path.join(scratch, 'fewer'), (name) => (name.startsWith('tables/user_emails/') ? null : name));
      await expect(restore('fewer')).rejects.toMatchObject({ code: 'backup.cut' });

      await repack(file, path.join(scratch, 'elsewhere'), (name) => name.replace('files/mailbox/2026-11-01', 'files/mailbox/../../away'));
      await expect(restore('elsewhere')).rejects.toMatchObject({ code: 'backup.not_ours' });
      expect(existsSync(path.join(scratch, 'away'))).toBe(false);

      writeFileSync(path.join(scratch, 'text'), 'no backup at all');
      await expect(restore('text')).rejects.toMatchObject({ code: 'backup.unreadable' });

      expect(await contents(target, [])).toEqual(untouched);
      const left = readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter(
        (item) => item.isFile() && item.name.includes('.eml'),
      );
      expect(left).toEqual([]);
    } finally {
      await target.drop();
    }
  });

  it('is not put over what is there', async () => {
    await expect(restoreInstallation({ dataDir: path.join(scratch, 'over'), databaseUrl: test.url }, file)).rejects.toMatchObject({
      code: 'backup.occupied',
    });
  });

  it('of an older Muster is loaded into the tables of its time and brought to today’s', async () => {
    const [old, target] = [await createTestDatabase(), await createTestDatabase()];
    const client = new pg.Client(clientConfig({ connectionString: old.url }));
    await client.connect();
    try {
      const known = await readMigrations();
      await client.query('drop schema muster cascade');
      await client.query('begin');
      await applyPending(client, known.slice(0, 9));
      await client.query(`insert into muster.users (primary_id, account_type) values ('from before', 'INTERNAL')`);
      await client.query('commit');
      const older = path.join(scratch, 'older');
      await writeBackup({ connectionString: old.url }, older, { dataDir: home, directories: [], without: async () => new Set() });
      await target.db.pool.query('drop schema muster cascade');
      const restored = await restoreInstallation({ dataDir: path.join(scratch, 'newer'), databaseUrl: target.url }, older);
      expect(restored.users).toBe(1);
      expect(restored.applied).toEqual(known.slice(9).map((migration) => migration.name));
    } finally {
      await client.end();
      await old.drop();
      await target.drop();
    }
  });
});

/** Every kept table's rows, as one hash each; `but` some tables. */
async function contents(database: TestDatabase, but: readonly string[]): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const { name, columns } of await keptTables(database.db.pool)) {
    if (but.includes(name)) continue;
    const { rows } = await database.db.pool.query<{ hash: string; count: number }>(
      `select count(*) as count, coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '') as hash from (select ${columns.map((c) => `"${c}"`).join(', ')} from "${name}") t`,
    );
    hashes[name] = `${rows[0]?.count} ${rows[0]?.hash}`;
  }
  return hashes;
}

/** The same archive with other names; null leaves an entry out. */
async function repack(from: string, to: string, rename: (name: string) => string | null): Promise<void> {
  const source = extract();
  const target = pack();
  const written = pipeline(target, createGzip(), createWriteStream(to));
  const read = pipeline(createReadStream(from), createGunzip(), source);
  for await (const entry of source) {
    const name = rename(entry.header.name);
    const parts: Buffer[] = [];
    for await (const part of entry as AsyncIterable<Buffer>) parts.push(part);
    if (name !== null) target.entry({ name }, Buffer.concat(parts));
  }
  await read;
  target.finalize();
  await written;
}
