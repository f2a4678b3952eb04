export { expirePrints } from './expire.ts';
export { type MakeOptions, makePrints } from './maker.ts';
export { PRINT_OPERATIONS } from './operations.ts';
export { deletePrint, downloadPrint, listPrints, makePrint, type PrintBatchView, type PrintRemark, showPrint } from './operations.ts';
export { printPreview } from './preview.ts';
