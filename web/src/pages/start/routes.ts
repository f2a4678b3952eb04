import { createRoute } from '@tanstack/react-router';
import { rootRoute } from '../../app/root.tsx';
import { page } from '../../app/route.ts';

export const startRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/',
    staticData: {},
  }).lazy(() =>
    page(
      'start',
      () => import('./start-page.tsx'),
      (module) => module.StartPage,
    ),
  ),
] as const;
