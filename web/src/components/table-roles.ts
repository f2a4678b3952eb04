/**
 * For a table that is cards on a narrow screen: laid out as blocks it is no table to the browser any more,
 * and these keep it one for those who listen. Spread, since said twice they look needless to whoever reads
 * the markup alone: `<table {...ROLE.table}>`.
 */
export const ROLE = {
  table: { role: 'table' },
  rowgroup: { role: 'rowgroup' },
  row: { role: 'row' },
  cell: { role: 'cell' },
} as const;
