import { useInfiniteQuery } from '@tanstack/react-query';
import { type AppProblem, api, type Input, type Output } from '../../api/index.ts';
import type { Rows } from '../../components/index.ts';

const PAGE = 100;

/** Sets page by page; the next one begins after those that have come. */
export function useSets(input: Input<'set.list'>): Rows<Output<'set.list'>['sets'][number]> {
  const query = useInfiniteQuery<Output<'set.list'>, AppProblem, readonly Output<'set.list'>[], readonly unknown[], number>({
    queryKey: ['set.list', input, document.documentElement.lang, 'pages'],
    queryFn: ({ pageParam, signal }) => api('set.list', { ...input, limit: PAGE, offset: pageParam }, { signal }),
    initialPageParam: 0,
    getNextPageParam: (page, pages) => {
      const come = pages.reduce((sum, { sets }) => sum + sets.length, 0);
      return page.sets.length === 0 || come >= page.total ? null : come;
    },
    select: ({ pages }) => pages,
    placeholderData: (previous) => previous,
  });
  return {
    rows: (query.data ?? []).flatMap(({ sets }) => sets),
    total: query.data?.[0]?.total,
    loading: query.isFetching,
    problem: query.error,
    more: query.hasNextPage,
    loadMore: () => void query.fetchNextPage({ cancelRefetch: false }),
    retry: () => void query.refetch(),
  };
}
