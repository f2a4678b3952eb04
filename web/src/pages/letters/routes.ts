import { createRoute } from '@tanstack/react-router';
import { rootRoute } from '../../app/root.tsx';
import { page } from '../../app/route.ts';

export const lettersRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/letters',
    staticData: { needs: 'letters:read' },
  }).lazy(() =>
    page(
      'letters',
      () => import('./letters-page.tsx'),
      (module) => module.LettersPage,
    ),
  ),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/letters/$type',
    staticData: { needs: 'letters:read' },
  }).lazy(() =>
    page(
      'letters',
      () => import('./letter-page.tsx'),
      (module) => module.LetterPage,
    ),
  ),
] as const;
