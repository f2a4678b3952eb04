import type { Rows } from '../../../components/index.ts';

/** Rows that are all there already. */
export function rowsOf<Row>(rows: readonly Row[]): Rows<Row> {
  return { rows, total: rows.length, loading: false, problem: null, more: false, loadMore: () => undefined, retry: () => undefined };
}
