import type { makePrints as make } from './maker.ts';

export { expirePrints } from './expire.ts';
export { PRINT_OPERATIONS } from './operations.ts';
export { deletePrint, downloadPrint, listPrints, makePrint, type PrintBatchView, type PrintRemark, showPrint } from './operations.ts';

/** See there. Loaded when it is first needed: fonts and the writer of PDFs take their time, and most commands print nothing. */
export const makePrints: typeof make = async (...args) => (await import('./maker.ts')).makePrints(...args);
