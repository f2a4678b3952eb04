import { createRoute } from '@tanstack/react-router';
import { rootRoute } from '../../app/root.tsx';
import { page } from '../../app/route.ts';
import { isEnding, isKind, type JobsSearch } from './filters.ts';

export const jobsRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/jobs',
    staticData: { needs: 'jobs:read' },
    validateSearch: jobsSearch,
  }).lazy(() =>
    page(
      'jobs',
      () => import('./jobs-page.tsx'),
      (module) => module.JobsPage,
    ),
  ),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/jobs/$id',
    staticData: { needs: 'jobs:read' },
    validateSearch: jobSearch,
  }).lazy(() =>
    page(
      'jobs',
      () => import('./job-page.tsx'),
      (module) => module.JobPage,
    ),
  ),
] as const;

const DAY = /^\d{4}-\d\d-\d\d$/;

/** What the history is narrowed by, and which of the three lists is shown. */
function jobsSearch(given: Record<string, unknown>): JobsSearch {
  const { list, text, kind, ending, from, to } = given;
  return {
    ...(list === 'scheduled' || list === 'templates' ? { list } : {}),
    // A number in an address is read as one.
    ...(typeof text === 'string' || typeof text === 'number' ? { text: String(text) } : {}),
    ...(isKind(kind) ? { kind } : {}),
    ...(isEnding(ending) ? { ending } : {}),
    ...(typeof from === 'string' && DAY.test(from) ? { from } : {}),
    ...(typeof to === 'string' && DAY.test(to) ? { to } : {}),
  };
}

const OUTCOMES = ['changed', 'unchanged', 'skipped', 'failed', 'conflict'] as const;
type Outcome = (typeof OUTCOMES)[number];

export interface JobSearch {
  /** Which users the table lists. */
  readonly outcome?: Outcome;
  /** Code of a reason: only those who were skipped, failed or are in conflict for it. */
  readonly reason?: string;
  /** What is to be undone: number of one change of the plan, or some users. */
  readonly undo?: number | 'users';
}

function jobSearch(given: Record<string, unknown>): JobSearch {
  const { outcome, reason, undo } = given;
  const known = OUTCOMES.find((each) => each === outcome);
  return {
    ...(known === undefined ? {} : { outcome: known }),
    ...(typeof reason === 'string' ? { reason } : {}),
    ...(undo === 'users' || (typeof undo === 'number' && Number.isInteger(undo) && undo > 0) ? { undo } : {}),
  };
}
