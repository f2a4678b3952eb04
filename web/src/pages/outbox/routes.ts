import { createRoute } from '@tanstack/react-router';
import { rootRoute } from '../../app/root.tsx';
import { page } from '../../app/route.ts';

export const outboxRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/outbox',
    staticData: { needs: 'letters:read' },
  }).lazy(() =>
    page(
      'outbox',
      () => import('./outbox-page.tsx'),
      (module) => module.OutboxPage,
    ),
  ),
] as const;
