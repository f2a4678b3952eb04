import { type DatabaseConfig, migrateDatabase, stopDatabase } from '../db/index.ts';
import { installQueue } from '../queue/index.ts';

/** `muster migrate`: the database and the queue's tables; says the names of the migrations it applied. */
export async function migrateInstallation(config: DatabaseConfig): Promise<{ readonly applied: readonly string[] }> {
  const applied = await migrateDatabase(config);
  // In its own database Muster makes the queue's tables when it first needs them.
  if (config.databaseUrl !== undefined) await installQueue({ connectionString: config.databaseUrl });
  return { applied: applied.map((migration) => migration.name) };
}

/** `muster stop`: ends the server of the data directory and its embedded database, whichever runs. */
export async function stopInstallation(config: DatabaseConfig): Promise<{ readonly server: boolean; readonly database: boolean }> {
  return stopDatabase(config.dataDir);
}
