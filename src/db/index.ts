export type { Restored } from './backup/restore-backup.ts';
export type { Backup } from './backup/write-backup.ts';
export { type ConnectionOptions, clientConfig, type DatabaseHandle, type Endpoint } from './connection.ts';
export { createDatabase } from './database.ts';
export { type Migration, migrate, migrationState, readMigrations } from './migrate.ts';
export { backupDatabase, type DatabaseConfig, migrateDatabase, type OpenOptions, openDatabase, restoreDatabase } from './open-database.ts';
export { claimServer, type ServerClaim, stopDatabase } from './server-process.ts';
export { type ServerUse, type SharedServerOptions, stopServer, useServer } from './shared-server.ts';
