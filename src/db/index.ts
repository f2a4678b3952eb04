export { type ConnectionOptions, clientConfig, type DatabaseHandle, type Endpoint } from './connection.ts';
export { createDatabase } from './database.ts';
export { type Migration, migrate, migrationState, readMigrations } from './migrate.ts';
export { type DatabaseConfig, migrateDatabase, type OpenOptions, openDatabase } from './open-database.ts';
export { claimServer, type ServerClaim, stopDatabase } from './server-process.ts';
export { type ServerUse, type SharedServerOptions, stopServer, useServer } from './shared-server.ts';
