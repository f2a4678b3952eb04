import { createRoute } from '@tanstack/react-router';
import { rootRoute } from '../../app/root.tsx';
import { page } from '../../app/route.ts';

export const usersRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/users',
    staticData: { needs: 'users:read' },
    validateSearch: usersSearch,
  }).lazy(() =>
    page(
      'users',
      () => import('./users-page.tsx'),
      (module) => module.UsersPage,
    ),
  ),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/users/$id',
    staticData: { needs: 'users:read' },
  }).lazy(() =>
    page(
      'users',
      () => import('./user-page.tsx'),
      (module) => module.UserPage,
    ),
  ),
] as const;

/** `text` is searched for, `where` is a filter in its text form: both are the address, so a list can be sent on. */
function usersSearch(given: Record<string, unknown>): { readonly text?: string; readonly where?: string } {
  return {
    ...(typeof given['text'] === 'string' ? { text: given['text'] } : {}),
    ...(typeof given['where'] === 'string' ? { where: given['where'] } : {}),
  };
}
