import { type QueryClient, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, type AppProblem, type Input, invalidate, type OperationName, type Output } from '../../../api/index.ts';
import type { Rows } from '../../../components/index.ts';

/** A list that comes whole, as rows for a DataTable. */
export function useRows<Data, Row>(query: UseQueryResult<Data, AppProblem>, pick: (data: Data) => readonly Row[]): Rows<Row> {
  const { data, error, isFetching, refetch } = query;
  // biome-ignore lint/correctness/useExhaustiveDependencies: how rows are taken out of an answer does not change
  return useMemo(() => {
    const rows = data === undefined ? [] : pick(data);
    return {
      rows,
      total: rows.length,
      loading: isFetching && data === undefined,
      problem: error,
      more: false,
      loadMore: () => undefined,
      retry: () => void refetch(),
    };
  }, [data, error, isFetching, refetch]);
}

/** Performs operations, and has the lists that are no longer true asked for again. */
export function useAct(...stale: readonly OperationName[]): <N extends OperationName>(name: N, input: Input<N>) => Promise<Output<N>> {
  const client: QueryClient = useQueryClient();
  return async (name, input) => {
    const output = await api(name, input);
    await invalidate(client, ...stale);
    return output;
  };
}
