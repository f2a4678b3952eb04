export { type Code, type CodeLabels, type CodeTable, codeLabels, listCodes, listCodeTables } from './codes.ts';
export { type FoundUser, findUser } from './find.ts';
export { type FieldHistory, type HistoryEntry, type RowHistory, type RowState, type UserHistory, userHistory } from './history.ts';
export * from './record.ts';
export { type SearchResult, searchUsers, type UserHit } from './search.ts';
export { type RecordRow, readRecords, type UserRecord } from './read-record.ts';
