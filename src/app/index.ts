export { backupInstallation, restoreInstallation } from './backup.ts';
export { type Config, readConfig, readEditor } from './config.ts';
export { type App, openApp } from './open.ts';
export { type Service, startServer, startWorkerProcess } from './service.ts';
export { migrateInstallation, stopInstallation } from './installation.ts';
export { helpOut, sendLetters } from './helper.ts';
// Loaded with it: the settings of the server, which commands list as well.
export { UPLOAD_LIMIT } from './http-settings.ts';
