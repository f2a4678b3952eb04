import { createRouter } from '@tanstack/react-router';
import { basePath } from '../api/index.ts';
import { LoadingPage } from '../components/states.tsx';
import { administrationRoutes } from '../pages/administration/routes.ts';
import { jobsRoutes } from '../pages/jobs/routes.ts';
import { lettersRoutes } from '../pages/letters/routes.ts';
import { newJobRoutes } from '../pages/new-job/routes.ts';
import { outboxRoutes } from '../pages/outbox/routes.ts';
import { setsRoutes } from '../pages/sets/routes.ts';
import { startRoutes } from '../pages/start/routes.ts';
import { usersRoutes } from '../pages/users/routes.ts';
import { ProblemPage } from '../shell/problem-page.tsx';
import { rootRoute } from './root.tsx';

const routeTree = rootRoute.addChildren([
  ...startRoutes,
  ...usersRoutes,
  ...setsRoutes,
  ...newJobRoutes,
  ...jobsRoutes,
  ...lettersRoutes,
  ...outboxRoutes,
  ...administrationRoutes,
]);

export const router = createRouter({
  routeTree,
  basepath: basePath() === '' ? '/' : basePath(),
  defaultPreload: 'intent',
  // Answers live in the queries; the router keeps none.
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  defaultPendingComponent: LoadingPage,
  defaultErrorComponent: ProblemPage,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
