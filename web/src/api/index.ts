export { addressOf, basePath } from './address.ts';
export {
  api,
  answered,
  type CallOptions,
  download,
  type Downloaded,
  getJson,
  saveFile,
  tagged,
  type Tagged,
  upload,
  type UploadOptions,
} from './client.ts';
export { AppProblem, asProblem, CANCELLED, type FieldProblem, UNREACHABLE } from './problem.ts';
export { apiQuery, invalidate, useApi, useApiMutation, useChangeCatalogue, useFilterCatalogue } from './queries.ts';
export { watchRun } from './run-events.ts';
export { currentSession, isSessionOver, loadSession, lookForSession, onSessionChange, signInAgain, signOut } from './session.ts';
export type * from './types.ts';
