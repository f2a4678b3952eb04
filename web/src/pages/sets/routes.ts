import { createRoute } from '@tanstack/react-router';
import { rootRoute } from '../../app/root.tsx';
import { page } from '../../app/route.ts';

export const setsRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/sets',
    staticData: { needs: 'sets:read' },
  }).lazy(() =>
    page(
      'sets',
      () => import('./sets-page.tsx'),
      (module) => module.SetsPage,
    ),
  ),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/sets/new',
    staticData: { needs: 'sets:write' },
    validateSearch: newSetSearch,
  }).lazy(() =>
    page(
      'sets',
      () => import('./new-set-page.tsx'),
      (module) => module.NewSetPage,
    ),
  ),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/sets/combine',
    staticData: { needs: 'sets:write' },
  }).lazy(() =>
    page(
      'sets',
      () => import('./combine-page.tsx'),
      (module) => module.CombinePage,
    ),
  ),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/sets/$id',
    staticData: { needs: 'sets:read' },
  }).lazy(() =>
    page(
      'sets',
      () => import('./set-page.tsx'),
      (module) => module.SetPage,
    ),
  ),
] as const;

/** `where`: the filter to begin with. `from`: how it is made. */
function newSetSearch(given: Record<string, unknown>): { readonly where?: string; readonly from?: 'filter' | 'file' } {
  return {
    ...(typeof given['where'] === 'string' ? { where: given['where'] } : {}),
    ...(given['from'] === 'file' || given['from'] === 'filter' ? { from: given['from'] } : {}),
  };
}
