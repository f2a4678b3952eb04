export { exchangeDirectory } from './directory.ts';
export { eachFile } from './each-file.ts';
export type { FetchLimits, FetchOptions, Origin } from './fetched.ts';
export { putFile } from './put-file.ts';
export { type ExportTarget, exportTargetSchema, feedSourceSchema } from './source.ts';
export { unpack, type UnpackedFile, type UnpackOptions } from './unpack.ts';
