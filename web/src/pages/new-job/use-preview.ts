import { useDebouncedValue } from '@mantine/hooks';
import { type AppProblem, type Output, useApi } from '../../api/index.ts';
import type { Draft, PlanData } from './draft.ts';

/** Milliseconds of rest after typing before the server is asked. */
const REST_MS = 350;
/** Users shown as examples beside the counts. */
const EXAMPLES = 8;
/** An answer holds for so long while nothing is changed; confirming compares it with the members of that moment. */
const FRESH_MS = 60_000;

export interface LivePreview {
  readonly preview: Output<'job.preview'> | undefined;
  readonly counting: boolean;
  readonly problem: AppProblem | null;
  readonly retry: () => void;
}

/** Counts a plan on a set whenever it has rested for a moment. */
export function useLivePreview(set: Draft['set'], plan: PlanData, ready: boolean): LivePreview {
  const asked = JSON.stringify({ set: set?.id, plan });
  const [rested] = useDebouncedValue(asked, REST_MS);
  const input = JSON.parse(rested) as { readonly set?: number; readonly plan: PlanData }; // written a few lines above
  const enabled = ready && input.set !== undefined && (input.plan.changes.length > 0 || input.plan.notify !== undefined);
  const query = useApi(
    'job.preview',
    { set: input.set ?? 0, plan: input.plan, page: { limit: EXAMPLES, outcome: 'changed' } },
    { enabled, keepPrevious: true, staleTime: FRESH_MS },
  );
  const current = query.error === null && enabled;
  return {
    preview: current ? query.data : undefined,
    counting: enabled && (query.isFetching || query.isPlaceholderData || rested !== asked),
    problem: enabled ? query.error : null,
    retry: () => void query.refetch(),
  };
}
