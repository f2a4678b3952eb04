import type { AnyOperation } from '../core/index.ts';
import { getSetting, listSettings, setRole, setSetting, showOwnRights, showRoles } from '../access/index.ts';
import { exportUsers, generateUsers, importCirculation, importUsers, showUser } from '../feeds/index.ts';
import {
  cancelOutbox,
  listLetters,
  listMessages,
  previewLetter,
  retryMessages,
  saveLetter,
  showLetter,
  showMessage,
} from '../letters/index.ts';
import {
  abortRun,
  createSchedule,
  deleteSchedule,
  deleteTemplate,
  editUser,
  listOutcomes,
  listRuns,
  listSchedules,
  listTemplates,
  pauseRun,
  previewJob,
  previewUndo,
  reportRun,
  resumeRun,
  saveTemplate,
  showRun,
  showTemplate,
  startRun,
  switchSchedule,
  undoRun,
} from '../runs/index.ts';
import {
  addMembers,
  combineSets,
  createSet,
  createSetFromRun,
  deleteSet,
  listFileLines,
  listMembers,
  listSets,
  removeMembers,
  showSet,
  updateSet,
  uploadValues,
} from '../sets/index.ts';
import { searchUsers, userHistory } from '../users/index.ts';

const ALL: readonly AnyOperation[] = [
  // access
  getSetting,
  listSettings,
  setRole,
  setSetting,
  showOwnRights,
  showRoles,
  // feeds
  exportUsers,
  generateUsers,
  importCirculation,
  importUsers,
  showUser,
  // letters
  cancelOutbox,
  listLetters,
  listMessages,
  previewLetter,
  retryMessages,
  saveLetter,
  showLetter,
  showMessage,
  // runs
  abortRun,
  createSchedule,
  deleteSchedule,
  deleteTemplate,
  editUser,
  listOutcomes,
  listRuns,
  listSchedules,
  listTemplates,
  pauseRun,
  previewJob,
  previewUndo,
  reportRun,
  resumeRun,
  saveTemplate,
  showRun,
  showTemplate,
  startRun,
  switchSchedule,
  undoRun,
  // sets
  addMembers,
  combineSets,
  createSet,
  createSetFromRun,
  deleteSet,
  listFileLines,
  listMembers,
  listSets,
  removeMembers,
  showSet,
  updateSet,
  uploadValues,
  // users
  searchUsers,
  userHistory,
];

/**
 * Every operation there is, by name: what the HTTP API, OpenAPI, the permissions page and the tests
 * that hold for all of them are made from.
 */
export const OPERATIONS: ReadonlyMap<string, AnyOperation> = new Map(ALL.map((each) => [each.name, each]));
