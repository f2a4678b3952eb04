export {
  type Administrator,
  ADMINISTRATOR_COLUMNS,
  type AdministratorRole,
  anyAdministrator,
  assertAdministratorsRemain,
  bestRank,
  lastAdministratorAmong,
  lastOf,
  lockAdministrators,
  rankOf,
  readAdministrators,
} from './administrators.ts';
export { type CodeLabels, codeLabels, listCodes, listCodeTables } from './codes.ts';
export { showCodeTable, showCodeTables } from './code-operations.ts';
export { closedTo, differenceFor, GROUP_FIELDS, groupOf, isClosedTo, recordFor } from './field-groups.ts';
export { type FoundUser, findUser, userTag } from './find.ts';
export { type HeldField, heldFieldSchema, heldFields } from './held-fields.ts';
export { type HistoryEntry, type UserHistory, userHistory } from './history.ts';
export { isRecord, mergedRecords, mergedRecordSchema, withMerged } from './merged.ts';
export { journalledRun, type JournalledRun, journalledUsers, MANY_MEMBERS } from './journalled.ts';
export * from './record.ts';
export { searchCondition, type SearchResult, searchUsers } from './search.ts';
export { showUserRecord } from './show-record.ts';
export { type RecordRow, readRecords, type UserRecord } from './read-record.ts';
export { CODE_OPERATIONS, addCode, type CodeView, switchCode, updateCode } from './write-codes.ts';
export { lockWhole, type SuppressedEmail, readWhole, readWholeTogether, type WholeUser } from './read-whole.ts';
