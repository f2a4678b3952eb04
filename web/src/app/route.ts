import { createLazyRoute } from '@tanstack/react-router';
import type { FunctionComponent } from 'react';
import type { Privilege } from '../api/index.ts';
import { loadTexts } from '../lib/language.ts';

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** What one needs to see the page; without it NoPermission is drawn, and nothing asked of the server. */
    readonly needs?: Privilege;
    /** Part of the navigation that is lit: the address of its first page. */
    readonly area?: string;
  }
}

/**
 * A page's code and its words, loaded together when somebody goes there:
 *
 *     createRoute({ …, path: '/users' }).lazy(() => page('users', () => import('./users-page.tsx'), (m) => m.UsersPage))
 */
export async function page<M>(texts: string | readonly string[], load: () => Promise<M>, pick: (module: M) => FunctionComponent) {
  const [module] = await Promise.all([load(), loadTexts(...[texts].flat())]);
  // The router takes from it only what is drawn; the place in the tree is the route's own.
  return createLazyRoute('/' as never)({ component: pick(module) });
}
