export { type CatalogueField, filterCatalogue } from './catalogue.ts';
export { checkFilterFor, groupsAsked } from './closed-fields.ts';
export { compileFilter } from './compile.ts';
export { compileRecords } from './records.ts';
export { formatFilter } from './format.ts';
export { parseFilter } from './parse.ts';
export { filterSchema, readFilter } from './read-filter.ts';
export type { Comparison, Filter, RelativeDate, Value } from './tree.ts';
