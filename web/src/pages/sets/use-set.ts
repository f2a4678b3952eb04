import { useQuery } from '@tanstack/react-query';
import { type AppProblem, type Output, type Tagged, tagged } from '../../api/index.ts';

/** A set with the tag of the state in which one sees it: what is saved later is refused if somebody was quicker. */
export function useSet(id: string) {
  return useQuery<Tagged<Output<'set.show'>>, AppProblem>({
    queryKey: ['set.show', { set: id }, document.documentElement.lang, 'tagged'],
    queryFn: ({ signal }) => tagged('set.show', `/api/sets/${encodeURIComponent(id)}`, { signal }),
  });
}
