export { EXPORTS_KEPT_DAYS, expireExports } from './expire-exports.ts';
export { countChanged, exportChanged, exportsDirectory } from './export-changed.ts';
