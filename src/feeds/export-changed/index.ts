export { countChanged, exportChanged } from './export-changed.ts';
