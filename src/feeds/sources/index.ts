export { exchangeDirectory } from './directory.ts';
export { eachFile, fetchFiles } from './fetch-files.ts';
export { FETCH_LIMITS, type Fetched, type FetchLimits, type FetchOptions, type Origin, originSchema } from './fetched.ts';
export { putFile, type PutOptions } from './put-file.ts';
export { type ExportTarget, exportTargetSchema, type FeedSource, feedSourceSchema, placeName } from './source.ts';
export { unpack, type UnpackedFile, type UnpackOptions } from './unpack.ts';
