export {
  addMembers,
  type MembersAdded,
  type MembersRemoved,
  type MembersReplaced,
  removeMembers,
  replaceMembers,
} from './change-members.ts';
export { combineSets } from './combine-sets.ts';
export { createSet, createSetFromRun, type CreateSetInput, type SetCreated } from './create-set.ts';
export { deleteSet, type SetNamed, updateSet } from './manage-set.ts';
export type { Outcome } from './run-outcome.ts';
export { findSet, memberIdsSql, setTag, type SetRow, type SetSource } from './set-row.ts';
export {
  type FileLine,
  type FileLinePage,
  listFileLines,
  listMembers,
  listSets,
  type Member,
  type MemberPage,
  type SetView,
  showSet,
} from './show-sets.ts';
export { type UnmatchedLine, uploadValues, type ValuesUploaded, type ValueTable, valueTable } from './value-tables.ts';
