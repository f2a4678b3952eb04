import { createRoute } from '@tanstack/react-router';
import { rootRoute } from '../../app/root.tsx';
import { page } from '../../app/route.ts';
import { newJobSearch } from './search.ts';

export const newJobRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/jobs/new',
    staticData: { needs: 'jobs:run' },
    validateSearch: newJobSearch,
  }).lazy(() =>
    page(
      ['new-job', 'filter'],
      () => import('./new-job-page.tsx'),
      (module) => module.NewJobPage,
    ),
  ),
] as const;
