import { createRoute } from '@tanstack/react-router';
import { rootRoute } from '../../../app/root.tsx';
import { page } from '../../../app/route.ts';

const TEXTS = ['admin-feeds', 'administration', 'jobs', 'new-job'] as const;

/** A feed’s own pages lie below its code; what is of a file or a run lies beside, since a code may be any word. */
export const feedRoutes = [
  createRoute({ getParentRoute: () => rootRoute, path: '/administration/feeds', staticData: { needs: 'users:import' } }).lazy(() =>
    page(
      TEXTS,
      () => import('./feeds-page.tsx'),
      (module) => module.FeedsPage,
    ),
  ),
  createRoute({ getParentRoute: () => rootRoute, path: '/administration/new-feed', staticData: { needs: 'settings:write' } }).lazy(() =>
    page(
      TEXTS,
      () => import('./edit/edit-pages.tsx'),
      (module) => module.NewFeedPage,
    ),
  ),
  createRoute({ getParentRoute: () => rootRoute, path: '/administration/feeds/$code', staticData: { needs: 'users:import' } }).lazy(() =>
    page(
      TEXTS,
      () => import('./feed-page.tsx'),
      (module) => module.FeedPage,
    ),
  ),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/administration/feeds/$code/settings',
    staticData: { needs: 'settings:write' },
  }).lazy(() =>
    page(
      TEXTS,
      () => import('./edit/edit-pages.tsx'),
      (module) => module.EditFeedPage,
    ),
  ),
  createRoute({ getParentRoute: () => rootRoute, path: '/administration/feed-files/$id', staticData: { needs: 'users:import' } }).lazy(() =>
    page(
      TEXTS,
      () => import('./file-page.tsx'),
      (module) => module.FilePage,
    ),
  ),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/administration/feed-rejections/$run',
    staticData: { needs: 'users:import' },
    validateSearch: (given: Record<string, unknown>): { readonly reason?: string } =>
      typeof given['reason'] === 'string' && given['reason'] !== '' ? { reason: given['reason'] } : {},
  }).lazy(() =>
    page(
      TEXTS,
      () => import('./rejections-page.tsx'),
      (module) => module.RejectionsPage,
    ),
  ),
] as const;
