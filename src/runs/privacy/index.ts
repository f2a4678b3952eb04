import type { AnyOperation } from '../../core/index.ts';
import { ownPersonalData, personalData } from './personal-data.ts';
import { previewPurge, runPurge } from './purge.ts';
import { listErasures, reapplyErasures } from './reapply.ts';
import { eraseUser } from './user-erase.ts';

export const PRIVACY_OPERATIONS: readonly AnyOperation[] = [
  eraseUser,
  listErasures,
  ownPersonalData,
  personalData,
  previewPurge,
  reapplyErasures,
  runPurge,
];
export { eraseUser, listErasures, ownPersonalData, personalData, previewPurge, reapplyErasures, runPurge };
export { removeDoomedFiles } from './doomed-files.ts';
