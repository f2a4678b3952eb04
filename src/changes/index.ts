export { applyRoleRules } from './apply-role-rules.ts';
export { type Application, applyUsers, planForChunk, writeStatement } from './apply.ts';
export { type Compiled, compileChanges, type CompileOptions, type Step } from './compile.ts';
export { commitCredentials, type NewCredential, revokeCredential, setCredential } from './credential.ts';
export type { ChangeKind } from './kind.ts';
export {
  type Authority,
  type MergeMode,
  type MergeOptions,
  type MergeProblem,
  type MergeProblemCode,
  type MergeResult,
  mergeStaged,
  type Segment,
  type Slot,
  type StagedRecord,
  type StagedRow,
  type StagedValue,
  Staging,
} from './merge.ts';
export {
  applySync,
  closeLook,
  LINES_PER_PART,
  lookAtFeed,
  pageLook,
  type ReadProblem,
  type SyncDifference,
  type SyncLook,
  type SyncOptions,
} from './merge-sync.ts';
export { writeMerge } from './merge-users.ts';
export {
  isChoosable,
  type MergeChoices,
  type MergedField,
  type MergedRow,
  type MergeUsersPlan,
  planMerge,
} from './merge-users-plan.ts';
export { addLetters, type LetterCounts, noLetters, spareMails } from './letter-counts.ts';
export type { LetterOrder, UserAfter } from './letter-orders.ts';
export { addCounts, addToChanges, type ChangeCounts, type Counts, noCounts, type Outcome, skippedSql } from './outcome.ts';
export {
  type PreparedChanges,
  prepareChanges,
  type PrepareScope,
  type RawChange,
  rawChange,
  settleChanges,
  type Touches,
  touchesSearch,
} from './prepare.ts';
export {
  type Chosen,
  chosenUsers,
  countChanges,
  countStatement,
  type OutcomeFilter,
  type Page,
  pageChanges,
  type PreviewCounts,
  type UserDifference,
} from './preview.ts';
export { type ProfileRole, profileRole, profileRoles } from './role-profiles.ts';
export { catalogue, CHANGE_KINDS } from './registry.ts';
export { compileUndo, type UndoOptions } from './undo.ts';
export { type Replaced, type ReplaceOptions, replaceUser } from './replace.ts';
export type { Difference, Replacement } from './replace-difference.ts';
