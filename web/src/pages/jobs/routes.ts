import { createRoute } from '@tanstack/react-router';
import { rootRoute } from '../../app/root.tsx';
import { page } from '../../app/route.ts';

export const jobsRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/jobs',
    staticData: { needs: 'jobs:read' },
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
  }).lazy(() =>
    page(
      'jobs',
      () => import('./job-page.tsx'),
      (module) => module.JobPage,
    ),
  ),
] as const;
