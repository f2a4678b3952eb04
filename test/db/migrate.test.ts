import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { migrate, migrateDatabase, openDatabase } from '../../src/db/index.ts';
import { readMigrations } from '../../src/db/migrate.ts';
import { createTestDatabase, forEachEngine, type TestDatabase, useTestDatabase } from '../support/database.ts';

const directory = mkdtempSync(path.join(os.tmpdir(), 'muster-migrations-'));
afterAll(() => rmSync(directory, { recursive: true }));

function write(...files: readonly [name: string, text: string][]): void {
  for (const [name, text] of files) writeFileSync(path.join(directory, name), text);
}

/** A database in which nothing of Muster is yet. */
async function emptyDatabase(test: TestDatabase): Promise<void> {
  await test.db.pool.query('drop schema muster cascade');
}

forEachEngine((engine) => {
  describe('migrations', () => {
    const test = useTestDatabase(engine);

    beforeEach(async () => {
      for (const file of await readMigrations(directory)) rmSync(path.join(directory, `${file.name}.sql`));
      await test.db.pool.query('drop schema if exists muster cascade');
      write(['0001-first.sql', 'create table first (n int);\n'], ['0002-second.sql', 'create table second (n int);\n']);
    });

    const apply = async (): Promise<string[]> => (await migrate(test.db.endpoint, directory)).map((migration) => migration.name);

    it('are applied once, also by several at once', async () => {
      const all = await Promise.all([apply(), apply(), apply(), apply()]);
      expect(all.flat()).toEqual(['0001-first', '0002-second']);
      expect(await apply()).toEqual([]);
      write(['0003-third.sql', 'create table third (n int);']);
      expect(await apply()).toEqual(['0003-third']);
      const { rows } = await test.db.pool.query('select number, name, length(sha256) as hash from muster_migrations order by number');
      expect(rows[2]).toEqual({ number: 3, name: '0003-third', hash: 64 });
    });

    it('leave nothing behind when one fails, and name its line', async () => {
      write(['0003-third.sql', 'create table third (n int);\n\ninsert into nowhere values (1);\n']);
      await expect(apply()).rejects.toMatchObject({
        code: 'db.migration_failed',
        message: expect.stringMatching(/0003-third.*line 3/) as string,
      });
      const { rows } = await test.db.pool.query(`select to_regclass('first') is null as nothing`);
      expect(rows).toEqual([{ nothing: true }]);
    });

    it('are refused when an applied one has changed, but not for its line ends', async () => {
      await apply();
      write(['0002-second.sql', 'create table second (n int);\r\n']);
      expect(await apply()).toEqual([]);
      write(['0002-second.sql', 'create table second (n bigint);\n']);
      await expect(apply()).rejects.toMatchObject({ code: 'db.migration_changed' });
    });

    it('are refused when the database knows more than the program', async () => {
      await apply();
      rmSync(path.join(directory, '0002-second.sql'));
      await expect(apply()).rejects.toMatchObject({ code: 'db.newer_schema', params: { name: '0002-second', known: '0001-first' } });
    });

    it('are numbered without a gap', async () => {
      write(['0004-fourth.sql', 'select 1;']);
      await expect(apply()).rejects.toThrow('0004-fourth');
      rmSync(path.join(directory, '0004-fourth.sql'));
    });
  });

  describe('a database of one’s own', () => {
    const test = useTestDatabase(engine);
    const config = (): { dataDir: string; databaseUrl: string } => ({ dataDir: directory, databaseUrl: test.url });

    it('is opened when it is migrated, and migrated by no one but `muster migrate`', async () => {
      const db = await openDatabase(config());
      await db.close();
      expect(await migrateDatabase(config())).toEqual([]);

      await emptyDatabase(test);
      await expect(openDatabase(config())).rejects.toMatchObject({
        code: 'db.not_migrated',
        message: expect.stringContaining('muster migrate') as string,
      });
      expect((await migrateDatabase(config())).length).toBeGreaterThan(0);
      const again = await openDatabase(config());
      await again.close();
    });

    it('keeps what else is in it', async () => {
      await test.db.pool.query('create table public.users (somebody_elses int); insert into public.users values (1)');
      await emptyDatabase(test);
      await migrateDatabase(config());
      const { rows } = await test.db.pool.query('select * from public.users');
      expect(rows).toEqual([{ somebody_elses: 1 }]);
    });

    it('that a newer program has made is refused', async () => {
      const other = await createTestDatabase(engine);
      await other.db.pool.query(`insert into muster_migrations (number, name, sha256) values (9999, '9999-future', '')`);
      await expect(openDatabase({ dataDir: directory, databaseUrl: other.url })).rejects.toMatchObject({ code: 'db.newer_schema' });
      await other.drop();
    });
  });
});

it('a database that is not there is told without its password', async () => {
  const open = openDatabase({ dataDir: directory, databaseUrl: 'postgresql://someone:hidden@127.0.0.1:1/library' });
  await expect(open).rejects.toMatchObject({
    code: 'db.unreachable',
    message: expect.stringMatching(/127\.0\.0\.1:1\/library.*ECONNREFUSED/) as string,
  });
  await expect(open).rejects.not.toThrow('hidden');
});
