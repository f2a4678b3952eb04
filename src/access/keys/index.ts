export { createKey, type KeyView, listKeys, revokeKey } from './key-operations.ts';
export { resolveKey } from './resolve-key.ts';
