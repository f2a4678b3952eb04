/** Operations as TanStack queries and mutations. Keys are `[operation, input]`, so that `invalidate('set.list')` finds every page of it. */
import {
  type QueryClient,
  queryOptions,
  useMutation,
  type UseMutationResult,
  useQuery,
  useQueryClient,
  type UseQueryResult,
} from '@tanstack/react-query';
import { api, getJson } from './client.ts';
import type { AppProblem } from './problem.ts';
import type { ChangeCatalogue, FilterCatalogue, Input, OperationName, Output } from './types.ts';

export function apiQuery<N extends OperationName>(name: N, input: Input<N>) {
  return queryOptions<Output<N>, AppProblem, Output<N>, readonly [N, Input<N>, string]>({
    // What the server says is in the language it was asked in.
    queryKey: [name, input, document.documentElement.lang] as const,
    queryFn: ({ signal }) => api(name, input, { signal }),
  });
}

export interface ApiOptions {
  readonly enabled?: boolean;
  /** Milliseconds between looks, for what moves by itself. */
  readonly refetchInterval?: number | false;
  readonly staleTime?: number;
  /** Keeps showing the answer to the former input until there is the new one. */
  readonly keepPrevious?: boolean;
}

export function useApi<N extends OperationName>(
  name: N,
  input: Input<N>,
  { keepPrevious = false, ...options }: ApiOptions = {},
): UseQueryResult<Output<N>, AppProblem> {
  return useQuery({
    ...apiQuery(name, input),
    ...options,
    ...(keepPrevious ? { placeholderData: (previous: Output<N> | undefined) => previous } : {}),
  } as ReturnType<typeof apiQuery<N>>); // the conditional spread loses the brand of the key, nothing else
}

export interface ApiMutationOptions<N extends OperationName> {
  /** Operations whose answers are no longer true after this one. */
  readonly invalidates?: readonly OperationName[];
  readonly onSuccess?: (output: Output<N>, input: Input<N>) => void;
}

export function useApiMutation<N extends OperationName>(
  name: N,
  { invalidates = [], onSuccess }: ApiMutationOptions<N> = {},
): UseMutationResult<Output<N>, AppProblem, Input<N>> {
  const client = useQueryClient();
  return useMutation<Output<N>, AppProblem, Input<N>>({
    mutationFn: (input) => api(name, input),
    onSuccess: async (output, input) => {
      onSuccess?.(output, input);
      await invalidate(client, ...invalidates);
    },
  });
}

export async function invalidate(client: QueryClient, ...names: readonly OperationName[]): Promise<void> {
  await Promise.all(names.map((name) => client.invalidateQueries({ queryKey: [name] })));
}

const AN_HOUR_MS = 3_600_000;

/** Every kind of change, with its words and input schema in the page's language. */
export function useChangeCatalogue() {
  return useQuery<{ readonly changes: ChangeCatalogue }, AppProblem>({
    queryKey: ['/api/changes', document.documentElement.lang],
    queryFn: ({ signal }) => getJson('/api/changes', { signal }),
    staleTime: AN_HOUR_MS,
  });
}

/** Fields and operators of filters, with their words in both languages. */
export function useFilterCatalogue() {
  return useQuery<FilterCatalogue, AppProblem>({
    queryKey: ['/api/filters'],
    queryFn: ({ signal }) => getJson('/api/filters', { signal }),
    staleTime: AN_HOUR_MS,
  });
}
