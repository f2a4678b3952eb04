export { EXPORTS_KEPT_DAYS, expireExports } from './expire-exports.ts';
export { countChanged, exportChanged } from './export-changed.ts';
