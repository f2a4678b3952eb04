export { type Config, readConfig } from './config.ts';
export { type App, openApp } from './open.ts';
export { type Service, startServer, startWorkerProcess } from './service.ts';
export { migrateInstallation, stopInstallation } from './installation.ts';
export { helpOut, sendLetters } from './helper.ts';
export { BODY_MEGABYTES, REQUESTS_AT_ONCE, REQUESTS_PER_MINUTE, UPLOAD_LIMIT } from './http-settings.ts';
