import type { AnyOperation } from '../../core/index.ts';
import { ownPersonalData, personalData } from './personal-data.ts';
import { previewPurge, runPurge } from './purge.ts';
import { showPurgeStatistics } from './purge-statistics.ts';
import { listErasures, reapplyErasures } from './reapply.ts';
import { applyRetention, showRetention } from './retention.ts';
import { eraseUser } from './user-erase.ts';

export const PRIVACY_OPERATIONS = [
  applyRetention,
  eraseUser,
  listErasures,
  ownPersonalData,
  personalData,
  previewPurge,
  reapplyErasures,
  runPurge,
  showPurgeStatistics,
  showRetention,
] as const satisfies readonly AnyOperation[];
export { eraseUser, listErasures, ownPersonalData, personalData, previewPurge, reapplyErasures, runPurge, showPurgeStatistics };
export { applyRetentionNightly } from './retention.ts';
export { applyRetention, showRetention };
export { removeDoomedFiles } from './doomed-files.ts';
