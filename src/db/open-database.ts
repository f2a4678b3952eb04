import { type RestoreOptions, type Restored, restoreBackup } from './backup/restore-backup.ts';
import { type Backup, type BackupFiles, writeBackup } from './backup/write-backup.ts';
import type { ConnectionOptions, DatabaseHandle, Endpoint } from './connection.ts';
import { checkDatabase, checkServer, createDatabase } from './database.ts';
import { migrate, type Migration } from './migrate.ts';
import { type SharedServerOptions, useServer } from './shared-server.ts';

/** Which database: one's own server by URL, or the embedded one of the data directory. */
export interface DatabaseConfig {
  readonly dataDir: string;
  readonly databaseUrl?: string | undefined;
}

export interface OpenOptions extends SharedServerOptions {
  readonly connection?: ConnectionOptions;
}

/**
 * Opens the database for one process. The embedded server is started if need be, brought to this
 * program's schema, and stopped again by `close` when this was the last process to use it. A server
 * of one's own must be there and migrated; nothing is changed in it.
 */
export async function openDatabase(config: DatabaseConfig, options: OpenOptions = {}): Promise<DatabaseHandle> {
  if (config.databaseUrl !== undefined) {
    const endpoint = { connectionString: config.databaseUrl };
    await checkDatabase(endpoint);
    return createDatabase(endpoint, options.connection);
  }
  const use = await useServer(config.dataDir, options);
  try {
    await migrateIfNeeded(use.endpoint);
    return createDatabase(use.endpoint, options.connection, () => use.release());
  } catch (error) {
    await use.release();
    throw error;
  }
}

/** What `muster migrate` does: brings the configured database to this program's schema. */
export async function migrateDatabase(config: DatabaseConfig): Promise<readonly Migration[]> {
  if (config.databaseUrl !== undefined) {
    const endpoint = { connectionString: config.databaseUrl };
    await checkServer(endpoint);
    return migrate(endpoint);
  }
  const use = await useServer(config.dataDir);
  try {
    return await migrate(use.endpoint);
  } finally {
    await use.release();
  }
}

async function migrateIfNeeded(endpoint: Endpoint): Promise<void> {
  try {
    await checkDatabase(endpoint);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'db.not_migrated')) throw error;
    await migrate(endpoint);
  }
}

/** What `muster backup` does; the database goes on working meanwhile. */
export async function backupDatabase(config: DatabaseConfig, file: string, beside: BackupFiles): Promise<Backup> {
  const db = await openDatabase(config);
  try {
    return await writeBackup(db.endpoint, file, beside);
  } finally {
    await db.close();
  }
}

/** What `muster restore` does, in an installation without users in which no server runs. */
export async function restoreDatabase(config: DatabaseConfig, file: string, options: RestoreOptions): Promise<Restored> {
  if (config.databaseUrl !== undefined) {
    const endpoint = { connectionString: config.databaseUrl };
    await checkServer(endpoint);
    return restoreBackup(endpoint, file, options);
  }
  const use = await useServer(config.dataDir);
  try {
    return await restoreBackup(use.endpoint, file, options);
  } finally {
    await use.release();
  }
}
