import { createRoute } from '@tanstack/react-router';
import { rootRoute } from '../../app/root.tsx';
import { page } from '../../app/route.ts';

export const administrationRoutes = [
  createRoute({ getParentRoute: () => rootRoute, path: '/administration', staticData: {} }).lazy(() =>
    page(
      'administration',
      () => import('./administration-page.tsx'),
      (module) => module.AdministrationPage,
    ),
  ),
  createRoute({ getParentRoute: () => rootRoute, path: '/administration/roles', staticData: { needs: 'access:read' } }).lazy(() =>
    page(
      ['administration', 'admin-access'],
      () => import('./roles/roles-page.tsx'),
      (module) => module.RolesPage,
    ),
  ),
  createRoute({ getParentRoute: () => rootRoute, path: '/administration/profiles', staticData: { needs: 'access:read' } }).lazy(() =>
    page(
      ['administration', 'admin-access'],
      () => import('./profiles/profiles-page.tsx'),
      (module) => module.ProfilesPage,
    ),
  ),
  createRoute({ getParentRoute: () => rootRoute, path: '/administration/rules', staticData: { needs: 'access:read' } }).lazy(() =>
    page(
      ['administration', 'admin-access'],
      () => import('./rules/rules-page.tsx'),
      (module) => module.RulesPage,
    ),
  ),
  createRoute({ getParentRoute: () => rootRoute, path: '/administration/keys', staticData: { needs: 'access:keys' } }).lazy(() =>
    page(
      ['administration', 'admin-access'],
      () => import('./keys/keys-page.tsx'),
      (module) => module.KeysPage,
    ),
  ),
  createRoute({ getParentRoute: () => rootRoute, path: '/administration/providers', staticData: { needs: 'access:read' } }).lazy(() =>
    page(
      ['administration', 'admin-access'],
      () => import('./providers/providers-page.tsx'),
      (module) => module.ProvidersPage,
    ),
  ),
  createRoute({ getParentRoute: () => rootRoute, path: '/administration/sessions', staticData: { needs: 'access:read' } }).lazy(() =>
    page(
      ['administration', 'admin-access'],
      () => import('./sessions/sessions-page.tsx'),
      (module) => module.SessionsPage,
    ),
  ),
  createRoute({ getParentRoute: () => rootRoute, path: '/administration/library', staticData: { needs: 'settings:read' } }).lazy(() =>
    page(
      ['administration', 'admin-library'],
      () => import('./library/library-page.tsx'),
      (module) => module.LibraryPage,
    ),
  ),
  createRoute({ getParentRoute: () => rootRoute, path: '/administration/code-tables', staticData: { needs: 'settings:read' } }).lazy(() =>
    page(
      ['administration', 'admin-library'],
      () => import('./code-tables/code-tables-page.tsx'),
      (module) => module.CodeTablesPage,
    ),
  ),
  createRoute({ getParentRoute: () => rootRoute, path: '/administration/channels', staticData: { needs: 'settings:read' } }).lazy(() =>
    page(
      ['administration', 'admin-library'],
      () => import('./channels/channels-page.tsx'),
      (module) => module.ChannelsPage,
    ),
  ),
  createRoute({ getParentRoute: () => rootRoute, path: '/administration/letter-frame', staticData: { needs: 'settings:read' } }).lazy(() =>
    page(
      ['administration', 'admin-library'],
      () => import('./letter-frame/letter-frame-page.tsx'),
      (module) => module.LetterFramePage,
    ),
  ),
  createRoute({ getParentRoute: () => rootRoute, path: '/administration/import', staticData: { needs: 'users:import' } }).lazy(() =>
    page(
      ['administration', 'admin-system'],
      () => import('./import/import-page.tsx'),
      (module) => module.ImportPage,
    ),
  ),
  createRoute({ getParentRoute: () => rootRoute, path: '/administration/webhooks', staticData: { needs: 'settings:read' } }).lazy(() =>
    page(
      ['administration', 'admin-system'],
      () => import('./webhooks/webhooks-page.tsx'),
      (module) => module.WebhooksPage,
    ),
  ),
  createRoute({ getParentRoute: () => rootRoute, path: '/administration/audit', staticData: { needs: 'audit:read' } }).lazy(() =>
    page(
      ['administration', 'admin-system'],
      () => import('./audit/audit-page.tsx'),
      (module) => module.AuditPage,
    ),
  ),
  createRoute({ getParentRoute: () => rootRoute, path: '/administration/health', staticData: { needs: 'settings:read' } }).lazy(() =>
    page(
      ['administration', 'admin-system'],
      () => import('./health/health-page.tsx'),
      (module) => module.HealthPage,
    ),
  ),
] as const;
