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
export { type Code, type CodeLabels, type CodeTable, codeLabels, listCodes, listCodeTables } from './codes.ts';
export { showCodeTable, showCodeTables } from './code-operations.ts';
export { closedTo, differenceFor, GROUP_FIELDS, groupOf, isClosedTo, recordFor } from './field-groups.ts';
export { type FoundUser, findUser, userTag } from './find.ts';
export { type FieldHistory, type HistoryEntry, type RowHistory, type RowState, type UserHistory, userHistory } from './history.ts';
export { type JournalledRun, journalledRun, journalledUsers, MANY_MEMBERS } from './journalled.ts';
export * from './record.ts';
export { type SearchResult, searchUsers, type UserHit } from './search.ts';
export { type RecordRow, readRecords, type UserRecord } from './read-record.ts';
export { lockWhole, type SuppressedEmail, readWhole, readWholeTogether, type UserKey, type WholeUser } from './read-whole.ts';
