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
      ['users', 'filter'],
      () => import('./users-page.tsx'),
      (module) => module.UsersPage,
    ),
  ),
  createRoute({
    getParentRoute: () => rootRoute,
    // Beside /users and not below it: "new" may be somebody's primary id.
    path: '/new-user',
    staticData: { needs: 'users:write', area: '/users' },
  }).lazy(() =>
    page(
      'users',
      () => import('./new-user-page.tsx'),
      (module) => module.NewUserPage,
    ),
  ),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/users/$id',
    staticData: { needs: 'users:read' },
    validateSearch: userSearch,
  }).lazy(() =>
    page(
      'users',
      () => import('./user-page.tsx'),
      (module) => module.UserPage,
    ),
  ),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/users/$id/merge',
    staticData: { needs: 'users:write', area: '/users' },
    validateSearch: mergeSearch,
  }).lazy(() =>
    page(
      'merge',
      () => import('./user/merge/merge-page.tsx'),
      (module) => module.MergePage,
    ),
  ),
] as const;

/** Orders in which the server can list a million users. */
export const SORTS = ['name', 'primary_id', 'expiry_date', 'modified_at'] as const;
export type Sort = (typeof SORTS)[number];

export interface UsersSearch {
  /** Words that are searched for. */
  readonly text?: string;
  /** A filter in its text form. */
  readonly where?: string;
  readonly sort?: Sort;
  readonly desc?: true;
}

/** All of it is in the address, so a list can be sent on. */
function usersSearch(given: Record<string, unknown>): UsersSearch {
  const sort = SORTS.find((each) => each === given['sort']);
  const text = textOf(given['text']);
  const where = textOf(given['where']);
  return {
    ...(text === undefined ? {} : { text }),
    ...(where === undefined ? {} : { where }),
    ...(sort === undefined || sort === 'name' ? {} : { sort }),
    ...(given['desc'] === true ? { desc: true } : {}),
  };
}

/** The address reads `?text=4711` as a number. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

export const HISTORY_KINDS = ['all', 'runs', 'edits'] as const;
export type HistoryKind = (typeof HISTORY_KINDS)[number];

function userSearch(given: Record<string, unknown>): { readonly history?: HistoryKind } {
  const history = HISTORY_KINDS.find((each) => each === given['history']);
  return history === undefined || history === 'all' ? {} : { history };
}

export interface MergeSearch {
  /** The other record. */
  readonly other?: string;
  /** The other one is kept. */
  readonly swapped?: true;
}

function mergeSearch(given: Record<string, unknown>): MergeSearch {
  const other = textOf(given['other']);
  return { ...(other === undefined ? {} : { other }), ...(given['swapped'] === true ? { swapped: true } : {}) };
}
