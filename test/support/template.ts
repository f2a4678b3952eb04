import { createHash } from 'node:crypto';
import pg from 'pg';
import { migrate, readMigrations } from '../../src/db/index.ts';
import type { Engine } from './engines.ts';

/**
 * Makes sure that the server has a database with the present schema, and tells its name. The name is
 * made of the migrations' hashes, so a server that is kept between runs makes it once per schema,
 * and two runs with different schemas do not disturb each other.
 */
export async function prepareTemplate(name: string, adminUrl: string): Promise<Engine> {
  const hash = createHash('sha256');
  for (const migration of await readMigrations()) hash.update(`${migration.name} ${migration.sha256}\n`);
  const template = `muster_template_${hash.digest('hex').slice(0, 16)}`;
  const engine: Engine = { name, adminUrl, template };

  const admin = new pg.Client(adminUrl);
  await admin.connect();
  try {
    await admin.query('select pg_advisory_lock(hashtextextended($1, 0))', [template]);
    const { rowCount } = await admin.query('select from pg_database where datname = $1', [template]);
    if (rowCount === 0) await build(admin, engine);
  } finally {
    await admin.end();
  }
  return engine;
}

/** Built under another name and renamed, so that a half-built one is never taken for the template. */
async function build(admin: pg.Client, engine: Engine): Promise<void> {
  const draft = `${engine.template}_draft`;
  await admin.query(`drop database if exists ${draft} with (force)`);
  await admin.query(`create database ${draft} template template0`);
  const url = new URL(engine.adminUrl);
  url.pathname = `/${draft}`;
  await migrate({ connectionString: url.toString() });
  // A clone is refused while anyone is connected to the original, and a closed connection lingers for a moment.
  await admin.query(`alter database ${draft} with allow_connections false`);
  await admin.query('select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1', [draft]);
  await admin.query(`alter database ${draft} rename to ${engine.template}`);
}
