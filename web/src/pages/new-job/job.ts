/** What the steps share: the draft, its plan, and what the server says of it. */
import { createContext, useContext } from 'react';
import type { AppProblem, Output } from '../../api/index.ts';
import type { Draft, DraftChange, PlanData } from './draft.ts';
import type { KindOfChange } from './kinds.ts';
import type { Step } from './steps.ts';

export type Preview = Output<'job.preview'>;

export interface Job {
  readonly draft: Draft;
  readonly kinds: readonly KindOfChange[];
  /** Of the changes that are complete. */
  readonly plan: PlanData;
  /** The plan has something to do. */
  readonly ready: boolean;
  readonly isComplete: (change: DraftChange) => boolean;
  readonly update: (change: (draft: Draft) => Draft) => void;
  readonly step: Step;
  readonly go: (step: Step) => void;
  /** What stands before the step is done. */
  readonly canGo: (step: Step) => boolean;
  /** Counts of the plan as it is, or as it was a moment ago. */
  readonly preview: Preview | undefined;
  /** The counts are those of a former state of the plan. */
  readonly counting: boolean;
  readonly problem: AppProblem | null;
  readonly retry: () => void;
}

export const JobContext = createContext<Job | null>(null);

export function useJob(): Job {
  const job = useContext(JobContext);
  if (job === null) throw new Error('A step is drawn outside of a job.');
  return job;
}

/** Users of each change, by the change's key: only those that are complete are counted. */
export function countsByChange({ draft, isComplete, preview }: Job): ReadonlyMap<string, Preview['changes'][number]> {
  const counts = new Map<string, Preview['changes'][number]>();
  draft.changes.filter(isComplete).forEach((change, index) => {
    const own = preview?.changes[index];
    if (own !== undefined) counts.set(change.key, own);
  });
  return counts;
}
