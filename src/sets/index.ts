export {
  addMembers,
  type MembersAdded,
  type MembersRemoved,
  type MembersReplaced,
  removeMembers,
  replaceMembers,
} from './change-members.ts';
export { checkFile, type FileChecked } from './check-file.ts';
export { combineSets } from './combine-sets.ts';
export { compareSets, type SetsCompared } from './compare-sets.ts';
export { createSet, createSetFromRun, itemized as itemizedSet, type SetCreated, setCreatedSchema } from './create-set.ts';
export { deleteSet, type SetNamed, updateSet } from './manage-set.ts';
export { findSet, memberIdsSql, setTag, type SetRow } from './set-row.ts';
export {
  type FileLinePage,
  listFileLines,
  listMembers,
  listSets,
  type Member,
  type MemberPage,
  type SetView,
  showSet,
} from './show-sets.ts';
export { setDescription, setName } from './write-set.ts';
export { uploadValues, type ValuesUploaded, valueTable } from './value-tables.ts';
