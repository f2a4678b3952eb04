import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { type AppProblem, api, type Input, type OperationName, type Output } from '../api/index.ts';
import type { Rows } from './data-table.tsx';

interface PagesOptions<N extends OperationName, Row> {
  /** Adds the place to the input: `(input, next) => ({ ...input, after: next })`. */
  readonly at: (input: Input<N>, next: string | number) => Input<N>;
  /** Where the next page begins; null on the last. */
  readonly next: (page: Output<N>) => string | number | null;
  readonly rows: (page: Output<N>) => readonly Row[];
  readonly total?: (page: Output<N>) => number | undefined;
  readonly enabled?: boolean;
}

/** An operation that answers in pages, as rows for a DataTable. */
export function usePages<N extends OperationName, Row>(
  name: N,
  input: Input<N>,
  options: PagesOptions<N, Row>,
): Rows<Row> & { readonly first: Output<N> | undefined } {
  const query = useInfiniteQuery<Output<N>, AppProblem, readonly Output<N>[], readonly unknown[], string | number | null>({
    queryKey: [name, input, document.documentElement.lang, 'pages'],
    queryFn: ({ pageParam, signal }) => api(name, pageParam === null ? input : options.at(input, pageParam), { signal }),
    initialPageParam: null,
    getNextPageParam: (page) => options.next(page),
    select: ({ pages }) => pages,
    enabled: options.enabled ?? true,
    // What one typed before stays until the new rows are there.
    placeholderData: (previous) => previous,
  });
  const { data, fetchNextPage, refetch } = query;
  const { rows: rowsOf } = options;
  // biome-ignore lint/correctness/useExhaustiveDependencies: how rows are taken out of a page does not change
  const rows = useMemo(() => (data ?? []).flatMap((page) => [...rowsOf(page)]), [data]);
  const first = data?.[0];
  return {
    rows,
    first,
    total: first === undefined ? undefined : options.total?.(first),
    loading: query.isFetching,
    problem: query.error,
    more: query.hasNextPage,
    loadMore: useCallback(() => void fetchNextPage({ cancelRefetch: false }), [fetchNextPage]),
    retry: useCallback(() => void refetch(), [refetch]),
  };
}
