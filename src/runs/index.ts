export { listChangedUsers } from './changed-users.ts';
export { abortRun, pauseRun, resumeRun } from './control.ts';
export { type Edited, editUser } from './edit.ts';
export type { Guard } from './guard.ts';
export { checkLetterOperation, findAwkwardUsers, LETTER_MEMBER_OPERATIONS } from './letter-members.ts';
export { parsePlan, type Plan } from './plan.ts';
export { type Preview, type PreviewedChange, previewJob, type ReasonCount } from './preview.ts';
export { exportPreview } from './export-preview.ts';
export { previewJobLetter } from './preview-letter.ts';
export { createSetFromPreview, previewUsers } from './preview-users.ts';
export { listOutcomes, listRuns, reportRun, type RunReport, type RunView, showRun, type UserOutcome } from './report.ts';
export { readProgress, type RunProgress } from './progress.ts';
export { isInUse, settleRestored } from './restored.ts';
export { createSchedule, deleteSchedule, listSchedules, type Schedule, startDueSchedules, switchSchedule } from './schedules.ts';
export { type Started, startRun } from './start.ts';
export { isFinal, type RunState } from './states.ts';
export { deleteTemplate, listTemplates, saveTemplate, showTemplate, type Template } from './templates.ts';
export { previewUndo, type UndoPreview, undoRun } from './undo.ts';
export { workOnce } from './work.ts';
export {
  applyRetention,
  applyRetentionNightly,
  eraseUser,
  listErasures,
  personalData,
  previewPurge,
  PRIVACY_OPERATIONS,
  reapplyErasures,
  removeDoomedFiles,
  runPurge,
  showPurgeStatistics,
  showRetention,
} from './privacy/index.ts';
export { LIBRARY_OPERATIONS } from './library/index.ts';
export { mergeUsers, type MergePreview, PEOPLE_OPERATIONS, previewMerge } from './people/index.ts';
export { approveRun, listWaiting, OVERSIGHT_OPERATIONS, rejectRun, sendRunMails, subscribeToRuns } from './oversight/index.ts';
