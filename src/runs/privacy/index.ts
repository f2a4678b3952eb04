export { removeDoomedFiles } from './doomed-files.ts';
export { eraseUsers } from './erase-users.ts';
export { previewPurge, runPurge } from './purge.ts';
export { listErasures, reapplyErasures } from './reapply.ts';
export { eraseUser } from './user-erase.ts';
