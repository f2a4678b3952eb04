import { createRootRoute } from '@tanstack/react-router';
import { Shell } from '../shell/shell.tsx';
import { NotFoundPage, ProblemPage } from '../shell/problem-page.tsx';

/** Every page is a child of this one: `getParentRoute: () => rootRoute`. */
export const rootRoute = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage, errorComponent: ProblemPage });
