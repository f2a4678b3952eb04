import { createRoute } from '@tanstack/react-router';
import { rootRoute } from '../../app/root.tsx';
import { page } from '../../app/route.ts';

export const newJobRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/jobs/new',
    staticData: { needs: 'jobs:run' },
    validateSearch: newJobSearch,
  }).lazy(() =>
    page(
      'new-job',
      () => import('./new-job-page.tsx'),
      (module) => module.NewJobPage,
    ),
  ),
] as const;

/** `set`: number of the set to begin with. `run`: a former run to copy. `template`: one to load. */
function newJobSearch(given: Record<string, unknown>): { readonly set?: number; readonly run?: number; readonly template?: string } {
  return {
    ...(typeof given['set'] === 'number' ? { set: given['set'] } : {}),
    ...(typeof given['run'] === 'number' ? { run: given['run'] } : {}),
    ...(typeof given['template'] === 'string' ? { template: given['template'] } : {}),
  };
}
